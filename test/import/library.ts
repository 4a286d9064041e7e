/** The models of the projects in `fixtures/import`: what a user writes who goes on from there. */
import { createHash } from 'node:crypto';
import {
  boolean,
  check,
  type ColumnBuilder,
  customType,
  enumeration,
  fn,
  index,
  integer,
  MetaData,
  type NamingConvention,
  numeric,
  sql,
  text,
  timestamp,
  unique,
  varchar,
} from 'aludel';
import type { NameParts } from '../../src/schema/naming.js';
import { HISTORY_TABLES, type ToolName } from '../../src/import/history-tables.js';

/** `next` adds a column and a table. */
export type LibraryStep = 'now' | 'next';

export interface Library {
  readonly tool: ToolName;
  readonly family: 'sqlite' | 'postgres' | 'mysql';
  /** How many migrations its history has. */
  readonly migrations: number;
  build(step: LibraryStep): MetaData;
}

/** By tool: SQL that forgets the last migration, which leaves its file pending. */
const FORGET_LAST: Readonly<Record<ToolName, string>> = {
  alembic: `UPDATE alembic_version SET version_num = '71b080fac4de'`,
  dbmate: `DELETE FROM schema_migrations WHERE version IN ('20261121112502', '20261121112506')`,
  drizzle: 'DELETE FROM drizzle.__drizzle_migrations WHERE id = 3',
  flyway: `DELETE FROM flyway_schema_history WHERE version = '2'`,
  knex: `DELETE FROM knex_migrations WHERE name LIKE '%index_books.js'`,
  kysely: `DELETE FROM kysely_migration WHERE name LIKE '%index_books'`,
  'node-pg-migrate': `DELETE FROM pgmigrations WHERE name LIKE '%index-books'`,
  prisma: `DELETE FROM _prisma_migrations WHERE migration_name LIKE '%index_books'`,
  typeorm: `DELETE FROM migrations WHERE name LIKE 'IndexBooks%'`,
};

export function forgetLast({ tool, family }: Library): string {
  if (tool !== 'drizzle') return FORGET_LAST[tool];
  // Its table on SQLite has ids without values.
  return family === 'postgres'
    ? FORGET_LAST.drizzle
    : 'DELETE FROM __drizzle_migrations WHERE created_at = (SELECT max(created_at) FROM __drizzle_migrations)';
}

/** True for a statement of a dump that is about a tool's own table or schema. */
export function historyDump(tool: ToolName, statement: string): boolean {
  if (tool === 'drizzle' && /\bSCHEMA drizzle\b/u.test(statement)) return true;
  return HISTORY_TABLES[tool].some(({ name }) => new RegExp(`\\b${name}(_id_seq|_index_seq)?\\b`, 'u').test(statement));
}

const instant = () => timestamp({ withTimezone: true });
const serial = () => integer().primaryKey().serial();
const autoincrement = () => integer().primaryKey().autoincrement();
const genre = (name: string) => enumeration(name, ['novel', 'essay']).notNull().serverDefault('novel');

/** The names that PostgreSQL gives to what has none. */
const POSTGRES_NAMES: Partial<NamingConvention> = {
  primaryKey: '{table}_pkey',
  unique: '{table}_{columns}_key',
  foreignKey: '{table}_{columns}_fkey',
  check: '{table}_{name}_check',
  index: '{table}_{columns}_index',
};

/** TypeORM's DefaultNamingStrategy: a hash of the table and its columns. */
const hashed =
  (prefix: string, length: number) =>
  ({ table, columns }: NameParts): string =>
    prefix +
    createHash('sha1')
      .update([table, ...columns.toSorted()].join('_'))
      .digest('hex')
      .slice(0, length);

const TYPEORM_NAMES: Partial<NamingConvention> = {
  primaryKey: hashed('PK_', 27),
  unique: hashed('UQ_', 27),
  foreignKey: hashed('FK_', 27),
  index: hashed('IDX_', 26),
};

// Columns of any type.
// oxlint-disable-next-line typescript/no-explicit-any
type Column = ColumnBuilder<any, boolean, boolean, boolean>;
type Build = Library['build'];
type Instant = ColumnBuilder<Date, boolean, boolean>;

/** What the next revision brings: a column and a table. */
const nextColumns = (step: LibraryStep) => (step === 'next' ? { subtitle: varchar(200) } : {});

function addNextTable(metadata: MetaData, step: LibraryStep): MetaData {
  if (step === 'next') metadata.table('shelves', { id: integer().primaryKey(), label: varchar(50).notNull() });
  return metadata;
}

const currentTimestamp = () => sql<Date>`CURRENT_TIMESTAMP`;
const instantNow = (): Instant => instant().notNull().serverDefault(fn.now());
const instantCurrent = (): Instant => instant().notNull().serverDefault(currentTimestamp());

const timestampCurrent = (): Instant => customType<Date>('timestamp').notNull().serverDefault(currentTimestamp());

interface Parts {
  readonly createdAt?: () => Instant;
  readonly id?: () => Column;
  readonly reference?: () => ReturnType<typeof customType<number>>;
  readonly inPrint?: () => Column;
  /** The name of the enum. */
  readonly genre?: string;
  readonly isUniqueIndex?: boolean;
  readonly onUpdate?: 'cascade';
  /** The names of checks. */
  readonly price?: string;
  readonly pages?: string;
}

/** The library on PostgreSQL and MySQL: the tools differ in names and in what they have no way to say. */
function library(names: Partial<NamingConvention>, parts: Parts = {}): Build {
  const { id = serial, createdAt = instantNow, isUniqueIndex = false, onUpdate = 'no action' } = parts;
  const { reference = integer, inPrint = () => boolean().notNull().serverDefault(true) } = parts;
  return (step) => {
    const metadata = new MetaData({ namingConvention: { ...POSTGRES_NAMES, ...names } });
    const email = varchar(255).notNull();
    metadata.table(
      'authors',
      { id: id(), name: varchar(100).notNull(), email: isUniqueIndex ? email : email.unique(), createdAt: createdAt() },
      (c) => (isUniqueIndex ? [index(c.email).unique().name('authors_email_key')] : []),
    );
    metadata.table(
      'books',
      {
        id: id(),
        authorId: reference().notNull().references('authors.id', { onDelete: 'cascade', onUpdate }),
        title: varchar(255).notNull(),
        ...(parts.genre === undefined ? {} : { genre: genre(parts.genre) }),
        price: numeric(8, 2),
        inPrint: inPrint(),
        notes: text(),
        pages: integer(),
        ...nextColumns(step),
      },
      (c) => [
        index(c.authorId, c.title),
        ...(parts.price === undefined ? [] : [check(parts.price, sql`price >= 0`)]),
        ...(parts.pages === undefined ? [] : [check(parts.pages, sql`pages > 0`)]),
      ],
    );
    return addNextTable(metadata, step);
  };
}

interface SqliteParts {
  readonly id?: () => Column;
  /** The type of names and titles. Default: varchar of their length. */
  readonly text?: () => ReturnType<typeof text>;
  readonly createdAt?: () => Column;
  readonly priceType?: () => Column;
  readonly inPrint?: () => Column;
  readonly index?: string;
  /** The name of a unique index; without one a constraint. */
  readonly uniqueIndex?: string;
  /** The name of a check; null for a check without one. */
  readonly price?: string | null;
}

/** The library on SQLite: constraints without names, and types as each tool writes them. */
function sqliteLibrary(parts: SqliteParts): Build {
  const { uniqueIndex, price } = parts;
  const words = (length: number) => (parts.text ?? (() => varchar(length)))().notNull();
  return (step) => {
    const metadata = new MetaData({ namesAreFinal: true });
    const id = parts.id ?? autoincrement;
    metadata.table(
      'authors',
      {
        id: id(),
        name: words(100),
        email: words(255),
        createdAt: (
          parts.createdAt ??
          (() =>
            customType('datetime')
              .notNull()
              .serverDefault(sql`CURRENT_TIMESTAMP`))
        )(),
      },
      (c) => [uniqueIndex === undefined ? unique([c.email]) : index(c.email).unique().name(uniqueIndex)],
    );
    metadata.table(
      'books',
      {
        id: id(),
        authorId: integer().notNull().references('authors.id', { onDelete: 'cascade' }),
        title: words(255),
        price: (parts.priceType ?? (() => numeric(8, 2)))(),
        inPrint: (parts.inPrint ?? (() => boolean().notNull().serverDefault(true)))(),
        notes: text(),
        pages: integer(),
        ...nextColumns(step),
      },
      (c) => [
        index(c.authorId, c.title).name(parts.index ?? 'books_author_id_title_index'),
        ...(price === undefined ? [] : [check(price ?? '', sql`price >= 0`)]),
      ],
    );
    return addNextTable(metadata, step);
  };
}

export const LIBRARIES: readonly Library[] = [
  {
    tool: 'alembic',
    family: 'postgres',
    migrations: 3,
    build: library({ index: 'ix_{table}_{columns}', check: 'ck_{table}_{name}' }, { price: 'price' }),
  },
  {
    tool: 'dbmate',
    family: 'postgres',
    migrations: 3,
    build: library({ index: '{table}_{columns}_index' }, { price: 'price', createdAt: instantCurrent }),
  },
  {
    tool: 'drizzle',
    family: 'postgres',
    migrations: 3,
    build: library(
      { unique: '{table}_{columns}_unique', foreignKey: '{table}_{columns}_{referredTable}_id_fk' },
      { genre: 'genre', pages: 'pages' },
    ),
  },
  {
    tool: 'flyway',
    family: 'postgres',
    migrations: 4,
    build: library(
      {
        unique: 'uq_{table}_{columns}',
        foreignKey: 'fk_{table}_{columns}_{referredTable}',
        index: 'ix_{table}_{columns}',
        check: 'ck_{table}_{name}',
      },
      { price: 'price', createdAt: instantCurrent },
    ),
  },
  {
    tool: 'knex',
    family: 'postgres',
    migrations: 3,
    build: library(
      { unique: '{table}_{columns}_unique', foreignKey: '{table}_{columns}_foreign' },
      { createdAt: instantCurrent },
    ),
  },
  {
    tool: 'kysely',
    family: 'postgres',
    migrations: 3,
    build: library(
      {},
      { price: 'price', createdAt: instantCurrent, id: () => integer().primaryKey().identity({ always: true }) },
    ),
  },
  {
    tool: 'node-pg-migrate',
    family: 'postgres',
    migrations: 3,
    build: library({ check: '{table}_{name}' }, { genre: 'genre', price: 'chck', createdAt: instantCurrent }),
  },
  {
    tool: 'prisma',
    family: 'postgres',
    migrations: 3,
    build: library(
      { index: '{table}_{columns}_idx' },
      {
        genre: 'Genre',
        isUniqueIndex: true,
        onUpdate: 'cascade',
        createdAt: () => timestamp({ precision: 3 }).notNull().serverDefault(currentTimestamp()),
      },
    ),
  },
  {
    tool: 'typeorm',
    family: 'postgres',
    migrations: 3,
    build: library(TYPEORM_NAMES, { genre: 'books_genre_enum' }),
  },
  {
    tool: 'alembic',
    family: 'sqlite',
    migrations: 3,
    build: sqliteLibrary({
      id: () => integer().primaryKey(),
      createdAt: () =>
        customType('DATETIME')
          .notNull()
          .serverDefault(sql`(CURRENT_TIMESTAMP)`),
      inPrint: () =>
        boolean()
          .notNull()
          .serverDefault(sql<boolean>`(1)`),
      index: 'ix_books_author_id_title',
      price: 'ck_books_price',
    }),
  },
  {
    tool: 'dbmate',
    family: 'sqlite',
    migrations: 3,
    build: sqliteLibrary({
      price: null,
      inPrint: () =>
        boolean()
          .notNull()
          .serverDefault(sql<boolean>`true`),
    }),
  },
  {
    tool: 'drizzle',
    family: 'sqlite',
    migrations: 3,
    build: sqliteLibrary({
      text,
      createdAt: () =>
        text()
          .notNull()
          .serverDefault(sql<string>`CURRENT_TIMESTAMP`),
      priceType: () => numeric(),
      inPrint: () =>
        integer()
          .notNull()
          .serverDefault(sql<number>`true`),
      uniqueIndex: 'authors_email_unique',
    }),
  },
  {
    tool: 'knex',
    family: 'sqlite',
    migrations: 3,
    build: sqliteLibrary({
      priceType: () => customType('float'),
      inPrint: () =>
        boolean()
          .notNull()
          .serverDefault(sql<boolean>`'1'`),
      uniqueIndex: 'authors_email_unique',
    }),
  },
  {
    tool: 'kysely',
    family: 'sqlite',
    migrations: 3,
    build: sqliteLibrary({
      createdAt: () =>
        text()
          .notNull()
          .serverDefault(sql<string>`CURRENT_TIMESTAMP`),
      inPrint: () =>
        boolean()
          .notNull()
          .serverDefault(sql<boolean>`1`),
      price: 'books_price_check',
    }),
  },
  {
    tool: 'flyway',
    family: 'mysql',
    migrations: 4,
    build: library(
      {
        unique: 'uq_{table}_{columns}',
        foreignKey: 'fk_{table}_{columns}_{referredTable}',
        index: 'ix_{table}_{columns}',
        check: 'ck_{table}_{name}',
      },
      { id: autoincrement, price: 'price', createdAt: timestampCurrent },
    ),
  },
  {
    tool: 'knex',
    family: 'mysql',
    migrations: 3,
    build: library(
      { unique: '{table}_{columns}_unique', foreignKey: '{table}_{columns}_foreign' },
      {
        id: () => customType<number>('int unsigned').primaryKey().autoincrement(),
        reference: () => customType<number>('int unsigned'),
        createdAt: timestampCurrent,
      },
    ),
  },
  {
    tool: 'typeorm',
    family: 'mysql',
    migrations: 3,
    build: library(
      { ...TYPEORM_NAMES, unique: hashed('IDX_', 26) },
      {
        id: autoincrement,
        genre: 'books_genre_enum',
        createdAt: timestampCurrent,
        inPrint: () =>
          customType('tinyint')
            .notNull()
            .serverDefault(sql`'1'`),
      },
    ),
  },
];

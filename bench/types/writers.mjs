/** Models of 16 columns with a relation to the next one and a typed query each, as every library writes them. */

/** @param {(i: number, next: number) => string} write */
const each = (write) => (/** @type {number} */ count) =>
  Array.from({ length: count }, (_, i) => write(i, (i + 1) % count)).join('\n');

/** What a library without types of its own would have: the least that TypeScript can do. */
const plain = each(
  (i, next) => `
export interface M${i} {
  id: number; nextId: number | null; name: string; title: string; body: string | null; state: 'open' | 'closed' | 'lost';
  price: string; ratio: number | null; active: boolean; settings: { theme: string } | null; token: string;
  priority: number; count: number; note: string | null; createdAt: Date; updatedAt: Date | null; next?: M${next};
}
export const q${i} = async (run: <T>(sql: string) => Promise<T[]>): Promise<[number, string][]> =>
  (await run<M${i}>('SELECT * FROM m${i}')).map((row) => [row.id, row.next?.title ?? row.title]);`,
);

const aludel = each(
  (i, next) => `
export class M${i} extends Base.table('m${i}', {
  id: integer().primaryKey(),
  nextId: integer().references('m${next}.id').index(),
  name: varchar(50).notNull().unique(),
  title: varchar(255).notNull(),
  body: text(),
  state: enumeration('state', ['open', 'closed', 'lost']).notNull().default('open'),
  price: numeric(12, 2).notNull(),
  ratio: double(),
  active: boolean().notNull().serverDefault(true),
  settings: json<{ theme: string }>(),
  token: uuid().notNull(),
  priority: integer().notNull().default(3),
  count: integer().notNull().serverDefault(0),
  note: varchar(100),
  createdAt: timestamp({ withTimezone: true }).notNull().serverDefault(fn.now()),
  updatedAt: timestamp({ withTimezone: true }),
}, {
  get next() { return maybeOne(M${next}, { fk: () => M${i}.c.nextId }); },
}) {}
export const q${i} = async (session: Session): Promise<[number, string][]> =>
  (await session.all(select(M${i}).where(M${i}.c.active.eq(true)).orderBy(M${i}.c.createdAt))).map((row) => [
    row.id,
    row.next.value?.title ?? row.title,
  ]);`,
);

const drizzle = each(
  (i, next) => `
export const m${i} = pgTable('m${i}', {
  id: integer('id').primaryKey().generatedByDefaultAsIdentity(),
  nextId: integer('next_id'),
  name: varchar('name', { length: 50 }).notNull().unique(),
  title: varchar('title', { length: 255 }).notNull(),
  body: text('body'),
  state: state('state').notNull().default('open'),
  price: numeric('price', { precision: 12, scale: 2 }).notNull(),
  ratio: doublePrecision('ratio'),
  active: boolean('active').notNull().default(true),
  settings: json('settings').$type<{ theme: string }>(),
  token: uuid('token').notNull(),
  priority: integer('priority').notNull().default(3),
  count: integer('count').notNull().default(0),
  note: varchar('note', { length: 100 }),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  updatedAt: timestamp('updated_at', { withTimezone: true }),
});
export const m${i}Relations = relations(m${i}, ({ one }) => ({
  next: one(m${next}, { fields: [m${i}.nextId], references: [m${next}.id] }),
}));
export const q${i} = async (): Promise<[number, string][]> =>
  (await db.query.m${i}.findMany({ where: eq(m${i}.active, true), orderBy: m${i}.createdAt, with: { next: true } })).map(
    (row) => [row.id, row.next?.title ?? row.title],
  );`,
);

const kysely = each(
  (i, next) => `
export interface M${i} {
  id: Generated<number>; next_id: number | null; name: string; title: string; body: string | null;
  state: Generated<'open' | 'closed' | 'lost'>; price: string; ratio: number | null; active: Generated<boolean>;
  settings: JSONColumnType<{ theme: string }> | null; token: string; priority: Generated<number>; count: Generated<number>;
  note: string | null; created_at: Generated<Date>; updated_at: Date | null;
}
export const q${i} = async (): Promise<[number, string][]> =>
  (
    await db
      .selectFrom('m${i}')
      .leftJoin('m${next} as next', 'next.id', 'm${i}.next_id')
      .select(['m${i}.id', 'm${i}.title', 'next.title as next_title'])
      .where('m${i}.active', '=', true)
      .orderBy('m${i}.created_at')
      .execute()
  ).map((row) => [row.id, row.next_title ?? row.title]);`,
);

const mikro = each(
  (i, next) => `
export class M${i} {
  [OptionalProps]?: 'state' | 'active' | 'priority' | 'count' | 'createdAt';
  id!: number; next?: Ref<M${next}> | null; name!: string; title!: string; body?: string | null;
  state!: 'open' | 'closed' | 'lost'; price!: string; ratio?: number | null; active!: boolean;
  settings?: { theme: string } | null; token!: string; priority!: number; count!: number; note?: string | null;
  createdAt!: Date; updatedAt?: Date | null;
}
export const s${i} = new EntitySchema<M${i}>({
  class: M${i},
  properties: {
    id: { type: 'integer', primary: true },
    next: { kind: 'm:1', entity: () => M${next}, ref: true, nullable: true },
    name: { type: 'string', length: 50, unique: true },
    title: { type: 'string' },
    body: { type: 'text', nullable: true },
    state: { enum: true, items: ['open', 'closed', 'lost'], default: 'open' },
    price: { type: 'decimal', precision: 12, scale: 2 },
    ratio: { type: 'double', nullable: true },
    active: { type: 'boolean', default: true },
    settings: { type: 'json', nullable: true },
    token: { type: 'uuid' },
    priority: { type: 'integer', default: 3 },
    count: { type: 'integer', default: 0 },
    note: { type: 'string', length: 100, nullable: true },
    createdAt: { type: 'datetime', defaultRaw: 'now()' },
    updatedAt: { type: 'datetime', nullable: true },
  },
});
export const q${i} = async (em: EntityManager): Promise<[number, string][]> =>
  (await em.find(M${i}, { active: true }, { orderBy: { createdAt: 'asc' }, populate: ['next'] })).map((row) => [
    row.id,
    row.next?.$.title ?? row.title,
  ]);`,
);

const typeorm = each(
  (i, next) => `
@Entity()
export class M${i} {
  @PrimaryGeneratedColumn() id: number;
  @ManyToOne(() => M${next}) next: Relation<M${next}> | null;
  @Column('varchar', { length: 50, unique: true }) name: string;
  @Column('varchar') title: string;
  @Column('text', { nullable: true }) body: string | null;
  @Column('enum', { enum: ['open', 'closed', 'lost'], default: 'open' }) state: 'open' | 'closed' | 'lost';
  @Column('numeric', { precision: 12, scale: 2 }) price: string;
  @Column('double precision', { nullable: true }) ratio: number | null;
  @Column('boolean', { default: true }) active: boolean;
  @Column('json', { nullable: true }) settings: { theme: string } | null;
  @Column('uuid') token: string;
  @Column('integer', { default: 3 }) priority: number;
  @Column('integer', { default: 0 }) count: number;
  @Column('varchar', { length: 100, nullable: true }) note: string | null;
  @CreateDateColumn() createdAt: Date;
  @UpdateDateColumn() updatedAt: Date | null;
}
export const q${i} = async (source: DataSource): Promise<[number, string][]> =>
  (
    await source.getRepository(M${i}).find({ where: { active: true }, order: { createdAt: 'ASC' }, relations: { next: true } })
  ).map((row) => [row.id, row.next?.title ?? row.title]);`,
);

/** @type {readonly { name: string, package?: string, isPeer: boolean, write(count: number): string }[]} */
export const WRITERS = [
  { name: 'plain interfaces', isPeer: false, write: plain },
  {
    name: 'aludel',
    isPeer: false,
    write: (
      count,
    ) => `import { boolean, declarativeBase, double, enumeration, fn, integer, json, maybeOne, numeric, select, text, timestamp, uuid, varchar, type Session } from 'aludel';
const Base = declarativeBase();
${aludel(count)}`,
  },
  {
    name: 'Drizzle',
    package: 'drizzle-orm',
    isPeer: true,
    write: (count) => {
      const names = Array.from({ length: count }, (_, i) => `m${i}, m${i}Relations`).join(', ');
      return `import { eq, relations } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { boolean, doublePrecision, integer, json, numeric, pgEnum, pgTable, text, timestamp, uuid, varchar } from 'drizzle-orm/pg-core';
const state = pgEnum('state', ['open', 'closed', 'lost']);
${drizzle(count)}
const db = drizzle('postgres://localhost', { schema: { ${names} } });
`;
    },
  },
  {
    name: 'Kysely',
    package: 'kysely',
    isPeer: true,
    write: (count) => `import type { Generated, JSONColumnType, Kysely } from 'kysely';
interface Database {
${Array.from({ length: count }, (_, i) => `  m${i}: M${i};`).join('\n')}
}
declare const db: Kysely<Database>;
${kysely(count)}`,
  },
  {
    name: 'MikroORM',
    package: '@mikro-orm/core',
    isPeer: true,
    write: (count) => `import { EntitySchema, OptionalProps, type Ref } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
${mikro(count)}`,
  },
  {
    name: 'TypeORM',
    package: 'typeorm',
    isPeer: true,
    write: (
      count,
    ) => `import { Column, CreateDateColumn, DataSource, Entity, ManyToOne, PrimaryGeneratedColumn, type Relation, UpdateDateColumn } from 'typeorm';
${typeorm(count)}`,
  },
];

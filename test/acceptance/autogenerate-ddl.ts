/** The database of a case, in plain SQL that Aludel had no part in. */
import {
  type AutogenerateCase,
  type CaseColumn,
  type CaseDialect,
  type CaseForeignKey,
  type CaseIdentity,
  type CaseIndex,
  type CaseTable,
  indexParts,
  readEnum,
  readMap,
} from './autogenerate-cases.js';

export function ddlOf(one: AutogenerateCase): string {
  const { dialect, db, model } = one;
  const sql = new CaseSql(dialect);
  const isPostgres = dialect === 'postgresql';
  const schemas = new Set([...db, ...model].flatMap(({ schema }) => schema ?? []));
  return [
    ...(isPostgres ? [...schemas].filter((name) => name !== 'public') : []).map(
      (name) => `CREATE SCHEMA ${sql.quote(name)}`,
    ),
    ...(isPostgres ? enumsOf(db, model) : []),
    ...db.flatMap((table) => [...sequencesOf(table), sql.table(table)]),
    ...db.flatMap((table) => indexesOf(table).map((index) => sql.index(index, table))),
    ...(dialect === 'sqlite' ? [] : db.flatMap((table) => sql.addForeignKeys(table))),
    ...(isPostgres ? db.flatMap((table) => sql.comments(table)) : []),
  ]
    .map((statement) => `${statement};`)
    .join('\n');
}

/** The indexes of the model as SQL: what the server refuses of them, no tool can write into a revision. */
export function modelIndexDdl({ dialect, model }: AutogenerateCase): string[] {
  const sql = new CaseSql(dialect);
  return model.flatMap((table) => (table.indexes ?? []).map((index) => sql.index(index, table)));
}

/** The types of the database's columns that the models know as enums. */
function enumsOf(db: readonly CaseTable[], model: readonly CaseTable[]): string[] {
  const used = new Set(db.flatMap(({ columns }) => columns.map(({ type }) => type)));
  const declared = model.flatMap(({ columns }) => columns.flatMap(({ modelType }) => readEnum(modelType) ?? []));
  const found = new Map(declared.filter(({ name }) => used.has(name)).map((type) => [type.name, type.values]));
  return [...found].map(([name, values]) => `CREATE TYPE "${name}" AS ENUM (${values.map(literal).join(', ')})`);
}

/** The sequences that defaults name and that no serial column would bring. */
function sequencesOf(table: CaseTable): string[] {
  return table.columns.flatMap((column) => {
    const name = sequenceOf(column);
    return name === null || isSerial(column, table) ? [] : [`CREATE SEQUENCE IF NOT EXISTS ${name}`];
  });
}

function sequenceOf({ default: text = '' }: CaseColumn): string | null {
  return /^nextval\('(.+)'(?:::regclass)?\)$/.exec(text)?.[1] ?? null;
}

/** A serial column takes no NULL. */
function isSerial(column: CaseColumn, table: CaseTable): boolean {
  if (column.nullable) return false;
  const name = sequenceOf(column)?.replaceAll('"', '');
  const schema = table.schema == null ? '' : `${table.schema}.`;
  return name === `${table.name}_${column.name}_seq` || name === `${schema}${table.name}_${column.name}_seq`;
}

/** What constraints bring along is left out. */
function indexesOf({ indexes = [], unique = [] }: CaseTable): CaseIndex[] {
  const uniques = unique.map(({ name }) => name);
  return indexes.filter((index) => index.duplicatesConstraint === undefined && !uniques.includes(index.name));
}

class CaseSql {
  readonly #dialect: CaseDialect;

  constructor(dialect: CaseDialect) {
    this.#dialect = dialect;
  }

  quote(name: string): string {
    return this.#dialect === 'mariadb' ? `\`${name}\`` : `"${name}"`;
  }

  table(table: CaseTable): string {
    const key = table.primaryKey;
    const lines = [
      ...table.columns.map((column) => this.#column(column, table)),
      ...(key === undefined || key.columns.length === 0
        ? []
        : [`${this.#named(key.name)}PRIMARY KEY (${this.#list(key.columns)})`]),
      ...(table.unique ?? []).map(({ name, columns, options, deferrable, initially }) => {
        const nulls = options?.postgresql_nulls_not_distinct === true ? ' NULLS NOT DISTINCT' : '';
        const unique = `${this.#named(name)}UNIQUE${nulls} (${this.#list(columns)})`;
        return [unique, ...deferralWords(deferrable, initially)].join(' ');
      }),
      ...(table.checks ?? []).map(({ name, sql }) => `${this.#named(name)}CHECK (${sql})`),
      ...(this.#dialect === 'sqlite' ? (table.foreignKeys ?? []).map((one) => this.#foreignKey(table, one)) : []),
    ];
    const comment =
      this.#dialect === 'mariadb' && table.comment !== undefined ? ` COMMENT=${literal(table.comment)}` : '';
    return `CREATE TABLE ${this.#name(table)} (\n  ${lines.join(',\n  ')}\n)${comment}`;
  }

  index(index: CaseIndex, table: CaseTable): string {
    const lengths = index.mysql_length ?? {};
    const lengthOf = (column: string): string | undefined =>
      typeof lengths === 'object' ? readMap(lengths)[column] : String(lengths);
    const parts = indexParts(index, table).map(({ column, text, descending, nulls, opclass }) => {
      const length = this.#dialect === 'mariadb' && column !== null ? lengthOf(column) : undefined;
      return [
        column === null ? `(${text})` : `${this.quote(column)}${length === undefined ? '' : `(${length})`}`,
        ...(opclass === null ? [] : [opclass]),
        ...(descending ? ['DESC'] : []),
        ...(nulls === null ? [] : [`NULLS ${nulls}`]),
      ].join(' ');
    });
    const isPostgres = this.#dialect === 'postgresql';
    const where = isPostgres ? index.postgresql_where : this.#dialect === 'sqlite' ? index.sqlite_where : undefined;
    return [
      `CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX ${this.quote(index.name)} ON ${this.#name(table)}`,
      ...(isPostgres && index.postgresql_using !== undefined ? [`USING ${index.postgresql_using}`] : []),
      `(${parts.join(', ')})`,
      ...(isPostgres && index.postgresql_include?.length ? [`INCLUDE (${this.#list(index.postgresql_include)})`] : []),
      ...(index.options?.postgresql_nulls_not_distinct === true ? ['NULLS NOT DISTINCT'] : []),
      ...(where === undefined ? [] : [`WHERE ${where}`]),
    ].join(' ');
  }

  addForeignKeys(table: CaseTable): string[] {
    return (table.foreignKeys ?? []).map(
      (key) => `ALTER TABLE ${this.#name(table)} ADD ${this.#foreignKey(table, key)}`,
    );
  }

  /** PostgreSQL; MariaDB has them in its CREATE TABLE. */
  comments(table: CaseTable): string[] {
    const name = this.#name(table);
    return [
      ...(table.comment === undefined ? [] : [`COMMENT ON TABLE ${name} IS ${literal(table.comment)}`]),
      ...table.columns.flatMap((column) =>
        column.comment == null
          ? []
          : [`COMMENT ON COLUMN ${name}.${this.quote(column.name)} IS ${literal(column.comment)}`],
      ),
    ];
  }

  #column(column: CaseColumn, table: CaseTable): string {
    const { computed, identity } = column;
    const isMariadb = this.#dialect === 'mariadb';
    const serial = isSerial(column, table);
    const type = serial ? (/^BIG/i.test(column.type) ? 'bigserial' : 'serial') : column.type;
    return [
      this.quote(column.name),
      type,
      ...(computed === undefined
        ? []
        : [`GENERATED ALWAYS AS (${computed.sqltext}) ${computed.persisted === true ? 'STORED' : 'VIRTUAL'}`]),
      ...(identity === undefined ? [] : [identitySql(identity)]),
      ...(column.default === undefined || serial ? [] : [`DEFAULT ${this.#default(column.default)}`]),
      ...(column.nullable ? [] : ['NOT NULL']),
      ...(isMariadb && column.autoincrement === true ? ['AUTO_INCREMENT'] : []),
      ...(isMariadb && column.comment != null ? [`COMMENT ${literal(column.comment)}`] : []),
    ].join(' ');
  }

  /** SQLite wants brackets around what is no plain value. */
  #default(text: string): string {
    const isPlain = /^(?:-?[\d.]+|'(?:[^']|'')*'|NULL|CURRENT_\w+|\(.*\))$/is.test(text);
    return this.#dialect === 'sqlite' && !isPlain ? `(${text})` : text;
  }

  #foreignKey(table: CaseTable, key: CaseForeignKey): string {
    const { onupdate, ondelete, deferrable, initially } = { ...key, ...key.options };
    const target = this.#name({ name: key.refTable ?? '', schema: key.refSchema ?? table.schema ?? null });
    return [
      `${this.#named(key.name)}FOREIGN KEY (${this.#list(key.columns)})`,
      `REFERENCES ${target} (${this.#list(key.refColumns ?? [])})`,
      ...(ondelete === undefined ? [] : [`ON DELETE ${ondelete}`]),
      ...(onupdate === undefined ? [] : [`ON UPDATE ${onupdate}`]),
      ...deferralWords(deferrable, initially),
    ].join(' ');
  }

  #name({ name, schema }: Pick<CaseTable, 'name' | 'schema'>): string {
    return schema == null ? this.quote(name) : `${this.quote(schema)}.${this.quote(name)}`;
  }

  #named(name: string | null): string {
    return name === null ? '' : `CONSTRAINT ${this.quote(name)} `;
  }

  #list(names: readonly string[]): string {
    return names.map((name) => this.quote(name)).join(', ');
  }
}

function deferralWords(deferrable: boolean | undefined, initially: string | undefined): string[] {
  return [
    ...(deferrable === true ? ['DEFERRABLE'] : []),
    ...(initially === undefined ? [] : [`INITIALLY ${initially}`]),
  ];
}

function identitySql(identity: CaseIdentity): string {
  const words = { start: 'START', increment: 'INCREMENT', minvalue: 'MINVALUE', maxvalue: 'MAXVALUE', cache: 'CACHE' };
  const options = Object.entries(words).flatMap(([key, word]) =>
    identity[key] == null ? [] : [`${word} ${String(identity[key])}`],
  );
  const cycle = identity['cycle'] === true ? [' CYCLE'] : [];
  return `GENERATED ${identity['always'] === true ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY (${options.join(' ')}${cycle.join('')})`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

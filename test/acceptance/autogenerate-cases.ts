/** The form of `cases/autogenerate.json`, and how a case becomes a database and a schema of models. */
import { rawSql } from '../../src/schema/expressions/expression.js';
import type { Column, Index, Schema, Table } from '../../src/schema/table.js';

export interface AutogenerateFile {
  readonly cases: readonly AutogenerateCase[];
}

export interface AutogenerateCase {
  readonly id: string;
  readonly title: string;
  readonly dialect: 'sqlite' | 'postgresql' | 'mariadb';
  readonly options: { readonly includeSchemas?: boolean };
  readonly db: readonly CaseTable[];
  readonly model: readonly CaseTable[];
  readonly expected: readonly CaseOperation[];
  readonly maxIdentifierLength?: number;
}

export interface CaseTable {
  readonly name: string;
  readonly schema?: string | null;
  readonly columns: readonly CaseColumn[];
  readonly primaryKey?: { readonly name: string | null; readonly columns: readonly string[] };
  readonly indexes?: readonly CaseIndex[];
  readonly unique?: readonly CaseUnique[];
  readonly foreignKeys?: readonly CaseForeignKey[];
  readonly checks?: readonly { readonly name: string | null; readonly sql: string; readonly fromType?: boolean }[];
  readonly comment?: string;
}

export interface CaseColumn {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly default?: string;
  readonly serverDefault?: {
    readonly sql?: string;
    readonly literal?: string;
    readonly computed?: string;
    readonly persisted?: boolean | null;
    readonly identity?: Readonly<Record<string, number | boolean | null>>;
  };
  readonly autoincrement?: boolean;
  readonly computed?: { readonly sqltext: string; readonly persisted: boolean | null };
  readonly identity?: Readonly<Record<string, number | boolean | null>>;
  readonly comment?: string | null;
  readonly system?: boolean;
}

export interface CaseUnique {
  readonly name: string | null;
  readonly columns: readonly string[];
  readonly options?: { readonly postgresql_nulls_not_distinct?: boolean };
  readonly postgresql_nulls_not_distinct?: boolean;
  readonly deferrable?: boolean;
}

export interface CaseIndex {
  readonly name: string;
  readonly on: readonly string[];
  readonly unique: boolean;
  readonly sorting?: Readonly<Record<string, readonly string[]>>;
  readonly duplicatesConstraint?: string;
  readonly postgresql_include?: readonly string[];
  readonly postgresql_using?: string;
  readonly postgresql_nulls_not_distinct?: boolean;
  readonly options?: { readonly postgresql_nulls_not_distinct?: boolean };
}

export interface CaseForeignKey {
  readonly name: string | null;
  readonly columns: readonly string[];
  readonly refTable?: string;
  readonly refSchema?: string | null;
  readonly refColumns?: readonly string[];
  readonly refs?: readonly string[];
  readonly onupdate?: string;
  readonly ondelete?: string;
  readonly deferrable?: boolean;
  readonly initially?: string;
  readonly options?: {
    readonly onupdate?: string;
    readonly ondelete?: string;
    readonly deferrable?: boolean;
    readonly initially?: string;
  };
}

export interface CaseOperation {
  readonly op: string;
  readonly table: string;
  readonly schema?: string;
  readonly source_schema?: string;
  readonly name?: string | null;
  readonly column?: string;
  readonly columns?: readonly string[];
  readonly type?: string;
  readonly nullable?: boolean;
  readonly serverDefault?: unknown;
  readonly comment?: string | null;
  readonly autoincrement?: boolean;
  readonly existing?: { readonly type?: string; readonly nullable?: boolean };
}

const isName = (text: string): boolean => /^[A-Za-z_]\w*$/.test(text);

/** The DDL of the database side, in plain SQL that Aludel had no part in. */
export function ddlOf({ dialect, db, model }: AutogenerateCase): string {
  const mark = dialect === 'mariadb' ? '`' : '"';
  const quote = (name: string): string => `${mark}${name}${mark}`;
  const list = (names: readonly string[]): string => names.map(quote).join(', ');
  const nameOf = (table: CaseTable): string =>
    table.schema == null ? quote(table.name) : `${quote(table.schema)}.${quote(table.name)}`;
  const keyOf = (table: CaseTable, key: CaseForeignKey): string => {
    const { onupdate, ondelete, deferrable, initially } = { ...key, ...key.options };
    const schema = key.refSchema ?? table.schema;
    const target = schema == null ? quote(key.refTable ?? '') : `${quote(schema)}.${quote(key.refTable ?? '')}`;
    return [
      key.name === null ? '' : `CONSTRAINT ${quote(key.name)} `,
      `FOREIGN KEY (${list(key.columns)}) REFERENCES ${target} (${list(key.refColumns ?? [])})`,
      ondelete === undefined ? '' : ` ON DELETE ${ondelete}`,
      onupdate === undefined ? '' : ` ON UPDATE ${onupdate}`,
      deferrable === true ? ' DEFERRABLE' : '',
      initially === undefined ? '' : ` INITIALLY ${initially}`,
    ].join('');
  };
  const columnDdl = (column: CaseColumn): string => {
    const { computed, identity } = column;
    const isSerial = column.default?.startsWith('nextval(') === true;
    const type = isSerial ? (/^BIG/i.test(column.type) ? 'bigserial' : 'serial') : column.type;
    return [
      quote(column.name),
      type,
      computed === undefined
        ? ''
        : `GENERATED ALWAYS AS (${computed.sqltext}) ${computed.persisted ? 'STORED' : 'VIRTUAL'}`,
      identity === undefined
        ? ''
        : `GENERATED BY DEFAULT AS IDENTITY (START ${identity['start']} MAXVALUE ${identity['maxvalue']})`,
      column.default === undefined || isSerial ? '' : `DEFAULT ${defaultText(column.default, dialect)}`,
      column.nullable ? '' : 'NOT NULL',
      dialect === 'mariadb' && column.autoincrement === true ? 'AUTO_INCREMENT' : '',
      dialect === 'mariadb' && column.comment != null ? `COMMENT '${column.comment.replaceAll("'", "''")}'` : '',
    ]
      .filter((part) => part !== '')
      .join(' ');
  };
  const schemas = new Set([...db, ...model].flatMap(({ schema }) => schema ?? []));
  const isInline = dialect === 'sqlite';
  const named = (name: string | null): string => (name === null ? '' : `CONSTRAINT ${quote(name)} `);
  const tables = db.map((table) => {
    const nnd = (unique: CaseUnique): string =>
      unique.options?.postgresql_nulls_not_distinct === true ? ' NULLS NOT DISTINCT' : '';
    const lines = [
      ...table.columns.map(columnDdl),
      ...((table.primaryKey?.columns.length ?? 0) === 0
        ? []
        : [`${named(table.primaryKey?.name ?? null)}PRIMARY KEY (${list(table.primaryKey?.columns ?? [])})`]),
      ...(table.unique ?? []).map((unique) => `${named(unique.name)}UNIQUE${nnd(unique)} (${list(unique.columns)})`),
      ...(table.checks ?? []).map((check) => `${named(check.name)}CHECK (${check.sql})`),
      ...(isInline ? (table.foreignKeys ?? []).map((key) => keyOf(table, key)) : []),
    ];
    const comment =
      dialect === 'mariadb' && table.comment !== undefined ? ` COMMENT='${table.comment.replaceAll("'", "''")}'` : '';
    return `CREATE TABLE ${nameOf(table)} (\n  ${lines.join(',\n  ')}\n)${comment}`;
  });
  const uniques = (table: CaseTable): readonly (string | null)[] => (table.unique ?? []).map(({ name }) => name);
  const indexes = db.flatMap((table) =>
    (table.indexes ?? [])
      .filter((index) => index.duplicatesConstraint === undefined && !uniques(table).includes(index.name))
      .map((index) => {
        const parts = index.on.map((part) => {
          const sorting = (index.sorting?.[part] ?? []).join(' ').replaceAll('_', ' ');
          const text = table.columns.some(({ name }) => name === part) ? quote(part) : `(${part})`;
          return `${text}${sorting === '' ? '' : ` ${sorting}`}`;
        });
        const include = index.postgresql_include?.length ? ` INCLUDE (${list(index.postgresql_include)})` : '';
        const using = index.postgresql_using === undefined ? '' : ` USING ${index.postgresql_using}`;
        const nnd = index.options?.postgresql_nulls_not_distinct === true ? ' NULLS NOT DISTINCT' : '';
        const words = index.unique ? 'UNIQUE INDEX' : 'INDEX';
        return `CREATE ${words} ${quote(index.name)} ON ${nameOf(table)}${using} (${parts.join(', ')})${include}${nnd}`;
      }),
  );
  const keys = isInline
    ? []
    : db.flatMap((table) =>
        (table.foreignKeys ?? []).map((key) => `ALTER TABLE ${nameOf(table)} ADD ${keyOf(table, key)}`),
      );
  const comments =
    dialect !== 'postgresql'
      ? []
      : db.flatMap((table) => [
          ...(table.comment === undefined ? [] : [`COMMENT ON TABLE ${nameOf(table)} IS ${literal(table.comment)}`]),
          ...table.columns.flatMap((column) =>
            column.comment == null
              ? []
              : [`COMMENT ON COLUMN ${nameOf(table)}.${quote(column.name)} IS ${literal(column.comment)}`],
          ),
        ]);
  const namespaces =
    dialect === 'postgresql'
      ? [...schemas].filter((name) => name !== 'public').map((name) => `CREATE SCHEMA ${quote(name)}`)
      : [];
  return [...namespaces, ...tables, ...indexes, ...keys, ...comments].map((sql) => `${sql};`).join('\n');
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** SQLite wants brackets around what is no plain value. */
function defaultText(text: string, dialect: AutogenerateCase['dialect']): string {
  const isPlain = /^(?:-?[\d.]+|'(?:[^']|'')*'|NULL|CURRENT_\w+)$/i.test(text);
  return dialect === 'sqlite' && !isPlain ? `(${text})` : text;
}

/** The models, in no dialect's words yet: what has no name says only what it is. */
export function modelOf({ dialect, model }: AutogenerateCase): Schema {
  const tables = model.map((table): Table => {
    const name = { namespace: table.schema ?? null, name: table.name };
    const key = table.primaryKey;
    return {
      ...name,
      columns: table.columns
        .filter((column) => column.system !== true)
        .map((column) => columnOf(column, table, dialect)),
      primaryKey:
        key === undefined || key.columns.length === 0
          ? null
          : { kind: 'primaryKey', name: key.name, columns: key.columns },
      uniques: (table.unique ?? []).map((unique) => ({
        kind: 'unique',
        name: unique.name,
        columns: unique.columns,
        ...(unique.postgresql_nulls_not_distinct === true ? { nullsNotDistinct: true as const } : {}),
        ...(unique.deferrable === true ? { deferrable: 'immediate' as const } : {}),
      })),
      foreignKeys: (table.foreignKeys ?? []).map((foreignKey) => {
        const targets = (foreignKey.refs ?? []).map((ref) => ref.split('.').toReversed());
        const [, target = '', namespace = table.schema ?? null] = targets[0] ?? [];
        const action = (text: string | undefined) => (text?.toLowerCase() ?? 'no action') as 'no action';
        const { deferrable, initially } = foreignKey;
        return {
          kind: 'foreignKey' as const,
          name: foreignKey.name,
          columns: foreignKey.columns,
          target: { namespace: (foreignKey.refs?.[0]?.split('.').length ?? 0) > 2 ? namespace : null, name: target },
          targetColumns: targets.map(([column = '']) => column),
          onDelete: action(foreignKey.ondelete),
          onUpdate: action(foreignKey.onupdate),
          deferrable:
            deferrable === true || initially !== undefined
              ? initially?.toLowerCase() === 'deferred'
                ? ('deferred' as const)
                : deferrable === true
                  ? ('immediate' as const)
                  : null
              : null,
        };
      }),
      checks: (table.checks ?? [])
        .filter((check) => check.name !== null)
        .map((check) => ({ kind: 'check', name: check.name, expression: rawSql(check.sql) })),
      indexes: (table.indexes ?? []).map((index) => indexOf(index, table)),
      comment: table.comment ?? null,
      options: {},
    };
  });
  const namespaces = [...new Set(tables.flatMap(({ namespace }) => namespace ?? []))].sort();
  return { namespaces, enums: [], sequences: [], tables };
}

function columnOf(column: CaseColumn, table: CaseTable, dialect: AutogenerateCase['dialect']): Column {
  const { serverDefault } = column;
  const identity = serverDefault?.identity;
  const isPlain = serverDefault !== undefined && (serverDefault.sql ?? serverDefault.literal) !== undefined;
  const isKey = table.primaryKey?.columns.length === 1 && table.primaryKey.columns[0] === column.name;
  const isInteger = /^(?:BIG|SMALL)?INT/i.test(column.type);
  const refers = (table.foreignKeys ?? []).some(({ columns }) => columns.includes(column.name));
  const counts =
    isKey &&
    isInteger &&
    column.autoincrement !== false &&
    (column.autoincrement === true || !refers) &&
    serverDefault === undefined;
  const text = (key: string): string | null => (identity?.[key] == null ? null : String(identity[key]));
  return {
    name: column.name,
    type: { kind: 'custom', sql: column.type },
    nullable: column.nullable && table.primaryKey?.columns.includes(column.name) !== true,
    default: !isPlain
      ? null
      : serverDefault.literal === undefined
        ? rawSql(serverDefault.sql ?? '')
        : { kind: 'literal', value: serverDefault.literal },
    generation:
      identity !== undefined
        ? {
            kind: 'identity',
            always: identity['always'] === true,
            start: text('start'),
            increment: text('increment'),
            min: text('minvalue'),
            max: text('maxvalue'),
            cache: text('cache'),
            cycle: identity['cycle'] === true,
          }
        : counts
          ? dialect === 'postgresql'
            ? { kind: 'serial' }
            : dialect === 'mariadb'
              ? { kind: 'autoincrement' }
              : null
          : null,
    generated:
      serverDefault?.computed === undefined
        ? null
        : {
            expression: rawSql(serverDefault.computed),
            // Nothing said is what the database does by itself; on PostgreSQL up to 17, the only way.
            stored: serverDefault.persisted === true || dialect === 'postgresql',
          },
    onUpdate: null,
    collation: null,
    comment: column.comment ?? null,
  };
}

function indexOf(index: CaseIndex, table: CaseTable): Index {
  const names = table.columns.map(({ name }) => name);
  return {
    name: index.name,
    unique: index.unique,
    parts: index.on.map((part) => {
      const words = /^(.*?)(?:\s+(ASC|DESC))?(?:\s+NULLS (FIRST|LAST))?$/is.exec(part);
      const [, text = part, order, nulls] = words ?? [];
      const [, body = text, opclass] = /^(.*?[\w)"])\s*(\w+_ops)$/s.exec(text) ?? [];
      const name = /^"([^"]+)"$/.exec(body)?.[1] ?? body;
      const descending = order?.toUpperCase() === 'DESC' ? true : undefined;
      const isColumn = names.includes(name) || isName(name);
      return {
        ...(opclass === undefined ? {} : { opclass }),
        expression: isColumn ? { kind: 'column' as const, name } : rawSql(body),
        descending: descending !== undefined,
        length: null,
        ...nullsOf(nulls, descending !== undefined),
      };
    }),
    where: null,
    method: index.postgresql_using ?? null,
    definition: null,
    ...(index.postgresql_include?.length ? { include: index.postgresql_include } : {}),
    ...(index.postgresql_nulls_not_distinct === true ? { nullsNotDistinct: true as const } : {}),
  };
}

/** Only what is not the usual side is said. */
function nullsOf(nulls: string | undefined, descending: boolean): { readonly nulls?: 'first' | 'last' } {
  const side = nulls?.toLowerCase();
  if (side !== 'first' && side !== 'last') return {};
  return (side === 'first') === descending ? {} : { nulls: side };
}

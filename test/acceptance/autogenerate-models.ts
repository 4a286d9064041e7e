/** The models of a case, in no dialect's words yet: what has no name says only what it is. */
import { rawSql } from '../../src/schema/expressions/expression.js';
import type { Column, EnumType, ForeignKey, Index, Schema, Table } from '../../src/schema/table.js';
import type { ColumnType } from '../../src/schema/types.js';
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

export function modelOf({ dialect, model }: AutogenerateCase): Schema {
  const tables = model.map((table): Table => ({
    namespace: table.schema ?? null,
    name: table.name,
    columns: table.columns.filter((column) => column.system !== true).map((column) => columnOf(column, table, dialect)),
    primaryKey:
      table.primaryKey === undefined || table.primaryKey.columns.length === 0
        ? null
        : { kind: 'primaryKey', name: table.primaryKey.name, columns: table.primaryKey.columns },
    uniques: (table.unique ?? []).map((unique) => {
      const deferrable = deferral(unique);
      return {
        kind: 'unique',
        name: unique.name,
        columns: unique.columns,
        ...(unique.postgresql_nulls_not_distinct === true ? { nullsNotDistinct: true as const } : {}),
        ...(deferrable === null ? {} : { deferrable }),
      };
    }),
    foreignKeys: (table.foreignKeys ?? []).map((foreignKey) => foreignKeyOf(foreignKey, table, model)),
    checks: (table.checks ?? []).flatMap(({ name, sql }) =>
      name === null ? [] : [{ kind: 'check' as const, name, expression: rawSql(sql) }],
    ),
    indexes: (table.indexes ?? []).map((index) => indexOf(index, table, dialect)),
    comment: table.comment ?? null,
    options: {},
  }));
  const namespaces = [...new Set(tables.flatMap(({ namespace }) => namespace ?? []))].sort();
  return { namespaces, enums: dialect === 'postgresql' ? enumsOf(model) : [], sequences: [], tables };
}

function enumsOf(model: readonly CaseTable[]): EnumType[] {
  const declared = model.flatMap(({ columns }) =>
    columns.flatMap(({ type, modelType }) => {
      const found = readEnum(modelType);
      return found === null || found.name !== type ? [] : [{ namespace: null, ...found }];
    }),
  );
  return [...new Map(declared.map((type) => [type.name, type])).values()];
}

function columnOf(column: CaseColumn, table: CaseTable, dialect: CaseDialect): Column {
  const { serverDefault } = column;
  const [, type = column.type, collation = null] = /^(.*?)\s+COLLATE\s+"?([\w.-]+)"?$/is.exec(column.type) ?? [];
  // SQLAlchemy's server default for MySQL says both things at once.
  const [sql, onUpdate] =
    dialect === 'mariadb' ? (serverDefault?.sql ?? '').split(/\s+ON UPDATE\s+/i) : [serverDefault?.sql];
  return {
    name: column.name,
    type: typeOf(type, column, dialect),
    nullable: column.nullable && table.primaryKey?.columns.includes(column.name) !== true,
    default:
      serverDefault?.literal !== undefined
        ? { kind: 'literal', value: serverDefault.literal }
        : serverDefault?.sql === undefined
          ? null
          : rawSql(sql ?? ''),
    generation: generationOf(column, table, dialect),
    generated:
      serverDefault?.computed === undefined
        ? null
        : {
            expression: rawSql(serverDefault.computed),
            // Nothing said is what the database does by itself; on PostgreSQL up to 17, the only way.
            stored: serverDefault.persisted === true || dialect === 'postgresql',
          },
    onUpdate: onUpdate === undefined ? null : rawSql(onUpdate),
    collation,
    comment: column.comment ?? null,
  };
}

function typeOf(sql: string, { type, modelType }: CaseColumn, dialect: CaseDialect): ColumnType {
  const found = dialect === 'postgresql' ? readEnum(modelType) : null;
  return found === null || found.name !== type
    ? { kind: 'custom', sql }
    : { kind: 'enum', namespace: null, name: found.name, values: found.values };
}

function generationOf(column: CaseColumn, table: CaseTable, dialect: CaseDialect): Column['generation'] {
  const identity = column.serverDefault?.identity;
  if (identity !== undefined) return identityOf(identity);
  if (!counts(column, table)) return null;
  if (dialect === 'postgresql') return { kind: 'serial' };
  return dialect === 'mariadb' ? { kind: 'autoincrement' } : null;
}

/** As with SQLAlchemy: the column that is told to, or an integer that is the whole key and refers to nothing. */
function counts({ name, type, autoincrement, serverDefault }: CaseColumn, table: CaseTable): boolean {
  const key = table.primaryKey?.columns ?? [];
  if (!key.includes(name) || !/^(?:BIG|SMALL)?INT/i.test(type) || serverDefault !== undefined) return false;
  const refers = (table.foreignKeys ?? []).some(({ columns }) => columns.includes(name));
  return autoincrement ?? (key.length === 1 && !refers);
}

function identityOf(identity: CaseIdentity): Column['generation'] {
  const text = (key: string): string | null => (identity[key] == null ? null : String(identity[key]));
  return {
    kind: 'identity',
    always: identity['always'] === true,
    start: text('start'),
    increment: text('increment'),
    min: text('minvalue'),
    max: text('maxvalue'),
    cache: text('cache'),
    cycle: identity['cycle'] === true,
  };
}

function foreignKeyOf(foreignKey: CaseForeignKey, table: CaseTable, model: readonly CaseTable[]): ForeignKey {
  const [, targetName = '', said = null] = (foreignKey.refs?.[0] ?? '').split('.').toReversed();
  const find = (schema: string | null): CaseTable | undefined =>
    model.find((one) => one.name === targetName && (one.schema ?? null) === schema);
  // A MetaData with a schema of its own does not repeat it.
  const target = find(said) ?? find(table.schema ?? null);
  const action = (text: string | undefined) => (text?.toLowerCase() ?? 'no action') as ForeignKey['onDelete'];
  return {
    kind: 'foreignKey',
    name: foreignKey.name,
    columns: foreignKey.columns,
    target: { namespace: target?.schema ?? said, name: targetName },
    targetColumns: (foreignKey.refs ?? []).map((ref) => {
      const key = ref.split('.').at(-1) ?? '';
      return target?.columns.find((column) => column.key === key)?.name ?? key;
    }),
    onDelete: action(foreignKey.ondelete),
    onUpdate: action(foreignKey.onupdate),
    deferrable: deferral(foreignKey),
  };
}

/** INITIALLY DEFERRED says DEFERRABLE too. */
function deferral({
  deferrable,
  initially,
}: Pick<CaseForeignKey, 'deferrable' | 'initially'>): ForeignKey['deferrable'] {
  if (initially?.toLowerCase() === 'deferred') return 'deferred';
  return deferrable === true ? 'immediate' : null;
}

function indexOf(index: CaseIndex, table: CaseTable, dialect: CaseDialect): Index {
  const where =
    dialect === 'postgresql' ? index.postgresql_where : dialect === 'sqlite' ? index.sqlite_where : undefined;
  const isPostgres = dialect === 'postgresql';
  return {
    name: index.name,
    unique: index.unique,
    parts: indexParts(index, table).map(({ column, text, descending, nulls, opclass }) => ({
      expression: column === null ? rawSql(text) : { kind: 'column' as const, name: column },
      descending,
      length: dialect === 'mariadb' && column !== null ? lengthOf(index, column) : null,
      // Only what is not the usual side is said.
      ...(nulls === null || (nulls === 'first') === descending ? {} : { nulls }),
      ...(opclass === null ? {} : { opclass }),
    })),
    where: where === undefined ? null : rawSql(where),
    method: isPostgres ? (index.postgresql_using ?? null) : null,
    definition: null,
    ...(isPostgres && index.postgresql_include?.length ? { include: index.postgresql_include } : {}),
    ...(index.postgresql_nulls_not_distinct === true ? { nullsNotDistinct: true as const } : {}),
  };
}

function lengthOf({ mysql_length: length }: CaseIndex, column: string): number | null {
  if (length === undefined) return null;
  if (typeof length === 'number') return length;
  const found = readMap(length)[column];
  return found === undefined ? null : Number(found);
}

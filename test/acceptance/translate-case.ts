/** What SQLAlchemy makes of the declarations of a case, and what the case leaves unsaid of its database because Alembic never asks. */
import { createHash } from 'node:crypto';
import {
  type AutogenerateCase,
  type CaseColumn,
  type CaseIndex,
  type CaseTable,
  type CaseUnique,
  indexParts,
} from './autogenerate-cases.js';

/** The same case, as it stands in no need of SQLAlchemy to be understood. */
export function translateCase(one: AutogenerateCase): AutogenerateCase {
  const model = one.model.map((table) =>
    withoutTypeChecks(withKeyInOrder(withShortNames(table, one)), findTable(one.db, table)),
  );
  const db = one.db.map((table) => {
    const declared = findTable(model, table);
    return declared === undefined ? table : withUnseen(table, declared, one);
  });
  return { ...one, db, model };
}

/** The table of the other side. */
export function findTable(tables: readonly CaseTable[], { name, schema }: CaseTable): CaseTable | undefined {
  const home = (value: string | null | undefined): string => value ?? 'public';
  return tables.find((table) => table.name === name && home(table.schema) === home(schema));
}

/**
 * A name that a convention made too long is cut to eight characters less than what fits, and ends in four digits of its
 * MD5 (SQLAlchemy, `IdentifierPreparer.truncate_and_render_index_name`). MySQL and MariaDB have a limit of their own for indexes.
 */
function withShortNames(
  table: CaseTable,
  { namingConvention = {}, maxIdentifierLength, dialect }: AutogenerateCase,
): CaseTable {
  const limit = dialect === 'mariadb' ? 64 : (maxIdentifierLength ?? (dialect === 'postgresql' ? 63 : 9999));
  const shorten = (name: string): string =>
    name.length <= limit
      ? name
      : `${name.slice(0, limit - 8)}_${createHash('md5').update(name).digest('hex').slice(-4)}`;
  return {
    ...table,
    ...(table.indexes !== undefined && 'ix' in namingConvention
      ? { indexes: table.indexes.map((index) => ({ ...index, name: shorten(index.name) })) }
      : {}),
    ...(table.unique !== undefined && 'uq' in namingConvention
      ? {
          unique: table.unique.map((unique) => ({
            ...unique,
            name: unique.name === null ? null : shorten(unique.name),
          })),
        }
      : {}),
  };
}

/** The column that counts by itself comes first in a key of several (SQLAlchemy, `PrimaryKeyConstraint.columns_autoinc_first`). */
function withKeyInOrder(table: CaseTable): CaseTable {
  const { primaryKey: key, columns } = table;
  const first = key?.columns.find((name) => columns.some((one) => one.name === name && one.autoincrement === true));
  if (key === undefined || first === undefined) return table;
  return { ...table, primaryKey: { ...key, columns: [first, ...key.columns.filter((name) => name !== first)] } };
}

/** The check of a Boolean or an Enum is a part of its type, and is never added to a table that is there. */
function withoutTypeChecks(table: CaseTable, existing: CaseTable | undefined): CaseTable {
  if (table.checks === undefined) return table;
  const known = new Set((existing?.checks ?? []).map(({ name }) => name));
  return { ...table, checks: table.checks.filter(({ name, fromType }) => fromType !== true || known.has(name)) };
}

/**
 * `db` holds what Alembic reads. It reads no index on an expression on SQLite, no collation on SQLite and PostgreSQL, and nowhere compares
 * the method, INCLUDE, WHERE and operator classes of an index, or when a unique constraint is checked: of these, no case says what the
 * database had. Here it has what the models say, so that reading it back and finding no difference is what is tested.
 */
function withUnseen(table: CaseTable, declared: CaseTable, one: AutogenerateCase): CaseTable {
  const [indexes, unique] = [indexesWithUnseen(table, declared, one), uniquesWithUnseen(table, declared)];
  return {
    ...table,
    columns: table.columns.map((column) => withUnseenType(column, declared, one)),
    ...(indexes.length === 0 ? {} : { indexes }),
    ...(unique.length === 0 ? {} : { unique }),
  };
}

/** MariaDB says LONGTEXT of a column that was declared as JSON, and keeps the check that tells them apart to itself. */
function withUnseenType(column: CaseColumn, declared: CaseTable, { dialect }: AutogenerateCase): CaseColumn {
  const type = declared.columns.find(({ name }) => name === column.name)?.type ?? '';
  const isUnsaid =
    dialect === 'mariadb'
      ? type === 'JSON' && column.type.startsWith('LONGTEXT')
      : type.replace(/\s+COLLATE .*$/i, '') === column.type;
  return isUnsaid ? { ...column, type } : column;
}

function indexesWithUnseen(table: CaseTable, declared: CaseTable, { dialect }: AutogenerateCase): CaseIndex[] {
  const { indexes = [] } = table;
  const columnsOf = (one: CaseIndex, of: CaseTable): string =>
    JSON.stringify(indexParts(one, of).map(({ column }) => column));
  const known = indexes.map((index): CaseIndex => {
    const same = declared.indexes?.find(({ name }) => name === index.name);
    // Another index under the same name goes as a whole.
    if (same === undefined || columnsOf(same, declared) !== columnsOf(index, table)) return index;
    const { postgresql_nulls_not_distinct: _nulls, ...unseen } = same;
    return { ...unseen, ...index };
  });
  const hidden = (declared.indexes ?? []).filter(
    (index) =>
      dialect === 'sqlite' &&
      !indexes.some(({ name }) => name === index.name) &&
      indexParts(index, declared).some(({ column }) => column === null),
  );
  return [...known, ...hidden];
}

function uniquesWithUnseen({ unique = [] }: CaseTable, declared: CaseTable): CaseUnique[] {
  return unique.map((one) => {
    const same = declared.unique?.find(
      ({ name, columns }) => name === one.name && columns.join() === one.columns.join(),
    );
    const { deferrable, initially } = same ?? {};
    return {
      ...one,
      ...(deferrable === undefined ? {} : { deferrable }),
      ...(initially === undefined ? {} : { initially }),
    };
  });
}

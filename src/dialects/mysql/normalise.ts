import { AludelError } from '../../errors.js';
import type { ServerVersion } from '../../engine/connection.js';
import { formatTableName } from '../../schema/table-name.js';
import type { Expression } from '../../schema/expressions/expression.js';
import type { Column, ForeignKey, ForeignKeyAction, Index, Schema, Table, Unique } from '../../schema/table.js';
import { byName, normaliseSchema } from '../normalise-schema.js';
import { withoutPostgresParts } from '../postgres-parts.js';
import { normalisePeriod, withoutNulls } from './application-period.js';
import { normaliseDefault, normaliseOnUpdate } from './defaults.js';
import { type Features, featuresOf } from './features.js';
import { hideImplicitIndexes, servingColumns } from './implicit-index.js';
import { normaliseSequence } from './sequences.js';
import { behindNamedTrigger } from './objects/trigger-order.js';
import { spellExpression } from './spelling.js';
import { normaliseVersioning } from './system-versioning.js';
import { render } from './expressions.js';
import { quoteIdentifier, quoteTable } from './sql.js';
import { normaliseOptions } from './table-options.js';
import { normaliseType } from './types.js';

/**
 * Models in the terms of MySQL or MariaDB: counters are AUTO_INCREMENT, enums belong to their column, unique indexes of
 * plain columns are unique constraints, primary keys have no name.
 */
export function normalise(schema: Schema, server: ServerVersion): Schema {
  const features = featuresOf(server);
  const namespaced = schema.tables.find((table) => table.namespace !== null);
  if (namespaced !== undefined) {
    throw new AludelError(
      'ALUDEL_OPERATION_UNSUPPORTED',
      `Table "${formatTableName(namespaced)}" has a namespace, and ${nameOf(server)} has none inside a database.`,
      {
        hint: 'Declare the table without a namespace, and give another database a config of its own.',
      },
    );
  }
  const normalised = normaliseSchema(withoutPostgresParts(schema, nameOf(server)), {
    type: (type, column, table) => {
      if (type.kind === 'varchar' && type.length === null) throw lengthMissing(column, table, server);
      return normaliseType(type, column.name, server);
    },
    column: (column) => normaliseColumn(column, features),
    table: (table) => normaliseTable(table, server),
    render: (expression) => spellExpression(render(expression)),
    objects: {
      database: features.isMariadb ? 'mariadb' : 'mysql',
      kinds: new Set(['event', 'function', 'procedure', 'trigger', 'view']),
      quoteTable,
      quoteIdentifier,
      render,
    },
  });
  const own = features.isMariadb ? normalised.sequences.filter(({ namespace }) => namespace === null) : [];
  const objects = normalised.objects?.map(behindNamedTrigger);
  const sequences = own.map(normaliseSequence);
  return { ...normalised, namespaces: [], enums: [], sequences, ...(objects === undefined ? {} : { objects }) };
}

/** Comments are kept in utf8mb3, whatever the character set of a table: the servers put `?` for what is beyond it. */
function storedText<T extends string | null>(comment: T): T {
  return (comment?.replaceAll(/[\u{10000}-\u{10ffff}]/gu, '?') ?? comment) as T;
}

function withStoredComment<T extends { readonly comment?: string }>(part: T): T {
  return part.comment === undefined ? part : { ...part, comment: storedText(part.comment) };
}

/** What MariaDB gives a NOT NULL column with ON UPDATE and no default. */
function madeUpDefault({ type, nullable, onUpdate }: Column, { isMariadb }: Features): Expression | null {
  if (!isMariadb || nullable || onUpdate === null || type.kind !== 'timestamp') return null;
  const precision = type.precision ?? 0;
  return { kind: 'literal', value: `0000-00-00 00:00:00${precision > 0 ? `.${'0'.repeat(precision)}` : ''}` };
}

/** The rest of a column once its type is canonical. */
export function normaliseColumn(column: Column, features: Features): Column {
  const { type, generated } = column;
  const value = column.default ?? madeUpDefault(column, features);
  const generation = column.generation === null ? null : ({ kind: 'autoincrement' } as const);
  return {
    ...column,
    // MariaDB has no NOT NULL for generated columns.
    nullable: generation === null && (column.nullable || (features.isMariadb && generated !== null)),
    default: value === null ? null : normaliseDefault(value, type, features),
    generation,
    onUpdate: column.onUpdate === null ? null : normaliseOnUpdate(column.onUpdate, type),
    comment: storedText(column.comment),
  };
}

export function normaliseTable(table: Table, server: ServerVersion): Table {
  const features = featuresOf(server);
  const [plain, others] = splitUniques(table.uniques);
  const indexes = [...table.indexes, ...others].map((index) => withStoredComment(normaliseIndex(index, table, server)));
  const unique = indexes.flatMap((index): Unique[] => {
    const columns = uniqueColumns(index);
    if (columns === null) return [];
    return [{ kind: 'unique', name: index.name, columns, ...(index.method === null ? {} : { method: index.method }) }];
  });
  refuseUnkeyedCounters(table, server);
  const primaryKey = table.primaryKey === null ? null : withStoredComment({ ...table.primaryKey, name: null });
  return hideImplicitIndexes({
    ...table,
    options: normaliseOptions(normalisePeriod(normaliseVersioning(table.options))),
    columns: withoutNulls(table.columns, table.options).map((column) =>
      primaryKey?.columns.includes(column.name) === true && !(features.isMariadb && column.generated !== null)
        ? { ...column, nullable: false }
        : column,
    ),
    primaryKey,
    comment: storedText(table.comment),
    uniques: [...plain, ...unique].sort(byName),
    foreignKeys: table.foreignKeys.map((key) => normaliseForeignKey(key, features)),
    indexes: indexes.filter((index) => uniqueColumns(index) === null),
  });
}

/** Those that say more than their columns are indexes here. */
function splitUniques(uniques: readonly Unique[]): [Unique[], Index[]] {
  const isPlain = ({ name, storage }: Unique): boolean => name === null || storage === undefined;
  const others = uniques
    .filter((unique) => !isPlain(unique))
    .map(({ name, columns, storage, method }): Index => ({
      name: name ?? '',
      unique: true,
      parts: columns.map((column) => ({
        expression: { kind: 'column', name: column },
        descending: false,
        length: null,
      })),
      where: null,
      method: method ?? null,
      definition: null,
      ...(storage === undefined ? {} : { storage }),
    }));
  return [uniques.filter(isPlain), others];
}

/** "There can be only one auto column and it must be defined as a key": the server's words, said before anything runs. */
export function refuseUnkeyedCounters(table: Table, server: ServerVersion): void {
  const keys = servingColumns(table);
  const counters = table.columns.filter(({ generation }) => generation !== null);
  const unkeyed = counters.find(({ name }) => !keys.some((columns) => columns[0] === name));
  const [wrong, reason] =
    unkeyed === undefined
      ? [counters[1], `counts up beside "${counters[0]?.name ?? ''}": a table has one counter`]
      : [unkeyed, 'counts up and is not the first column of a key or index'];
  if (wrong === undefined) return;
  const name = `${formatTableName(table)}.${wrong.name}`;
  throw new AludelError('ALUDEL_TYPE_UNSUPPORTED', `Column "${name}" ${reason} in ${nameOf(server)}.`, {
    hint: 'Make it the primary key, give it a unique constraint or an index, or take its autoincrement off.',
    details: { table: formatTableName(table), column: wrong.name },
  });
}

/** The columns of an index that is nothing but a unique constraint, else `null`. */
function uniqueColumns(index: Index): string[] | null {
  const { method, definition, comment, storage, invisible } = index;
  if (!index.unique || definition !== null || (method !== null && method !== 'btree')) return null;
  if (comment !== undefined || storage !== undefined || invisible !== undefined) return null;
  const columns = index.parts.flatMap(({ expression, descending, length }) =>
    expression.kind === 'column' && !descending && length === null ? [expression.name] : [],
  );
  return columns.length === index.parts.length ? columns : null;
}

/**
 * The index as the server keeps it. Without partial indexes a plain one covers all rows, which answers the same
 * queries; a unique one would refuse rows that the model allows.
 */
export function normaliseIndex(index: Index, table: { readonly name: string }, server: ServerVersion): Index {
  const features = featuresOf(server);
  const label = `Index "${index.name}" of table "${table.name}"`;
  if (index.where !== null && index.unique) {
    throw new AludelError(
      'ALUDEL_OPERATION_UNSUPPORTED',
      `${label} is unique for some rows only, and ${nameOf(server)} has no partial indexes.`,
      {
        hint: 'Use a generated column that is NULL for the other rows, with a unique constraint on it.',
      },
    );
  }
  if (!features.expressionIndexes && index.parts.some(({ expression }) => expression.kind !== 'column')) {
    throw new AludelError(
      'ALUDEL_OPERATION_UNSUPPORTED',
      `${label} covers an expression, and ${nameOf(server)} only indexes columns.`,
      { hint: 'Use a generated column for the expression, with an index on it.' },
    );
  }
  const parts = index.parts.map((part) => ({
    ...part,
    descending: part.descending && features.descendingIndexes,
  }));
  return { ...index, parts, where: null, method: index.method?.toLowerCase() ?? null };
}

/**
 * InnoDB checks at once, so that RESTRICT and NO ACTION are the same. What nobody said is RESTRICT in MariaDB's catalog and NO
 * ACTION in MySQL's, and either shows the other word where it was said.
 */
function normaliseForeignKey(key: ForeignKey, { isMariadb }: Features): ForeignKey {
  const action = (said: ForeignKeyAction): ForeignKeyAction => (isMariadb && said === 'restrict' ? 'no action' : said);
  const { saysNoAction, ...rest } = key;
  return {
    ...rest,
    ...(saysNoAction === undefined || !isMariadb ? {} : { saysNoAction }),
    onDelete: action(key.onDelete),
    onUpdate: action(key.onUpdate),
    deferrable: null,
  };
}

function lengthMissing(column: Column, table: Table, server: ServerVersion): AludelError {
  const name = `${formatTableName(table)}.${column.name}`;
  return new AludelError('ALUDEL_TYPE_UNSUPPORTED', `Column "${name}" is a varchar without a length.`, {
    hint: `${nameOf(server)} needs one: varchar(255), or text().`,
    details: { table: formatTableName(table), column: column.name },
  });
}

function nameOf(server: ServerVersion): string {
  return server.dialect === 'mariadb' ? 'MariaDB' : 'MySQL';
}

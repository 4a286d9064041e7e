import {
  check,
  enumeration,
  exclusion,
  foreignKey,
  index,
  integer,
  type MetaData,
  primaryKey,
  sql,
  unique,
} from 'aludel';
import type { AnyColumn } from '../../src/schema/metadata.js';
import type { TableArg } from '../../src/schema/table-args.js';
import type { IndexColumn } from '../../src/schema/index-arg.js';
import { Expr } from '../../src/schema/expressions/expr.js';
import { declareObjects } from './case-objects.js';
import { FAMILIES, type Family } from './column-families.js';
import type { CaseChoice, CheckChoice, ColumnChoice, IndexChoice, Side, TableChoice } from './case-choice.js';

export const TABLES = ['p', 'q', 'r'] as const;
export const COLUMNS = ['a', 'b', 'c', 'd'] as const;

/** Where each database keeps another collation than its own, one that tells the same values apart. */
const COLLATIONS = { sqlite: 'RTRIM', postgres: 'C', mysql: 'utf8mb4_bin', mariadb: 'utf8mb4_bin' } as const;

/** Whether something is there in a state. */
export function isIn(side: Side, { presence }: { readonly presence: 'both' | Side }): boolean {
  return presence === 'both' || presence === side;
}

/** Declares one of the two states. */
export function declareSide(choice: CaseChoice, side: Side, metadata: MetaData): void {
  choice.tables.forEach((table, at) => {
    if (isIn(side, table)) declareTable(choice, table, at, side, metadata);
  });
  const hasColumn = columnsIn(choice.tables[0], side).some(([name]) => name === 'a');
  declareObjects(choice, side, hasColumn, metadata);
  if (choice.dialect !== 'postgres') return;
  for (const { name, increment, max, cycle, owned } of choice.sequences[side]) {
    const ownedBy = owned && isIn(side, choice.tables[0]) ? 'p.n' : null;
    metadata.sequence(name, { increment, max, cycle, ownedBy });
  }
}

/**
 * The namespace of a table. Comparison looks where the models are: a namespace that only the first state has would be nobody's
 * to drop.
 */
export function homeOf({ namespaced, tables }: CaseChoice, at: number, side: Side): string | null {
  const isKnown = namespaced.to && isIn('to', tables[2]);
  return at === 2 && namespaced[side] && (side === 'to' || isKnown) ? 'app' : null;
}

/** The columns that a state has, by name. */
export function columnsIn(table: TableChoice, side: Side): [string, ColumnChoice][] {
  return COLUMNS.flatMap((name, at): [string, ColumnChoice][] => {
    const column = table.columns[at];
    return column != null && isIn(side, column) ? [[name, column]] : [];
  });
}

/** True where the column holds NULL in some row: it may in both states. */
export function mayBeNull({ presence, sides: { from, to } }: ColumnChoice): boolean {
  if (presence !== 'both') return true;
  return from.nullable && to.nullable;
}

function declareTable(choice: CaseChoice, table: TableChoice, at: number, side: Side, metadata: MetaData): void {
  const isLoose = at === 2;
  const key = isLoose ? integer().notNull() : keyColumn(table.key[side]);
  const columns: Record<string, AnyColumn> = { id: key, n: integer().notNull(), ref: integer() };
  for (const [name, column] of columnsIn(table, side)) columns[name] = declareColumn(choice, name, column, side);
  if (table.generated !== null && isIn(side, table.generated)) {
    const { expression, virtual } = table.generated.sides[side];
    columns['made'] = integer().generatedAs(new Expr({ kind: 'sql', parts: [expression] }), {
      virtual: virtual && choice.dialect !== 'postgres',
    });
  }
  const name = { namespace: homeOf(choice, at, side), name: TABLES[at] ?? '' };
  const comment = table.comment[side];
  const args = tableArgs(choice, table, at, side);
  const first = table.columns[0];
  // MariaDB hides no column that an INSERT has to name.
  const mayHide = first != null && (!isRequired(first, side) || hasFallback(first, side));
  const said = columns['a'] === undefined ? {} : { 'columnInvisible a': mayHide && table.hidden[side] };
  const options = { options: { mysql: said, mariadb: said } };
  metadata.table(name, columns, () => args, comment === null ? options : { comment, ...options });
}

function keyColumn(key: TableChoice['key'][Side]): AnyColumn {
  const column = integer().primaryKey();
  switch (key) {
    case 'auto':
      return column;
    case 'plain':
      return column.autoincrement(false);
    case 'autoincrement':
      return column.autoincrement();
    case 'identity':
      return column.identity({ start: 100, increment: 2 });
  }
}

function declareColumn(choice: CaseChoice, name: string, column: ColumnChoice, side: Side): AnyColumn {
  const { presence, family: familyName, sides } = column;
  const family: Family = FAMILIES[familyName];
  const { type, collated, comment, unique: isUnique, index: isIndexed } = sides[side];
  const make = family.types[type % Math.max(family.types.length, 1)];
  let built: AnyColumn = make === undefined ? enumeration(`mood_${name}`, choice.values[side]) : make();
  if (isRequired(column, side)) built = built.notNull();
  if (hasFallback(column, side)) built = built.serverDefault(family.fallback);
  if (collated && ['varchar', 'char', 'text'].includes(built.spec.type.kind)) {
    built = built.collate(COLLATIONS[choice.dialect]);
  }
  if (comment !== null) built = built.comment(comment);
  // The default would be in every row.
  if (isUnique && family.isKey && (presence === 'both' || !hasFallback(column, side))) built = built.unique();
  return isIndexed && family.isKey ? built.index() : built;
}

/** What comes to a table with rows has a value for them. */
function isRequired(column: ColumnChoice, side: Side): boolean {
  return !column.sides[side].nullable && (column.presence === 'both' || hasFallback(column, side));
}

function hasFallback({ family, sides }: ColumnChoice, side: Side): boolean {
  return sides[side].hasDefault && FAMILIES[family].fallback !== null;
}

function tableArgs(choice: CaseChoice, table: TableChoice, at: number, side: Side): TableArg[] {
  const isPostgres = choice.dialect === 'postgres';
  const args: TableArg[] = [];
  const said = (comment: boolean): { comment?: string } => (comment && isPostgres ? { comment: 'said' } : {});
  const key = table.looseKey[side];
  if (at === 2 && key !== null) args.push(primaryKey(key));
  const reference = table.reference[side];
  const target = reference === null ? undefined : choice.tables[reference.target === 'p' ? 0 : 1];
  if (reference !== null && target !== undefined && isIn(side, target)) {
    const { onUpdate, deferrable, comment } = reference;
    // To InnoDB they are the same, and models take the live key's word for it: only a dump tells them apart.
    const isSame = reference.onDelete === 'restrict' && (choice.dialect === 'mysql' || choice.dialect === 'mariadb');
    const onDelete = isSame ? 'no action' : reference.onDelete;
    const options = { onDelete, onUpdate, ...(deferrable === null ? {} : { deferrable }), ...said(comment) };
    args.push(foreignKey(['ref'], reference.target, ['id'], options));
  }
  for (const { name, columns, deferrable, comment } of table.uniques[side]) {
    const late = deferrable !== null && isPostgres ? { deferrable } : {};
    args.push(unique(columns, { name: `${name}_${TABLES[at]}`, ...late, ...said(comment) }));
  }
  args.push(...table.checks[side].map((one) => declareCheck(one, isPostgres)));
  args.push(...table.indexes[side].flatMap((one) => declareIndex(one, choice, table, at, side)));
  if (isPostgres && table.exclusion[side]) {
    args.push(exclusion([['n', '=']], { method: 'btree', name: `x_${TABLES[at]}` }));
  }
  return args;
}

function declareCheck({ name, expression, notValid, comment }: CheckChoice, isPostgres: boolean): TableArg {
  const options = isPostgres ? { notValid, ...(comment ? { comment: 'said' } : {}) } : {};
  return check(name, new Expr({ kind: 'sql', parts: [expression] }), options);
}

function declareIndex(
  one: IndexChoice,
  choice: CaseChoice,
  table: TableChoice,
  at: number,
  side: Side,
): readonly TableArg[] {
  const { dialect } = choice;
  const isPostgres = dialect === 'postgres';
  const own = new Map(columnsIn(table, side));
  const columns = one.columns.filter((name) => {
    const column = own.get(name);
    return name === 'n' || name === 'id' || (column !== undefined && FAMILIES[column.family].isKey);
  });
  if (columns.length === 0) return [];
  const parts = columns.map((name): IndexColumn => {
    const column = new Expr<unknown>({ kind: 'column', name });
    return one.descending ? column.desc() : column;
  });
  const isExpression = one.expression && dialect !== 'mariadb' && !one.unique;
  return [
    index(`${one.name}_${TABLES[at]}`, isExpression ? [sql`(n + 1)`, ...parts] : parts, {
      // With the number among them, no two rows are alike.
      ...(one.unique && columns.includes('n') ? { unique: true } : {}),
      ...(one.partial && (isPostgres || dialect === 'sqlite') ? { where: sql`n > 0` } : {}),
      ...(isPostgres && one.comment ? { comment: 'said' } : {}),
      ...(isPostgres && one.storage ? { storage: { fillfactor: '70' } } : {}),
      ...(isPostgres && one.include ? { include: ['ref'] } : {}),
    }),
  ];
}

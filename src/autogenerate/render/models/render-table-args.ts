/** What stands beside the columns of a table: everything that a column alone cannot say. */
import { conventionalName, type NamedKind } from '../../../schema/naming.js';
import type {
  Check,
  Constraint,
  Exclusion,
  ForeignKey,
  Index,
  IndexPart,
  PrimaryKey,
  Table,
  Unique,
} from '../../../schema/table.js';
import { call, chain, type Doc, type Group, list, quote } from '../document.js';
import { renderTableName } from '../render-column.js';
import { renderConstraintOptions, splitElement } from '../render-constraint.js';
import { renderExpr } from '../render-expression.js';
import { indexOptions } from '../render-operation.js';
import type { ModelContext } from './context.js';
import { checkName, nameParts } from './infer-naming.js';
import type { ColumnParts } from './render-model-column.js';

/** Writes a column of the table as an expression: `User.c.email`. */
export type ColumnWriter = (column: string) => string;

export function renderTableArgs(table: Table, said: ColumnParts, column: ColumnWriter, context: ModelContext): Doc[] {
  const isLeft =
    <T extends { readonly columns: readonly string[] }>(known: ReadonlyMap<string, T>) =>
    (part: T) =>
      known.get(part.columns[0] ?? '') !== part;
  const indexes = new Set(said.indexes.values());
  const { primaryKey } = table;
  return [
    ...(primaryKey === null || said.isKey ? [] : [renderKey(primaryKey, table, column, context)]),
    ...table.uniques.filter(isLeft(said.uniques)).map((unique) => renderKey(unique, table, column, context)),
    ...table.foreignKeys.filter(isLeft(said.foreignKeys)).map((key) => renderForeignKey(key, table, column, context)),
    ...table.checks.map((check) => renderCheck(check, table, context)),
    ...(table.exclusions ?? []).map((exclusion) => renderExclusion(exclusion, column, context)),
    ...table.indexes
      .filter((index) => !indexes.has(index) && index.definition === null)
      .map((index) => renderIndex(index, table, column, context)),
  ];
}

function renderKey(key: PrimaryKey | Unique, table: Table, column: ColumnWriter, context: ModelContext): Doc {
  context.imports.add(key.kind);
  const name = nameFor(key.kind, key, table, key.columns, context);
  const takesNull = table.columns.some((one) => one.nullable && key.columns.includes(one.name));
  const entries: [string, Doc | null][] = [
    ['name', name === null ? null : quote(name)],
    ['nullable', key.kind === 'primaryKey' && takesNull ? 'true' : null],
  ];
  return call(key.kind, list(...key.columns.map(column)), ...renderConstraintOptions(key, context.imports, entries));
}

function renderForeignKey(key: ForeignKey, table: Table, column: ColumnWriter, context: ModelContext): Doc {
  context.imports.add('foreignKey');
  const { target, targetColumns } = key;
  const name = nameFor('foreignKey', key, table, key.columns, context, target.name);
  const columns = list(...key.columns.map(column));
  return call(
    'foreignKey',
    columns,
    renderTableName(target),
    list(...targetColumns.map(quote)),
    ...optionsOf(key, name, context),
  );
}

function renderCheck(check: Check, table: Table, context: ModelContext): Doc {
  context.imports.add('check');
  const isUsual = context.naming.check !== null;
  const name = check.name === null || !isUsual ? check.name : checkName(check.name, table.name);
  const options = renderConstraintOptions(check, context.imports);
  return call('check', name === null ? 'null' : quote(name), renderExpr(check.expression, context.imports), ...options);
}

function renderExclusion(exclusion: Exclusion, column: ColumnWriter, context: ModelContext): Doc {
  context.imports.add('exclusion');
  const elements = exclusion.elements.map((element) => {
    const { part, rest } = splitElement(element);
    return list(renderPart(part, column, context), ...rest);
  });
  return call('exclusion', list(...elements), ...optionsOf(exclusion, exclusion.name, context));
}

function optionsOf(constraint: Constraint, name: string | null, { imports }: ModelContext): Doc[] {
  return renderConstraintOptions(constraint, imports, [['name', name === null ? null : quote(name)]]);
}

/** The name that has to be said: none where the convention gives the same. */
function nameFor(
  kind: NamedKind,
  { name }: { readonly name: string | null },
  table: Table,
  columns: readonly string[],
  { naming }: ModelContext,
  referredTable = '',
): string | null {
  return name === conventionalName(naming, kind, nameParts(table, columns, referredTable)) ? null : name;
}

function renderIndex(index: Index, table: Table, column: ColumnWriter, context: ModelContext): Doc {
  const { imports } = context;
  imports.add('index');
  const parts = index.parts.map((part) => renderPart(part, column, context));
  const columns = index.parts.map(({ expression }) => (expression.kind === 'column' ? expression.name : 'expression'));
  const { include, nullsNotDistinct, storage, invisible, only, inherited, comment } = index;
  const isPlain = [include, nullsNotDistinct, storage, invisible, only, inherited, comment].every(
    (said) => said === undefined,
  );
  const own = new Set(table.columns.map((known) => known.name));
  const isInherited = index.parts.some(({ expression }) => expression.kind === 'column' && !own.has(expression.name));
  if (!isPlain || isInherited || index.parts.some(({ length }) => length !== null)) {
    return call('index', quote(index.name), list(...parts), ...indexOptions(index, imports));
  }
  const name = nameFor('index', index, table, columns, context);
  const calls: (Group | null)[] = [
    name === null ? null : call('.name', quote(name)),
    index.unique ? call('.unique') : null,
    index.method === null ? null : call('.using', quote(index.method)),
    index.where === null ? null : call('.where', renderExpr(index.where, imports)),
  ];
  return chain(
    call('index', ...parts),
    calls.filter((one) => one !== null),
  );
}

function renderPart(part: IndexPart, column: ColumnWriter, { imports }: ModelContext): string {
  const { expression, descending, nulls, collation, opclass } = part;
  const text = expression.kind === 'column' ? column(expression.name) : renderExpr(expression, imports);
  const more = [
    nulls === undefined ? '' : nulls === 'first' ? '.nullsFirst()' : '.nullsLast()',
    collation === undefined ? '' : `.collate(${quote(collation)})`,
    opclass === undefined ? '' : `.opclass(${quote(opclass)})`,
  ].join('');
  const direction = descending ? '.desc()' : more === '' ? '' : '.asc()';
  return `${text}${direction}${more}`;
}

import type { Constraint, ExclusionElement, ForeignKey, IndexPart } from '../../schema/table.js';
import { call, type Doc, list, object, propertyKey, quote } from './document.js';
import { renderTableName } from './render-column.js';
import { type Imports, renderExpr } from './render-expression.js';
import { renderIndexPart } from './render-index-part.js';

type Entry = [string, Doc | null];

/** A constraint inside `op.createTable`: `unique(['email'], { name: 'uq_users_email' })` */
export function renderConstraint(constraint: Constraint, imports: Imports, takesNull = false): Doc {
  imports.add(constraint.kind);
  const name = constraint.name === null ? null : quote(constraint.name);
  if (constraint.kind === 'check') {
    return call(
      'check',
      name ?? 'null',
      ...argumentsOf(constraint, imports),
      ...renderConstraintOptions(constraint, imports),
    );
  }
  return call(
    constraint.kind,
    ...argumentsOf(constraint, imports),
    ...renderConstraintOptions(constraint, imports, [
      ['name', name],
      ['nullable', takesNull ? 'true' : null],
    ]),
  );
}

/** The call on `op` that adds the constraint to a table. */
export function renderAddConstraint(
  constraint: Constraint,
  table: Doc,
  imports: Imports,
  manner: readonly Entry[],
): Doc {
  const name = constraint.name === null ? 'null' : quote(constraint.name);
  const rest = [...argumentsOf(constraint, imports), ...renderConstraintOptions(constraint, imports, [], manner)];
  return call(`op.${METHODS[constraint.kind]}`, name, table, ...rest);
}

const METHODS: { readonly [K in Constraint['kind']]: string } = {
  primaryKey: 'createPrimaryKey',
  unique: 'createUniqueConstraint',
  foreignKey: 'createForeignKey',
  check: 'createCheckConstraint',
  exclusion: 'createExclusionConstraint',
};

function argumentsOf(constraint: Constraint, imports: Imports): Doc[] {
  switch (constraint.kind) {
    case 'primaryKey':
    case 'unique':
      return [list(...constraint.columns.map(quote))];
    case 'foreignKey': {
      const { columns, target, targetColumns } = constraint;
      return [list(...columns.map(quote)), renderTableName(target), list(...targetColumns.map(quote))];
    }
    case 'check':
      return [renderExpr(constraint.expression, imports)];
    case 'exclusion':
      return [list(...constraint.elements.map((element) => renderElement(element, imports)))];
  }
}

function renderElement(element: ExclusionElement, imports: Imports): Doc {
  const { part, rest } = splitElement(element);
  return list(renderIndexPart(part, imports), ...rest);
}

/** What stands at the column of an element, and behind it: an operator class that is all there is to say comes last. */
export function splitElement(element: ExclusionElement): { readonly part: IndexPart; readonly rest: readonly Doc[] } {
  const { operator, descending, opclass, ...said } = element;
  const isLast = descending !== true && said.nulls === undefined && said.collation === undefined;
  const part = { ...said, descending: descending === true, length: null };
  if (opclass === undefined) return { part, rest: [quote(operator)] };
  return isLast
    ? { part, rest: [quote(operator), quote(opclass)] }
    : { part: { ...part, opclass }, rest: [quote(operator)] };
}

/** What differs from the usual, as an object; nothing where nothing does. */
export function renderConstraintOptions(
  constraint: Constraint,
  imports: Imports,
  first: readonly Entry[] = [],
  manner: readonly Entry[] = [],
): Doc[] {
  const { comment } = constraint;
  const last: Entry = ['comment', comment === undefined ? null : quote(comment)];
  const options = object([...first, ...entriesOf(constraint, imports), last, ...manner]);
  return options.items.length === 0 ? [] : [options];
}

/** Storage parameters of an index. */
export function renderStorage(storage: Readonly<Record<string, string>>): Doc {
  return object(Object.entries(storage).map(([key, value]) => [propertyKey(key), quote(value)]));
}

/** How many characters of a column count. */
export function renderLengths(lengths: Readonly<Record<string, number>> = {}): Doc | null {
  const entries = Object.entries(lengths).map(([column, length]): [string, Doc] => [propertyKey(column), `${length}`]);
  return entries.length === 0 ? null : object(entries);
}

function entriesOf(constraint: Constraint, imports: Imports): Entry[] {
  const flag = (value: true | undefined): Doc | null => (value === undefined ? null : 'true');
  const text = (value: string | null | undefined): Doc | null => (value == null ? null : quote(value));
  switch (constraint.kind) {
    case 'primaryKey':
    case 'unique': {
      const { deferrable, include, period, storage, method, only, inherited } = constraint;
      return [
        ['nullsNotDistinct', constraint.kind === 'unique' ? flag(constraint.nullsNotDistinct) : null],
        ['deferrable', text(deferrable)],
        ['include', include === undefined ? null : list(...include.map(quote))],
        ['period', flag(period)],
        ['storage', storage === undefined ? null : renderStorage(storage)],
        ['method', text(method)],
        ['only', only === undefined ? null : list(...only.map(quote))],
        ['inherited', flag(inherited)],
        ['lengths', 'lengths' in constraint ? renderLengths(constraint.lengths) : null],
        ['descending', 'descending' in constraint ? list(...(constraint.descending ?? []).map(quote)) : null],
      ];
    }
    case 'foreignKey': {
      const { deferrable, match, period, notValid, notEnforced, inherited, onDeleteColumns: only } = constraint;
      return [
        ...renderActions(constraint),
        ['onDeleteColumns', only === undefined ? null : list(...only.map(quote))],
        ['deferrable', text(deferrable)],
        ['match', text(match)],
        ['period', flag(period)],
        ['notValid', flag(notValid)],
        ['notEnforced', flag(notEnforced)],
        ['inherited', flag(inherited)],
      ];
    }
    case 'check':
      return [
        ['noInherit', flag(constraint.noInherit)],
        ['notValid', flag(constraint.notValid)],
        ['notEnforced', flag(constraint.notEnforced)],
        ['inherited', flag(constraint.inherited)],
      ];
    case 'exclusion': {
      const { method, where, deferrable, include, storage, inherited } = constraint;
      return [
        ['method', method === 'gist' ? null : quote(method)],
        ['where', where === null ? null : renderExpr(where, imports)],
        ['deferrable', text(deferrable)],
        ['include', include === undefined ? null : list(...include.map(quote))],
        ['storage', storage === undefined ? null : renderStorage(storage)],
        ['inherited', flag(inherited)],
      ];
    }
  }
}

/** The actions of a foreign key that are said. */
export function renderActions({ onDelete, onUpdate, saysNoAction }: ForeignKey): Entry[] {
  const isSaid = (action: string, way: 'delete' | 'update'): boolean =>
    action !== 'no action' || saysNoAction === 'both' || saysNoAction === way;
  return [
    ['onDelete', isSaid(onDelete, 'delete') ? quote(onDelete) : null],
    ['onUpdate', isSaid(onUpdate, 'update') ? quote(onUpdate) : null],
  ];
}

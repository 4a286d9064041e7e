/** From what is declared beside the columns of a table to the parts of a schema. */
import { describe } from './check-parts.js';
import { isOrdering } from './expressions/expr.js';
import type { Expression } from './expressions/expression.js';
import type { Constraint, ExclusionElement, ForeignKey, Index, IndexPart } from './table.js';
import type { ColumnLike, ForeignKeyOptions, PrimaryKeyOptions, TableArg, UniqueOptions } from './table-args.js';
import type { IndexArg, IndexColumn } from './index-arg.js';

/** @throws TypeError that says what is neither an index nor a constraint. */
export function checkArgs(args: readonly TableArg[]): readonly TableArg[] {
  if (!Array.isArray(args)) throw new TypeError(`they are ${describe(args)} instead of a list`);
  const at = args.findIndex((arg: Partial<TableArg> | undefined) => !KINDS.has(arg?.kind ?? ''));
  if (at === -1) return args;
  throw new TypeError(`number ${at + 1} is ${describe(args[at])}, neither an index nor a constraint`);
}

const KINDS: ReadonlySet<string> = new Set<TableArg['kind']>([
  'index',
  'primaryKey',
  'unique',
  'foreignKey',
  'check',
  'exclusion',
]);

/** The database name of a column in a constraint's list. */
function columnName(column: ColumnLike): string {
  if (typeof column === 'string') return column;
  const { node } = column;
  if (node.kind !== 'column') throw new TypeError('a constraint takes columns, not expressions');
  return node.name;
}

/** What an index is made of. */
export function indexParts({ columns, options }: IndexArg): IndexPart[] {
  return columns.map((column) => indexPart(column, options.lengths ?? {}));
}

function indexPart(column: IndexColumn, lengths: Readonly<Record<string, number>>): IndexPart {
  const expression: Expression =
    typeof column === 'string'
      ? { kind: 'column', name: column }
      : isOrdering(column)
        ? column.expression.node
        : column.node;
  const length = expression.kind === 'column' ? (lengths[expression.name] ?? null) : null;
  if (!isOrdering(column)) return { expression, descending: false, length };
  const { descending, options } = column;
  const { nulls, ...rest } = options;
  const isUsual = nulls === (descending ? 'first' : 'last');
  return { expression, descending, length, ...rest, ...(nulls === undefined || isUsual ? {} : { nulls }) };
}

/** The schema's index for a declared one. */
export function toIndex(name: string, arg: IndexArg): Index {
  const { options } = arg;
  const { unique: isUnique = false, where, method = null, comment } = options;
  const { include = [], nullsNotDistinct = false, storage = {}, invisible = false, only, inherited = false } = options;
  return {
    name,
    unique: isUnique,
    parts: indexParts(arg),
    where: where?.node ?? null,
    method,
    definition: null,
    ...(include.length === 0 ? {} : { include }),
    ...(nullsNotDistinct ? { nullsNotDistinct } : {}),
    ...(Object.keys(storage).length === 0 ? {} : { storage }),
    ...(invisible ? { invisible } : {}),
    ...(only === undefined ? {} : { only }),
    ...(inherited ? { inherited } : {}),
    ...(comment === undefined ? {} : { comment }),
  };
}

/** The schema's constraint for a declared one whose name is final. */
export function toConstraint(arg: Exclude<TableArg, IndexArg>): Constraint {
  const { comment, notValid, notEnforced, period, deferrable, inherited } = {
    notValid: false,
    notEnforced: false,
    period: false,
    inherited: false,
    deferrable: undefined,
    ...arg.options,
  };
  const extras = {
    ...(period ? { period: true as const } : {}),
    ...(notValid ? { notValid: true as const } : {}),
    ...(notEnforced ? { notEnforced: true as const } : {}),
    ...(inherited ? { inherited: true as const } : {}),
    ...(comment === undefined ? {} : { comment }),
  };
  const { kind, name } = arg;
  switch (kind) {
    case 'check': {
      const { expression, options } = arg;
      const { noInherit = false } = options;
      return { kind, name, expression: expression.node, ...(noInherit ? { noInherit } : {}), ...extras };
    }
    case 'foreignKey': {
      const { target, targetColumns, options } = arg;
      return {
        kind,
        name,
        columns: arg.columns.map(columnName),
        target,
        targetColumns,
        onDelete: options.onDelete ?? 'no action',
        ...(options.onDeleteColumns === undefined ? {} : { onDeleteColumns: options.onDeleteColumns }),
        onUpdate: options.onUpdate ?? 'no action',
        deferrable: deferrable ?? null,
        ...saidNoAction(options),
        ...(options.match === undefined ? {} : { match: options.match }),
        ...extras,
      };
    }
    case 'exclusion': {
      const { method = 'gist', where, include = [], storage = {} } = arg.options;
      const elements = arg.elements.map(([column, operator, opclass]): ExclusionElement => {
        const { expression, descending, length: _length, ...said } = indexPart(column, {});
        return {
          expression,
          operator,
          ...(descending ? { descending } : {}),
          ...said,
          ...(opclass === undefined ? {} : { opclass }),
        };
      });
      const rest = {
        ...(deferrable === undefined ? {} : { deferrable }),
        ...(include.length === 0 ? {} : { include }),
        ...(Object.keys(storage).length === 0 ? {} : { storage }),
        ...extras,
      };
      return { kind, name, method, elements, where: where?.node ?? null, ...rest };
    }
    default: {
      const { include = [], storage = {}, method, only } = arg.options;
      const {
        nullsNotDistinct = false,
        lengths = {},
        descending = [],
      }: UniqueOptions & PrimaryKeyOptions = arg.options;
      return {
        kind,
        name,
        columns: arg.columns.map(columnName),
        ...(deferrable === undefined ? {} : { deferrable }),
        ...(include.length === 0 ? {} : { include }),
        ...(Object.keys(storage).length === 0 ? {} : { storage }),
        ...(method === undefined ? {} : { method }),
        ...(Object.keys(lengths).length === 0 ? {} : { lengths }),
        ...(descending.length === 0 ? {} : { descending }),
        ...(only === undefined ? {} : { only }),
        ...(kind === 'unique' && nullsNotDistinct ? { nullsNotDistinct } : {}),
        ...extras,
      } as Constraint;
    }
  }
}

/** What is written out though it says nothing: two options that are absent are another thing. */
export function saidNoAction(
  options: Pick<ForeignKeyOptions, 'onDelete' | 'onUpdate'>,
): Pick<ForeignKey, 'saysNoAction'> {
  const [onDelete, onUpdate] = [options.onDelete === 'no action', options.onUpdate === 'no action'];
  if (!onDelete && !onUpdate) return {};
  return { saysNoAction: onDelete && onUpdate ? 'both' : onDelete ? 'delete' : 'update' };
}

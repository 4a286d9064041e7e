import type { CompileContext, Dialect, Statement } from '../dialects/dialect.js';
import type { Operation } from '../operations/operation.js';

/** What a statement was sent for; errors name it. */
export interface StatementOrigin {
  readonly operation: Operation;
  /** `file:line` of the call on `op`. */
  readonly at: string | null;
  /** Runs outside the transaction. */
  readonly isAutocommit: boolean;
}

/** Lets operations out of the transaction that cannot run inside, and those to the front that others wait for. */
export function placeOperations(
  origins: readonly StatementOrigin[],
  dialect: Dialect,
  isComplete: boolean,
): readonly StatementOrigin[] {
  if (dialect.placeOf === undefined) return origins;
  const operations = origins.map(({ operation }) => operation);
  const first: StatementOrigin[] = [];
  const rest: StatementOrigin[] = [];
  for (const [i, origin] of origins.entries()) {
    const place = origin.isAutocommit ? 'outside' : dialect.placeOf(operations, i, isComplete);
    const placed = place === 'inside' ? origin : { ...origin, isAutocommit: true };
    if (place === 'first') first.push({ ...placed, operation: toleratingItself(placed.operation) });
    else rest.push(placed);
  }
  return [...first, ...rest];
}

/** What ran before the transaction stays when that fails, and is met again by the next run. */
function toleratingItself(operation: Operation): Operation {
  return operation.kind === 'addEnumValue' ? { ...operation, ifNotExists: true } : operation;
}

/** Cuts a list where operations go out of the transaction and come back to it. */
export function splitByAutocommit(origins: readonly StatementOrigin[]): StatementOrigin[][] {
  const parts: StatementOrigin[][] = [];
  for (const origin of origins) {
    const last = parts.at(-1);
    if (last?.[0]?.isAutocommit === origin.isAutocommit) last.push(origin);
    else parts.push([origin]);
  }
  return parts;
}

/** Operations that are carried out together: one each, except where a dialect alters a table once for several. */
export interface OperationGroup {
  /** The first of them. */
  readonly origin: StatementOrigin;
  readonly operations: readonly Operation[];
}

/** Splits a list into groups; the order of the groups is that of their first operations. */
export function groupOperations(origins: readonly StatementOrigin[], dialect: Dialect): OperationGroup[] {
  const { groups } = dialect;
  if (groups === undefined) return origins.map((origin) => ({ origin, operations: [origin.operation] }));
  const found: OperationGroup[] = [];
  let rest = [...origins];
  for (let origin = rest[0]; origin !== undefined; origin = rest[0]) {
    const taken = groups.find(rest.map(({ operation }) => operation));
    found.push({ origin, operations: taken });
    const gone = new Set(taken);
    rest = rest.filter(({ operation }) => !gone.has(operation));
  }
  return found;
}

export function compileGroup(
  operations: readonly Operation[],
  dialect: Dialect,
  context: CompileContext,
): readonly Statement[] {
  if (dialect.groups !== undefined) return dialect.groups.compile(operations, context);
  return operations.flatMap((operation) => dialect.compile(operation, context));
}

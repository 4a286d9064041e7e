import type { DropConstraint } from '../../operations/operation.js';
import type { Constraint } from '../../schema/table.js';
import type { CreateTable } from './ddl/create-table.js';
import { foldName } from './ddl/names.js';
import { normaliseTokens } from './ddl/normalise-tokens.js';
import { render } from './expressions.js';

/** Where a constraint stands in the text of a table: on a column, or by itself. */
export interface FoundConstraint {
  readonly start: number;
  readonly end: number;
  /** The column that it is written on, or `null`. */
  readonly column: string | null;
  readonly name: string | null;
  readonly kind: string;
}

/** Finds a constraint by name, or an unnamed one by what it says. */
export function findConstraint(table: CreateTable, operation: DropConstraint): FoundConstraint | undefined {
  const { name, existing, type } = operation;
  const candidates = listConstraints(table);
  if (name !== null) {
    const named = candidates.find((known) => known.name !== null && foldName(known.name) === foldName(name));
    if (named !== undefined) return named;
  }
  if ((existing?.kind ?? type) === 'primaryKey') return candidates.find((known) => known.kind === 'primaryKey');
  if (existing === null) return undefined;
  const meaning = meaningOf(existing);
  return candidates.find((known) => known.name === null && known.kind === existing.kind && known.meaning === meaning);
}

interface Candidate extends FoundConstraint {
  readonly meaning: string;
}

function listConstraints(table: CreateTable): Candidate[] {
  const inline = table.columns.flatMap((column) =>
    column.constraints.map((constraint): Candidate => {
      const { start, end } = constraint;
      const kind = constraint.kind === 'references' ? 'foreignKey' : constraint.kind;
      const isCheck = constraint.kind === 'check';
      const meaning = isCheck ? normaliseTokens(constraint.expression.text) : foldName(column.name.value);
      return { start, end, column: column.name.value, name: constraint.name?.value ?? null, kind, meaning };
    }),
  );
  const apart = table.constraints.map((constraint): Candidate => {
    const { start, end, kind } = constraint;
    return { start, end, column: null, name: constraint.name?.value ?? null, kind, meaning: textOf(constraint) };
  });
  return [...apart, ...inline];
}

function textOf(constraint: CreateTable['constraints'][number]): string {
  switch (constraint.kind) {
    case 'check':
      return normaliseTokens(constraint.expression.text);
    case 'foreignKey':
      return constraint.columns.map((column) => foldName(column.value)).join();
    case 'primaryKey':
    case 'unique':
      return constraint.columns.map((part) => foldName(part.column?.value ?? part.expression.text)).join();
    default:
      return '';
  }
}

/** What an unnamed constraint is known by. */
export function meaningOf(constraint: Constraint): string {
  if (constraint.kind === 'check') return normaliseTokens(render(constraint.expression));
  return constraint.kind === 'exclusion' ? '' : constraint.columns.map(foldName).join();
}

/** What only PostgreSQL's constraints can say: elsewhere comments are left out, and the rest is refused by name. */
import { AludelError } from '../errors.js';
import { formatTableName } from '../schema/table-name.js';
import { type Constraint, constraintsOf, type Exclusion, type Schema, type Table } from '../schema/table.js';

/** @throws AludelError ALUDEL_OPERATION_UNSUPPORTED naming the first constraint that says too much. */
export function withoutPostgresParts(schema: Schema, database: string): Schema {
  return { ...schema, sequences: [], tables: schema.tables.map((table) => withoutComments(table, database)) };
}

function withoutComments(table: Table, database: string): Table {
  for (const constraint of constraintsOf(table)) {
    const [part] = partsOf(constraint);
    if (part !== undefined) refuse(constraint, part, `table "${formatTableName(table)}"`, database);
  }
  return {
    ...table,
    primaryKey: table.primaryKey && withoutComment(table.primaryKey),
    uniques: table.uniques.map(withoutComment),
    foreignKeys: table.foreignKeys.map(withoutComment),
    checks: table.checks.map(withoutComment),
    indexes: table.indexes.map(withoutComment),
  };
}

/** @throws AludelError ALUDEL_OPERATION_UNSUPPORTED */
export function refuseExclusion(constraint: Exclusion, database: string): never {
  return refuse(constraint, 'an exclusion constraint', 'its table', database);
}

function withoutComment<T extends { readonly comment?: string }>(part: T): T {
  const { comment: _comment, ...rest } = part;
  return rest as T;
}

function partsOf(constraint: Constraint): string[] {
  switch (constraint.kind) {
    case 'exclusion':
      return ['an exclusion constraint'];
    case 'check':
      return [...(constraint.notValid ? ['NOT VALID'] : []), ...(constraint.noInherit ? ['NO INHERIT'] : [])];
    case 'foreignKey':
      return [...(constraint.notValid ? ['NOT VALID'] : []), ...(constraint.match ? ['MATCH FULL'] : [])];
    default:
      return [
        ...(constraint.deferrable === undefined ? [] : ['DEFERRABLE']),
        ...(constraint.include === undefined ? [] : ['INCLUDE']),
        ...(constraint.kind === 'unique' && constraint.nullsNotDistinct ? ['NULLS NOT DISTINCT'] : []),
      ];
  }
}

function refuse(constraint: Constraint, part: string, table: string, database: string): never {
  const name = constraint.name === null ? '' : ` "${constraint.name}"`;
  throw new AludelError(
    'ALUDEL_OPERATION_UNSUPPORTED',
    `Constraint${name} of ${table} says ${part}, which ${database} has not.`,
    { hint: 'Leave it out for this database.' },
  );
}

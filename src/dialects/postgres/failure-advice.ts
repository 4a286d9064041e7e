import type { Operation } from '../../operations/operation.js';
import { formatTableName } from '../../schema/table-name.js';
import type { ColumnType } from '../../schema/types.js';

/** https://www.postgresql.org/docs/current/errcodes-appendix.html: undefined_object. */
const UNDEFINED_OBJECT = '42704';

/** What may help a person whose operation failed: what it may have left behind, or what it takes for granted. */
export function failureAdvice(operation: Operation, driverCode: unknown): string | undefined {
  if (operation.kind === 'createIndex' && operation.concurrently === true) {
    return `If index "${operation.index.name}" was left INVALID, the next run drops it and builds it again.`;
  }
  const types = driverCode === UNDEFINED_OBJECT ? typesOf(operation) : [];
  const makers = types.flatMap((type) =>
    type.kind === 'enum' ? [`op.createEnum('${formatTableName(type)}', [...])`] : [],
  );
  if (makers.length === 0) return undefined;
  return (
    'On PostgreSQL an enum is a type that must exist before a column has it, and a revision that was generated on another ' +
    `database does not make it: write ${[...new Set(makers)].join(' and ')} before the operation.`
  );
}

function typesOf(operation: Operation): readonly ColumnType[] {
  switch (operation.kind) {
    case 'createTable':
      return operation.table.columns.map(({ type }) => type);
    case 'addColumn':
      return [operation.column.type];
    case 'alterColumn':
      return operation.changes.type === undefined ? [] : [operation.changes.type];
    default:
      return [];
  }
}

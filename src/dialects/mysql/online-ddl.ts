import type { Operation } from '../../operations/operation.js';
import type { Statement } from '../dialect.js';
import { refuse } from '../dispatch.js';

/**
 * Pins how ALTER TABLE is carried out: the server refuses what it cannot do in this way before it touches a row.
 * https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html, https://mariadb.com/kb/en/innodb-online-ddl-overview/
 */
export function pinOnlineDdl(
  operation: Operation,
  statements: readonly Statement[],
  isMariadb: boolean,
): readonly Statement[] {
  const { algorithm, lock } = ('mysql' in operation ? operation.mysql : undefined) ?? {};
  if (algorithm === 'nocopy' && !isMariadb) return refuse(operation, 'only MariaDB has the algorithm "nocopy"');
  const clauses = [
    ...(algorithm === undefined ? [] : [`ALGORITHM=${algorithm.toUpperCase()}`]),
    ...(lock === undefined ? [] : [`LOCK=${lock.toUpperCase()}`]),
  ];
  if (clauses.length === 0) return statements;
  return statements.map((statement) =>
    statement.sql.startsWith('ALTER TABLE ')
      ? { ...statement, sql: [statement.sql, ...clauses].join(', ') }
      : statement,
  );
}

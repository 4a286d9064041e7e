import type { ServerVersion } from '../../engine/connection.js';
import { AludelError } from '../../errors.js';
import type { Column } from '../../schema/table.js';
import { featuresOf } from './features.js';
import { normaliseColumn } from './normalise.js';
import { render } from './expressions.js';
import { quoteIdentifier, quoteString } from './sql.js';
import { normaliseType, renderType } from './types.js';

export interface ColumnDefinitionOptions {
  /** Whether a counter may be one yet: it must be the first column of a key. Default: true. */
  readonly isKeyed?: boolean;
  /** Whether `SELECT *` leaves it out. Default: false. */
  readonly isInvisible?: boolean;
  /** MariaDB: whether a versioned table forgets what it was. Default: false. */
  readonly isUnversioned?: boolean;
  /** What is said in the server's words: `COLUMN_FORMAT FIXED`. Default: nothing. */
  readonly attributes?: string;
  /** MariaDB: the check that belongs to the column itself. Default: none. */
  readonly check?: string | null;
}

/**
 * `` `age` int NOT NULL DEFAULT 18 COMMENT '...' ``: a column is always said as a whole, in CREATE TABLE as in MODIFY.
 * https://dev.mysql.com/doc/refman/8.4/en/create-table.html
 */
export function columnDefinition(
  given: Column,
  server: ServerVersion,
  {
    isKeyed = true,
    isInvisible = false,
    isUnversioned = false,
    attributes = '',
    check = null,
  }: ColumnDefinitionOptions = {},
): string {
  const type = normaliseType(given.type, given.name, server);
  if (type === null || (type.kind === 'varchar' && type.length === null)) {
    throw new AludelError('ALUDEL_TYPE_UNSUPPORTED', `This database has no type for column "${given.name}".`, {
      hint: "Give varchar a length; say others in the database's words: customType({ mysql: '...', mariadb: '...' }).",
    });
  }
  const column = normaliseColumn({ ...given, type }, featuresOf(server));
  const { collation, comment, generated, generation, onUpdate } = column;
  return [
    quoteIdentifier(column.name),
    renderType(type, server),
    collation === null ? '' : `COLLATE ${collation}`,
    generated === null ? '' : generatedClause(render(generated.expression), generated.stored),
    nullability(column),
    column.default === null ? '' : `DEFAULT ${render(column.default)}`,
    onUpdate === null ? '' : `ON UPDATE ${render(onUpdate)}`,
    generation === null || !isKeyed ? '' : 'AUTO_INCREMENT',
    isInvisible ? 'INVISIBLE' : '',
    comment === null ? '' : `COMMENT ${quoteString(comment)}`,
    attributes,
    check === null ? '' : `CHECK (${check})`,
    isUnversioned ? 'WITHOUT SYSTEM VERSIONING' : '',
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function generatedClause(expression: string, stored: boolean): string {
  return `GENERATED ALWAYS AS (${expression}) ${stored ? 'STORED' : 'VIRTUAL'}`;
}

/** An old TIMESTAMP is NOT NULL unless NULL is said (explicit_defaults_for_timestamp, off by default before MariaDB 10.10). */
function nullability(column: Column): string {
  if (!column.nullable) return 'NOT NULL';
  const { type, generated } = column;
  return type.kind === 'timestamp' && type.withTimezone && generated === null ? 'NULL' : '';
}

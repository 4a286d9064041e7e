import type { ServerVersion } from '../../engine/connection.js';
import type {
  Constraint,
  ForeignKey,
  ForeignKeyAction,
  Index,
  PrimaryKey,
  Table,
  TableName,
} from '../../schema/table.js';
import type { Statement } from '../dialect.js';
import { refuseExclusion } from '../postgres-parts.js';
import { columnDefinition } from './columns.js';
import { featuresOf } from './features.js';
import { periodOf, printPeriod, splitOverlaps } from './application-period.js';
import { attributesOf } from './column-attributes.js';
import { MYSQL_STORAGE } from '../mysql-parts.js';
import { render } from './expressions.js';
import { normaliseIndex } from './normalise.js';
import { isInvisible } from './invisible-columns.js';
import { quoteIdentifier, quoteList, quoteString, quoteTable } from './sql.js';
import { isUnversioned, periodLines } from './system-versioning.js';
import { tableOptions } from './table-options.js';

/** CREATE TABLE with all that belongs to it in one statement. https://dev.mysql.com/doc/refman/8.4/en/create-table.html */
export function compileCreateTable(table: Table, server: ServerVersion, ifNotExists?: true): Statement[] {
  const said = table.indexes.filter((index) => index.definition === null);
  const own = table.indexes.flatMap(({ definition }) => (definition === null ? [] : [{ sql: definition }]));
  const verb = ifNotExists === true ? 'CREATE TABLE IF NOT EXISTS' : 'CREATE TABLE';
  return [{ sql: createTable({ ...table, indexes: said }, server, verb) }, ...own];
}

export function createTable(table: Table, server: ServerVersion, verb: string): string {
  const { primaryKey, uniques, indexes, foreignKeys, checks } = table;
  const keys = primaryKey === null ? uniques : [primaryKey, ...uniques];
  const period = periodOf(table.options);
  const lines = [
    ...table.columns.map((column) =>
      columnDefinition(column, server, {
        check: ownCheck(table, column.name, server),
        isInvisible: isInvisible(table.options, column.name),
        isUnversioned: isUnversioned(table.options, column.name),
        attributes: attributesOf(table.options, column.name),
      }),
    ),
    ...periodLines(table.options),
    ...(period === null ? [] : [`PERIOD FOR ${printPeriod(period)}`]),
    ...keys.map(constraintDefinition),
    ...indexes.map((index) => indexDefinition(index, table, server)),
    ...[...foreignKeys, ...checks.filter(({ name }) => ownCheck(table, name, server) === null)].map(
      constraintDefinition,
    ),
  ];
  // Partitions stand last.
  const comment = table.comment === null ? [] : [`COMMENT=${quoteString(table.comment)}`];
  const options = [...comment, ...tableOptions(table.options)];
  const body = lines.map((line) => `  ${line}`).join(',\n');
  return [`${verb} ${quoteTable(table)} (\n${body}\n)`, ...options].join(' ');
}

/** MariaDB: the check that is written into a column, where MODIFY would drop it, bears the column's name. */
export function ownCheck(
  { columns, checks }: Pick<Table, 'columns' | 'checks'>,
  column: string | null,
  server: ServerVersion,
): string | null {
  if (!featuresOf(server).isMariadb || !columns.some(({ name }) => name === column)) return null;
  const check = checks.find(({ name }) => name === column);
  return check === undefined ? null : render(check.expression);
}

/** A constraint as a line of CREATE TABLE, or behind ADD. A primary key has no name here. */
export function constraintDefinition(constraint: Constraint): string {
  const name = constraint.name === null ? '' : `CONSTRAINT ${quoteIdentifier(constraint.name)} `;
  switch (constraint.kind) {
    case 'primaryKey':
      return `PRIMARY KEY (${keyParts(constraint)})${methodClause(constraint)}${storageClauses(constraint)}${commentClause(constraint)}`;
    case 'unique':
      return `${name}UNIQUE (${joinParts(constraint.columns.map(quoteIdentifier), constraint)})${methodClause(constraint)}${storageClauses(constraint)}`;
    case 'check':
      return `${name}CHECK (${render(constraint.expression)})${constraint.notEnforced === true ? ' NOT ENFORCED' : ''}`;
    case 'exclusion':
      return refuseExclusion(constraint, 'MySQL');
    case 'foreignKey': {
      const { columns, target, targetColumns } = constraint;
      const referred = `${quoteTable(target)} (${quoteList(targetColumns)})`;
      return `${name}FOREIGN KEY (${quoteList(columns)}) REFERENCES ${referred}${actionClauses(constraint)}`;
    }
  }
}

function keyParts(key: PrimaryKey): string {
  const { lengths = {}, descending = [] } = key;
  const parts = key.columns.map((column) => {
    const length = lengths[column] === undefined ? '' : `(${lengths[column]})`;
    return `${quoteIdentifier(column)}${length}${descending.includes(column) ? ' DESC' : ''}`;
  });
  return joinParts(parts, key);
}

function joinParts(parts: readonly string[], key: Pick<PrimaryKey, 'storage'>): string {
  const [own, period] = splitOverlaps(parts, key);
  return [...own, ...(period === null ? [] : [period])].join(', ');
}

function methodClause({ method }: { readonly method?: string }): string {
  return method === undefined ? '' : ` USING ${method.toUpperCase()}`;
}

function actionClauses({ onDelete, onUpdate, saysNoAction }: ForeignKey): string {
  const clause = (word: string, action: ForeignKeyAction, isSaid: boolean): string =>
    action === 'no action' && !isSaid ? '' : ` ON ${word} ${action.toUpperCase()}`;
  const [onDeleteSaid, onUpdateSaid] = [saysNoAction !== 'update', saysNoAction !== 'delete'];
  const says = saysNoAction !== undefined;
  return clause('DELETE', onDelete, says && onDeleteSaid) + clause('UPDATE', onUpdate, says && onUpdateSaid);
}

function commentClause({ comment }: Constraint): string {
  return comment === undefined ? '' : ` COMMENT ${quoteString(comment)}`;
}

/** An index as a line of CREATE TABLE, or behind ADD. */
export function indexDefinition(given: Index, table: TableName, server: ServerVersion): string {
  // A server that knows no DESC passes over it, and a script does not know the server that it will run on.
  const index = { ...normaliseIndex(given, table, server), parts: given.parts };
  const words = index.method === 'fulltext' || index.method === 'spatial' ? `${index.method.toUpperCase()} ` : '';
  const kind = index.unique ? 'UNIQUE ' : words;
  const using = index.method === null || words !== '' ? '' : ` USING ${index.method.toUpperCase()}`;
  const hidden = index.invisible === true ? (featuresOf(server).isMariadb ? ' IGNORED' : ' INVISIBLE') : '';
  const comment = index.comment === undefined ? '' : ` COMMENT ${quoteString(index.comment)}`;
  return `${kind}INDEX ${quoteIdentifier(index.name)} (${indexParts(index)})${using}${storageClauses(index)}${comment}${hidden}`;
}

function storageClauses({ storage = {} }: Pick<Index, 'storage'>): string {
  const { keyBlockSize, parser, attributes } = storage;
  const size = keyBlockSize === undefined ? '' : ` ${MYSQL_STORAGE['keyBlockSize']}=${keyBlockSize}`;
  const words = parser === undefined ? '' : ` ${MYSQL_STORAGE['parser']} ${quoteIdentifier(parser)}`;
  return `${size}${words}${attributes === undefined ? '' : ` ${attributes}`}`;
}

function indexParts(index: Index): string {
  const parts = index.parts.map(({ expression, descending, length }) => {
    const text = expression.kind === 'column' ? quoteIdentifier(expression.name) : `(${render(expression)})`;
    return `${text}${length === null ? '' : `(${length})`}${descending ? ' DESC' : ''}`;
  });
  return joinParts(parts, index);
}

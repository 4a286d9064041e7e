/** The names of views, triggers, events and routines from information_schema; SHOW CREATE has them as they were written. */
import { isRefusedStatement } from '../../../errors.js';
import type { Connection, Row } from '../../../engine/connection.js';
import { byObjectKey, type DatabaseObject, objectKey, statementOf } from '../../../schema/objects.js';
import { textOf, textOrNull } from '../../row.js';
import { OBJECTS } from '../catalog.js';
import { bodyOptions } from './body-mode.js';
import { quoteIdentifier } from '../sql.js';
import { joinTokens, tokenize } from '../tokens.js';
import { withoutDatabase } from '../without-database.js';
import { readTriggerOrder, withOrder } from './trigger-order.js';

/** One statement, and one for each object. `sqlMode` is the session's. Definers are left alone: they are no part of the definition. */
export async function readObjects(connection: Connection, sqlMode: string): Promise<DatabaseObject[]> {
  const { rows } = await connection.execute(OBJECTS);
  const objects: DatabaseObject[] = [];
  const add = (row: Row, object: DatabaseObject): void =>
    void objects.push(withDefiner(withoutEnd(object), textOrNull(row, 'definer')));
  const order = readTriggerOrder(rows);
  for (const row of rows) {
    const kind = textOf(row, 'kind');
    const name = textOf(row, 'name');
    if (kind === 'view') objects.push(await readView(connection, row, name));
    if (kind === 'trigger') add(row, await readTrigger(connection, sqlMode, row, name, order.get(name)));
    if (kind === 'event') add(row, await readEvent(connection, sqlMode, name));
    if (kind === 'function' || kind === 'procedure') add(row, await readRoutine(connection, sqlMode, kind, name));
  }
  return objects.toSorted(byObjectKey);
}

/**
 * SHOW CREATE VIEW alone has the character sets of literals, and on MySQL the algorithm. What every view is, is left unsaid:
 * `ALGORITHM=UNDEFINED`, `SQL SECURITY DEFINER`.
 */
async function readView(connection: Connection, row: Row, name: string): Promise<DatabaseObject> {
  const [body, database] = [textOf(row, 'body'), textOf(row, 'database_name')];
  const shown = await connection.execute(`SHOW CREATE VIEW ${quoteIdentifier(name)}`).then(
    ({ rows }) => textOf(rows[0] ?? {}, 'Create View'),
    (error: unknown) => {
      // Not every version shows a view that names what is gone.
      if (!isRefusedStatement(error)) throw error;
      return `CREATE VIEW ${quoteIdentifier(name)} AS ${body}`;
    },
  );
  const definition = withoutDefiner(withoutDatabase(shown, database))
    .replace(/^CREATE ALGORITHM=UNDEFINED /, 'CREATE ')
    .replace(/^(CREATE (?:ALGORITHM=\w+ )?)SQL SECURITY DEFINER /, '$1');
  return withDefiner({ kind: 'view', namespace: null, name, definition }, textOrNull(row, 'definer'));
}

/** Two triggers are compared by the catalog; one that is made again is made with the words of its statement. */
async function readTrigger(
  connection: Connection,
  sqlMode: string,
  row: Row,
  name: string,
  previous: string | undefined,
): Promise<DatabaseObject> {
  const { statement, ...options } = await showBody(connection, sqlMode, 'TRIGGER', name);
  const table = { namespace: null, name: textOf(row, 'table_name') };
  const head = `CREATE TRIGGER ${quoteIdentifier(name)} ${textOf(row, 'timing')} ${textOf(row, 'event')}`;
  const definition = `${head} ON ${quoteIdentifier(table.name)} FOR EACH ROW ${textOf(row, 'body')}`;
  const trigger = { kind: 'trigger', namespace: null, table } as const;
  if (previous === undefined) return { ...trigger, name, definition, source: statement, ...options };
  const order = `FOLLOWS ${quoteIdentifier(previous)}`;
  return {
    ...trigger,
    name,
    definition: withOrder(definition, order),
    source: withOrder(statement, order),
    ...options,
    dependsOn: [objectKey({ ...trigger, name: previous })],
  };
}

/** Two events are compared as they are shown: the catalog has their bodies without the escapes of strings. */
async function readEvent(connection: Connection, sqlMode: string, name: string): Promise<DatabaseObject> {
  const { statement, ...options } = await showBody(connection, sqlMode, 'EVENT', name);
  return { kind: 'event', namespace: null, name, definition: statement, ...options };
}

async function readRoutine(
  connection: Connection,
  sqlMode: string,
  kind: 'function' | 'procedure',
  name: string,
): Promise<DatabaseObject> {
  const word = kind === 'function' ? 'FUNCTION' : 'PROCEDURE';
  const { statement, ...options } = await showBody(connection, sqlMode, word, name);
  return { kind, namespace: null, name, definition: statement, ...options };
}

const SHOWN_AS = {
  TRIGGER: 'SQL Original Statement',
  EVENT: 'Create Event',
  FUNCTION: 'Create Function',
  PROCEDURE: 'Create Procedure',
};

async function showBody(
  connection: Connection,
  sqlMode: string,
  word: keyof typeof SHOWN_AS,
  name: string,
): Promise<{ readonly statement: string } & Pick<DatabaseObject, 'options'>> {
  const { rows } = await connection.execute(`SHOW CREATE ${word} ${quoteIdentifier(name)}`);
  const row = rows[0] ?? {};
  const statement = withoutDefiner(textOf(row, SHOWN_AS[word]));
  return { statement, ...bodyOptions(statement, textOf(row, 'sql_mode'), sqlMode) };
}

/** MySQL keeps the semicolon behind a body that was sent together with another statement. */
function withoutEnd(object: DatabaseObject): DatabaseObject {
  const cut = (sql: string): string => sql.replace(/;\s*$/, '');
  const { definition, source } = object;
  return { ...object, definition: cut(definition), ...(source === undefined ? {} : { source: cut(source) }) };
}

/** Somebody else's object stays theirs when it is made again. */
function withDefiner(object: DatabaseObject, definer: string | null): DatabaseObject {
  const at = definer?.lastIndexOf('@') ?? -1;
  if (definer === null || at === -1) return object;
  const clause = `DEFINER=${quoteIdentifier(definer.slice(0, at))}@${quoteIdentifier(definer.slice(at + 1))}`;
  const statement = statementOf(object);
  // ALGORITHM stands before the definer.
  const head = /^CREATE (?:ALGORITHM=\w+ )?/i.exec(statement)?.[0] ?? '';
  return { ...object, source: `${head}${clause} ${statement.slice(head.length)}` };
}

/** ``CREATE DEFINER=`root`@`localhost` FUNCTION ...`` without the definer. */
function withoutDefiner(sql: string): string {
  const tokens = tokenize(sql);
  const at = tokens.findIndex(({ kind, text }) => kind === 'word' && text.toUpperCase() === 'DEFINER');
  if (at === -1 || at > 6) return sql;
  const end = tokens.findIndex(({ kind }, i) => i > at && kind === 'space');
  return joinTokens(end === -1 ? tokens : tokens.toSpliced(at, end + 1 - at));
}

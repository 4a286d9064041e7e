/** Views, triggers and events from information_schema; SHOW CREATE has triggers and the parameters of routines as they were written. */
import { isRefusedStatement } from '../../../errors.js';
import type { Connection, Row } from '../../../engine/connection.js';
import { byObjectKey, type DatabaseObject, statementOf } from '../../../schema/objects.js';
import { textOf, textOrNull } from '../../row.js';
import { OBJECTS } from '../catalog.js';
import { quoteIdentifier, quoteString } from '../sql.js';
import { joinTokens, tokenize } from '../tokens.js';
import { withoutDatabase } from '../without-database.js';

/** One statement, and one for each function, procedure and trigger. Definers are left alone: they are no part of the definition. */
export async function readObjects(connection: Connection): Promise<DatabaseObject[]> {
  const { rows } = await connection.execute(OBJECTS(connection.server.dialect === 'mariadb'));
  const objects: DatabaseObject[] = [];
  const add = (row: Row, object: DatabaseObject): void =>
    void objects.push(withDefiner(withoutEnd(object), textOrNull(row, 'definer')));
  for (const row of rows) {
    const kind = textOf(row, 'kind');
    const name = textOf(row, 'name');
    if (kind === 'view') objects.push(await readView(connection, row, name));
    if (kind === 'trigger') add(row, await readTrigger(connection, row, name));
    if (kind === 'event') add(row, await readEvent(connection, row, name));
    if (kind === 'function' || kind === 'procedure') add(row, await readRoutine(connection, kind, name));
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
async function readTrigger(connection: Connection, row: Row, name: string): Promise<DatabaseObject> {
  const { rows } = await connection.execute(`SHOW CREATE TRIGGER ${quoteIdentifier(name)}`);
  const table = textOf(row, 'table_name');
  const head = `CREATE TRIGGER ${quoteIdentifier(name)} ${textOf(row, 'a')} ${textOf(row, 'b')}`;
  return {
    kind: 'trigger',
    namespace: null,
    name,
    table: { namespace: null, name: table },
    definition: `${head} ON ${quoteIdentifier(table)} FOR EACH ROW ${textOf(row, 'body')}`,
    source: withoutDefiner(textOf(rows[0] ?? {}, 'SQL Original Statement')),
  };
}

/** https://dev.mysql.com/doc/refman/8.4/en/create-event.html */
async function readEvent(connection: Connection, row: Row, name: string): Promise<DatabaseObject> {
  const [at, interval, unit] = [textOrNull(row, 'b'), textOf(row, 'c'), textOf(row, 'd')];
  const [starts, ends, status] = [textOrNull(row, 'e'), textOrNull(row, 'f'), textOf(row, 'g')];
  const comment = textOrNull(row, 'comment');
  const value = /^\d+$/.test(interval) ? interval : interval.startsWith("'") ? interval : quoteString(interval);
  const schedule =
    at === null
      ? `EVERY ${value} ${unit}${starts === null ? '' : ` STARTS '${starts}'`}${ends === null ? '' : ` ENDS '${ends}'`}`
      : `AT '${at}'`;
  const state = status === 'ENABLED' ? 'ENABLE' : status === 'DISABLED' ? 'DISABLE' : 'DISABLE ON SLAVE';
  return {
    kind: 'event',
    namespace: null,
    name,
    definition: [
      `CREATE EVENT ${quoteIdentifier(name)}`,
      `ON SCHEDULE ${schedule}`,
      `ON COMPLETION ${textOf(row, 'h')}`,
      state,
      ...(comment === null ? [] : [`COMMENT ${quoteString(comment)}`]),
      `DO ${await readBody(connection, row, name)}`,
    ].join(' '),
  };
}

/** The catalog prints characters beyond U+FFFF as `?`. */
async function readBody(connection: Connection, row: Row, name: string): Promise<string> {
  const body = textOf(row, 'body');
  if (!body.includes('?')) return body;
  const { rows } = await connection.execute(`SHOW CREATE EVENT ${quoteIdentifier(name)}`);
  const shown = textOf(rows[0] ?? {}, 'Create Event');
  const astral = /[\u{10000}-\u{10ffff}]/gu;
  const end = body.length + (shown.match(astral)?.length ?? 0);
  const known = shown.slice(-end);
  return known.replace(astral, '?') === body ? known : body;
}

async function readRoutine(
  connection: Connection,
  kind: 'function' | 'procedure',
  name: string,
): Promise<DatabaseObject> {
  const { rows } = await connection.execute(`SHOW CREATE ${kind.toUpperCase()} ${quoteIdentifier(name)}`);
  const shown = textOf(rows[0] ?? {}, kind === 'function' ? 'Create Function' : 'Create Procedure');
  return { kind, namespace: null, name, definition: withoutDefiner(shown) };
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

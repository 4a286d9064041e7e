import { createHash } from 'node:crypto';
import type { Connection } from '../../engine/connection.js';
import { textOf, textOrNull } from '../row.js';
import { quoteIdentifier } from './sql.js';
import { tokenize } from './tokens.js';

/**
 * A digest of what the tables, views, triggers, routines and events of these names look like, and of which of them are
 * there: DDL changes it, rows do not. The names are those that stand in a statement, so that it can be told later whether it
 * took effect.
 */
export async function readTableStates(connection: Connection, sql: string): Promise<string> {
  const names = namesIn(sql);
  const { rows } = await connection.execute(
    `SELECT TABLE_NAME AS name, TABLE_TYPE AS type FROM information_schema.TABLES
     WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN (${names.map(() => '?').join(', ')}) ORDER BY TABLE_NAME`,
    names,
  );
  const hash = createHash('sha256');
  for (const row of rows) {
    const name = textOf(row, 'name');
    const isView = textOf(row, 'type') === 'VIEW';
    const text = isView ? await showView(connection, name) : await showTable(connection, name);
    hash.update(`${name}\0${text}\0`);
  }
  if (OF_OBJECT.test(sql)) {
    for (const { kind, name, text } of await readObjects(connection, names)) hash.update(`${kind}\0${name}\0${text}\0`);
  }
  return hash.digest('hex').slice(0, 32);
}

/** What no table shows; a word too many costs one look at the catalog. */
const OF_OBJECT = /\b(?:TRIGGER|PROCEDURE|FUNCTION|EVENT)\b/i;

interface ObjectState {
  readonly kind: string;
  readonly name: string;
  readonly text: string;
}

/** Triggers, routines and events, with all of them that a new definition changes. */
async function readObjects(connection: Connection, names: readonly string[]): Promise<ObjectState[]> {
  const list = names.map(() => '?').join(', ');
  const { rows } = await connection.execute(
    `SELECT 'TRIGGER' AS kind, TRIGGER_NAME AS name,
            CONCAT_WS('\\0', ACTION_TIMING, EVENT_MANIPULATION, EVENT_OBJECT_TABLE, ACTION_ORDER, CREATED, ACTION_STATEMENT) AS text
     FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE() AND TRIGGER_NAME IN (${list})
     UNION ALL
     SELECT ROUTINE_TYPE, ROUTINE_NAME, CONCAT_WS('\\0', CREATED, LAST_ALTERED, ROUTINE_DEFINITION)
     FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE() AND ROUTINE_NAME IN (${list})
     UNION ALL
     SELECT 'EVENT', EVENT_NAME, CONCAT_WS('\\0', CREATED, LAST_ALTERED, EVENT_DEFINITION)
     FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE() AND EVENT_NAME IN (${list})
     ORDER BY 1, 2`,
    [...names, ...names, ...names],
  );
  return rows.map((row) => ({
    kind: textOf(row, 'kind'),
    name: textOf(row, 'name'),
    text: textOrNull(row, 'text') ?? '',
  }));
}

async function showTable(connection: Connection, name: string): Promise<string> {
  const { rows } = await connection.execute(`SHOW CREATE TABLE ${quoteIdentifier(name)}`);
  // Rows that come in count on.
  return textOf(rows[0] ?? {}, 'Create Table').replace(/ AUTO_INCREMENT=\d+/, '');
}

/** A view that names what is gone cannot be shown on every version. */
async function showView(connection: Connection, name: string): Promise<string> {
  const { rows } = await connection.execute(
    `SELECT VIEW_DEFINITION AS text FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?`,
    [name],
  );
  return textOf(rows[0] ?? {}, 'text');
}

/** Everything in a statement that can be the name of a table; a few words more cost nothing. */
function namesIn(sql: string): string[] {
  const names = tokenize(sql).flatMap(({ kind, text }) => {
    if (kind === 'name') return [text.slice(1, -1).replaceAll('``', '`')];
    return kind === 'word' ? [text] : [];
  });
  // No name is longer, and one that is no name must not make the list empty.
  return [...new Set(['', ...names.filter((name) => name.length <= 64)])];
}

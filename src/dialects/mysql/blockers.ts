import type { Connection } from '../../engine/connection.js';
import type { Blocker } from '../dialect.js';
import { textOf, textOrNull } from '../row.js';

export async function sessionOf(connection: Connection): Promise<string> {
  const { rows } = await connection.execute('SELECT CONNECTION_ID() AS id');
  return textOf(rows[0] ?? {}, 'id');
}

/** Metadata locks, which DDL waits for, and row locks. Needs the right to read performance_schema. */
const MYSQL = `SELECT DISTINCT h.PROCESSLIST_ID AS id, h.PROCESSLIST_USER AS account, h.PROCESSLIST_HOST AS host
  FROM performance_schema.threads w
  JOIN performance_schema.metadata_locks p ON p.OWNER_THREAD_ID = w.THREAD_ID AND p.LOCK_STATUS = 'PENDING'
  JOIN performance_schema.metadata_locks g ON g.LOCK_STATUS = 'GRANTED' AND g.OWNER_THREAD_ID <> p.OWNER_THREAD_ID
    AND g.OBJECT_TYPE = p.OBJECT_TYPE AND g.OBJECT_SCHEMA = p.OBJECT_SCHEMA AND g.OBJECT_NAME = p.OBJECT_NAME
  JOIN performance_schema.threads h ON h.THREAD_ID = g.OWNER_THREAD_ID
  WHERE w.PROCESSLIST_ID = ?
  UNION SELECT h.PROCESSLIST_ID, h.PROCESSLIST_USER, h.PROCESSLIST_HOST
  FROM performance_schema.threads w
  JOIN performance_schema.data_lock_waits d ON d.REQUESTING_THREAD_ID = w.THREAD_ID
  JOIN performance_schema.threads h ON h.THREAD_ID = d.BLOCKING_THREAD_ID
  WHERE w.PROCESSLIST_ID = ?`;

/** MariaDB tells who holds row locks. */
const MARIADB = `SELECT DISTINCT b.trx_mysql_thread_id AS id, l.USER AS account, l.HOST AS host
  FROM information_schema.INNODB_LOCK_WAITS w
  JOIN information_schema.INNODB_TRX r ON r.trx_id = w.requesting_trx_id AND r.trx_mysql_thread_id = ?
  JOIN information_schema.INNODB_TRX b ON b.trx_id = w.blocking_trx_id
  LEFT JOIN information_schema.PROCESSLIST l ON l.ID = b.trx_mysql_thread_id`;

/** Of metadata locks it says nothing without a plugin: whoever has a transaction open may be the one. */
const MARIADB_OPEN = `SELECT t.trx_mysql_thread_id AS id, l.USER AS account, l.HOST AS host
  FROM information_schema.PROCESSLIST own
  JOIN information_schema.INNODB_TRX t ON t.trx_mysql_thread_id NOT IN (0, own.ID)
  JOIN information_schema.PROCESSLIST l ON l.ID = t.trx_mysql_thread_id AND l.DB = own.DB
  WHERE own.ID = ? AND own.STATE LIKE 'Waiting for table metadata lock%'`;

export async function findBlockers(observer: Connection, session: string): Promise<readonly Blocker[]> {
  const read = async (sql: string, word: string): Promise<readonly Blocker[]> => {
    const params = Array.from({ length: sql.split('?').length - 1 }, () => session);
    const { rows } = await observer.execute(sql, params);
    return rows.map((row) => {
      const id = textOf(row, 'id');
      const account = textOrNull(row, 'account') ?? 'unknown';
      return {
        text: `${word}session ${id} (user ${account}, from ${textOrNull(row, 'host') ?? 'unknown'})`,
        end: `KILL ${id};`,
      };
    });
  };
  if (observer.dialect === 'mysql') return read(MYSQL, '');
  const known = await read(MARIADB, '');
  return known.length > 0 ? known : read(MARIADB_OPEN, 'perhaps ');
}

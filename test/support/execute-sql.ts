import Database from 'better-sqlite3';
import mysql from 'mysql2/promise';
import pg from 'pg';

/** Runs statements in order on a connection of their own, through the driver and past Aludel. */
export async function executeSql(url: string, statements: readonly string[]): Promise<void> {
  if (url.startsWith('sqlite:')) {
    const database = new Database(url.slice('sqlite:'.length));
    try {
      for (const sql of statements) database.exec(sql);
    } finally {
      database.close();
    }
  } else if (url.startsWith('postgres')) {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      for (const sql of statements) await client.query(sql);
    } finally {
      await client.end();
    }
  } else {
    const connection = await mysql.createConnection({ uri: url });
    try {
      for (const sql of statements) await connection.query(sql);
    } finally {
      await connection.end();
    }
  }
}

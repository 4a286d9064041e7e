/** Where the databases of a pair live: made, loaded with DDL past Aludel, and dropped again. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import mysql from 'mysql2/promise';
import pg from 'pg';
import { splitSql } from '../../src/dialects/split-sql.js';
import { findClient } from '../servers/clients.js';
import { runCommand } from '../servers/run-command.js';

/** A database of one side of a pair. */
export interface PairDatabase {
  readonly url: string;
  /** Runs DDL of several statements; rejects where the server does not take it. */
  load(ddl: string): Promise<void>;
  drop(): Promise<void>;
}

export interface PairServer {
  /** An empty database. */
  create(): Promise<PairDatabase>;
  /** PostgreSQL: roles that the DDL takes for granted. */
  createRoles(names: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** The server of a URL; `sqlite:` stands for files in a temporary folder. */
export async function openPairServer(url: string): Promise<PairServer> {
  if (url.startsWith('sqlite:')) return openFolder();
  return url.startsWith('postgres') ? openPostgres(url) : openMysql(url);
}

function newName(): string {
  return `pair_${randomBytes(8).toString('hex')}`;
}

function databaseUrl(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

async function openFolder(): Promise<PairServer> {
  const folder = await mkdtemp(join(tmpdir(), 'aludel-pairs-'));
  return {
    create: async () => {
      const file = join(folder, `${newName()}.db`);
      return {
        url: `sqlite:${file}`,
        load: async (ddl) => {
          const database = new Database(file);
          try {
            database.exec(ddl);
          } finally {
            database.close();
          }
        },
        drop: () => rm(file, { force: true }),
      };
    },
    createRoles: async () => {},
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

async function openPostgres(server: string): Promise<PairServer> {
  const admin = new pg.Pool({ connectionString: server, max: 4 });
  return {
    create: async () => {
      const name = newName();
      await admin.query(`CREATE DATABASE ${name} TEMPLATE template0`);
      const url = databaseUrl(server, name);
      return {
        url,
        load: (ddl) => loadPostgres(url, ddl),
        drop: async () => {
          await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
        },
      };
    },
    createRoles: async (names) => {
      // The cases write roles as SQL does, quoted where it has to be. 42710: it exists already.
      for (const role of names) {
        await admin.query(`CREATE ROLE ${role}`).catch((error: unknown) => {
          if (!(error instanceof pg.DatabaseError) || error.code !== '42710') throw error;
        });
      }
    },
    close: () => admin.end(),
  };
}

/** In one go; what must not stand in one transaction goes through psql, statement by statement. */
async function loadPostgres(url: string, ddl: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const failure = await client.query(ddl).then(
    () => null,
    (error: unknown) => error,
  );
  await client.end();
  if (failure === null) return;
  const folder = await mkdtemp(join(tmpdir(), 'aludel-ddl-'));
  try {
    const file = join(folder, 'ddl.sql');
    await writeFile(file, ddl);
    await runCommand(await findClient('psql'), ['-q', '-X', '-v', 'ON_ERROR_STOP=1', '-f', file, '-d', url]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function openMysql(server: string): Promise<PairServer> {
  const admin = mysql.createPool({ uri: server, connectionLimit: 4 });
  return {
    create: async () => {
      const name = newName();
      await admin.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
      const url = databaseUrl(server, name);
      return {
        url,
        load: async (ddl) => {
          if (ddl.trim() === '') return;
          // One by one, as the client program sends them: MySQL keeps the semicolon of a trigger's body that comes with more.
          const connection = await mysql.createConnection({ uri: url });
          try {
            // `\n` on a line of its own is a word of that program: no pager.
            const text = ddl.replaceAll(/^\\n$/gm, '');
            for (const { sql } of splitSql(text, 'mysql')) await connection.query(sql);
          } finally {
            await connection.end();
          }
        },
        drop: async () => {
          await admin.query(`DROP DATABASE IF EXISTS ${name}`);
        },
      };
    },
    createRoles: async () => {},
    close: () => admin.end(),
  };
}

/** PostgreSQL through `pg`, which is loaded at the first connection. */
import type { Client } from 'pg';
import { wrapConnectError } from '../driver-errors.js';
import {
  AS_OBJECTS,
  type DriverConnection,
  type DriverCursor,
  type DriverResult,
  type DriverSettings,
  type RunMode,
} from '../driver.js';
import { loadDriver } from '../load-driver.js';
import type { BeginOptions, PlainStatement, ServerVersion } from '../connection.js';
import { readTimestamp } from '../../util/read-timestamp.js';
import type { ServerUrl } from '../url.js';
import { PostgresBatch } from './postgres-batch.js';
import { makeCopyQuery } from './postgres-copy.js';
import { type Parameter, PostgresQuery, type PostgresQueryOptions, type Wire } from './postgres-query.js';
import { isStaleStatement, PreparedStatements } from './prepared-statements.js';

type Pg = typeof import('pg');

/**
 * `pg` turns `date`, `timestamp` and arrays of them into a `Date` of the process's own time zone. They stay text, under
 * the parser of `text` and `text[]`: https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat
 */
const PARSED_AS: ReadonlyMap<number, number> = new Map([
  [1082, 25],
  [1114, 25],
  [1182, 1009],
  [1115, 1009],
]);

const TIMESTAMPTZ = 1184;

/** Years before Christ and `infinity` stay text, which no Date can hold. */
function readInstant(text: string): Date | string {
  const date = /^\d{4}-/.test(text) && !text.endsWith('BC') ? readTimestamp(text) : undefined;
  return date === undefined || Number.isNaN(date.getTime()) ? text : date;
}

/** Commands whose row count is a count of changed rows. */
const CHANGING_COMMANDS: ReadonlySet<string> = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE', 'COPY']);

/** Our own words go by the simple protocol: one message instead of five. */
const ENDS: ReadonlySet<string> = new Set(['COMMIT', 'ROLLBACK']);

/** What `@types/pg` leaves out. */
interface ClientInternals {
  readonly processID: number | null;
  readonly connection: Pick<Wire, 'close'> & {
    readonly stream: { destroy(): void };
    on(event: 'readyForQuery', listener: (message: { readonly status: string }) => void): void;
  };
  /** A timer of the driver's own runs for all that goes in one write. */
  readonly connectionParameters: { readonly query_timeout?: number | false };
  query(query: PostgresQuery | PostgresBatch): void;
  ref(): void;
  unref(): void;
}

interface PgInternals {
  readonly utils: { prepareValue(value: unknown): Parameter };
}

export async function openPostgres(
  url: string,
  target: ServerUrl,
  settings: DriverSettings,
): Promise<DriverConnection> {
  const pg = await loadDriver<Pg>('pg');
  const client = new pg.Client({
    application_name: target.options['application_name'] ?? 'aludel',
    keepAlive: true,
    ...(settings.ssl === false ? {} : { ssl: settings.ssl }),
    ...settings.connectArgs,
    // pg reads the URL itself: sslmode, sslrootcert, a socket as host, and the PG* variables for what is missing.
    connectionString: url,
    connectionTimeoutMillis: settings.connectTimeout,
  });
  const connection = new PostgresConnection(pg, client);
  try {
    await client.connect();
    await connection.prepare(settings);
    return connection;
  } catch (error) {
    void client.end().catch(() => undefined);
    const { place } = connection;
    const names = { dialect: target.dialect, place, user: client.user, database: client.database };
    throw wrapConnectError(error, names, settings.hideParameters);
  }
}

class PostgresConnection implements DriverConnection {
  readonly beginsTogether = true;
  readonly #pg: Pg & PgInternals;
  readonly #client: Client & ClientInternals;
  readonly #prepared: PreparedStatements;
  #server: ServerVersion = { dialect: 'postgres', major: 0, minor: 0, text: '' };
  #isLost = false;
  /** As the server says it: idle, in a transaction, in a failed one. */
  #status = 'I';
  #cursors = 0;

  constructor(pg: Pg, client: Client) {
    this.#pg = pg as Pg & PgInternals;
    this.#client = client as Client & ClientInternals;
    const { connection } = this.#client;
    // Goes out with the next statement, and the server minds neither a failed transaction nor an unknown name.
    this.#prepared = new PreparedStatements((name) => connection.close({ type: 'S', name }));
    connection.on('readyForQuery', ({ status }) => {
      this.#status = status;
    });
    // Without a listener an error of an idle connection would end the process.
    client.on('error', () => {
      this.#isLost = true;
    });
    client.on('end', () => {
      this.#isLost = true;
    });
  }

  get server(): ServerVersion {
    return this.#server;
  }

  get processId(): number | undefined {
    return this.#client.processID ?? undefined;
  }

  get place(): string {
    const { host, port } = this.#client;
    return host.startsWith('/') ? host : `${host}:${port}`;
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  get isInTransaction(): boolean {
    return this.#status !== 'I';
  }

  /** Settings in one round trip, and not as start-up options: poolers refuse those. */
  async prepare({ lockTimeout, statementTimeout, isolationLevel }: DriverSettings): Promise<void> {
    const values: Record<string, string> = {
      TimeZone: 'UTC',
      // 0 would mean to wait for ever.
      lock_timeout: `${Math.max(1, Math.ceil(lockTimeout))}ms`,
      ...(statementTimeout !== undefined && { statement_timeout: `${Math.max(1, Math.ceil(statementTimeout))}ms` }),
      ...(isolationLevel !== undefined && { default_transaction_isolation: isolationLevel }),
    };
    const names = Object.keys(values);
    const calls = names.map((name, index) => `set_config('${name}', $${index + 1}, false)`);
    const sql = `SELECT ${calls.join(', ')}, current_setting('server_version') AS version`;
    const [row] = (await this.run(sql, Object.values(values))).rows as readonly Record<string, unknown>[];
    const text = String(row?.['version']);
    const [, major, minor] = /^(\d+)(?:\.(\d+))?/.exec(text) ?? [];
    this.#server = {
      dialect: 'postgres',
      major: Number(major ?? 0),
      minor: Number(minor ?? 0),
      text,
    };
  }

  beginSql({ isolationLevel, readOnly }: BeginOptions): readonly string[] {
    const level = isolationLevel === undefined ? '' : ` ISOLATION LEVEL ${isolationLevel.toUpperCase()}`;
    return [`BEGIN${level}${readOnly === true ? ' READ ONLY' : ''}`];
  }

  async run(sql: string, params: readonly unknown[], mode: RunMode = AS_OBJECTS): Promise<DriverResult> {
    if (mode.isCursor === true) {
      return this.#openCursor(sql, params, mode);
    }
    if (mode.each !== undefined) {
      return this.#copy(sql, mode.each, mode);
    }
    if (!mode.prepare) {
      this.#prepared.heed(sql);
      return this.#send(sql, params, mode);
    }
    try {
      return await this.#send(sql, params, mode, this.#prepared.of(sql));
    } catch (error) {
      if (!isStaleStatement(error)) throw error;
      this.#prepared.forget(sql);
      // Within a transaction the server wants a rollback first, and the caller to run it again.
      if (this.isInTransaction) {
        throw error;
      }
      return this.#send(sql, params, mode, this.#prepared.of(sql));
    }
  }

  get runsTogether(): boolean {
    return !this.#client.connectionParameters.query_timeout;
  }

  runTogether(statements: readonly PlainStatement[]): readonly Promise<DriverResult>[] {
    const queries = statements.map(({ sql, params }) => {
      this.#prepared.heed(sql);
      return new PostgresQuery({
        sql,
        values: params.map((value) => this.#toParameter(value)),
        parserOf: this.#parserOf,
      });
    });
    const results = queries.map(answerOf);
    this.#client.query(new PostgresBatch(queries));
    return results;
  }

  /** https://www.postgresql.org/docs/current/sql-declare.html; a cursor ends with its transaction. */
  async #openCursor(sql: string, params: readonly unknown[], mode: RunMode): Promise<DriverResult> {
    const name = `aludel_cursor_${++this.#cursors}`;
    const opened = await this.#send(`DECLARE ${name} NO SCROLL CURSOR FOR ${sql}`, params, mode);
    // The transaction has begun with it.
    const { begin: _, ...rest } = mode;
    const cursor: DriverCursor = {
      read: async (count) => (await this.#send(`FETCH FORWARD ${count} FROM ${name}`, [], rest)).rows,
      close: async () => {
        // A failed transaction takes no statement, and takes the cursor with it.
        if (this.#status === 'T') await this.#send(`CLOSE ${name}`, [], AS_OBJECTS);
      },
    };
    return { ...opened, columns: [], cursor };
  }

  #send(
    sql: string,
    params: readonly unknown[],
    { asArrays, begin }: RunMode,
    prepared?: PostgresQueryOptions['prepared'],
  ): Promise<DriverResult> {
    const values = params.map((value) => this.#toParameter(value));
    // The extended protocol refuses a text of several statements, where the simple one would run them all.
    const isSimple = ENDS.has(sql);
    return this.#submit(
      new PostgresQuery({ sql, values, asArrays, begin, prepared, isSimple, parserOf: this.#parserOf }),
    );
  }

  /** Rows for `COPY ... FROM STDIN`. */
  async #copy(sql: string, rows: readonly (readonly unknown[])[], { begin }: RunMode): Promise<DriverResult> {
    const query = makeCopyQuery(sql, rows, (value) => this.#toParameter(value));
    if (begin !== undefined) await this.#send(begin, [], AS_OBJECTS);
    return this.#submit(query);
  }

  #submit(query: PostgresQuery): Promise<DriverResult> {
    const answer = answerOf(query);
    this.#client.query(query);
    return answer;
  }

  readonly #parserOf = (oid: number): ((text: string) => unknown) =>
    // The driver's own takes several times as long; sessions run in UTC.
    oid === TIMESTAMPTZ ? readInstant : this.#pg.types.getTypeParser(PARSED_AS.get(oid) ?? oid, 'text');

  /** `pg` writes a `Date` in the process's own time zone, which a column without one would keep. */
  #toParameter(value: unknown): Parameter {
    if (typeof value === 'string') return value;
    return value instanceof Date ? value.toISOString() : this.#pg.utils.prepareValue(value);
  }

  setIdle(isIdle: boolean): void {
    if (isIdle) {
      this.#client.unref();
    } else {
      this.#client.ref();
    }
  }

  destroy(): void {
    this.#isLost = true;
    this.#client.connection.stream.destroy();
  }

  async close(): Promise<void> {
    // A connection that the server has ended cannot say goodbye, and need not.
    this.#client.ref();
    await this.#client.end().catch(() => undefined);
  }
}

/** What the server will say. */
function answerOf(query: PostgresQuery): Promise<DriverResult> {
  return new Promise((resolve, reject) => {
    query.callback = (error) => (error === null ? resolve(toResult(query)) : reject(error));
  });
}

function toResult({ rows, rowCount, command, fields }: PostgresQuery): DriverResult {
  return {
    rows,
    get columns() {
      return fields.map(({ name }) => name);
    },
    affectedRows: CHANGING_COMMANDS.has(command) ? rowCount : 0,
    insertId: undefined,
    command,
  };
}

/** A Kysely on one of our connections: the query builder is Kysely's, the connection and its rules stay ours. */
import { createRequire } from 'node:module';
import type * as KyselyModule from 'kysely';
import type {
  CompiledQuery,
  DatabaseConnection,
  Dialect,
  Driver,
  Kysely,
  QueryCompiler,
  QueryResult,
  TransactionSettings,
} from 'kysely';
import { AludelError } from '../errors.js';
import type { BeginOptions, Connection, DialectName, Engine, IsolationLevel } from './connection.js';

export interface KyselyOptions {
  readonly dialect: DialectName;
  /** Called where a query is built: a query that is run later has lost its caller. */
  readonly locate: () => string | null;
  /** The connection for a query that was built there; `null`: for what Kysely sends of its own accord. */
  readonly connectionAt: (place: string | null) => Connection;
  /** What is done with a query instead of sending it there. */
  readonly send?: (query: CompiledQuery, place: string | null) => QueryResult<never>;
}

/** Makes a Kysely. It is loaded here and at once, since what hands it out is no promise. */
export function openKysely<Tables>(options: KyselyOptions): Kysely<Tables> {
  const kysely = createRequire(import.meta.url)('kysely') as typeof KyselyModule;
  return new kysely.Kysely<Tables>({ dialect: makeDialect(kysely, options) });
}

/** A Kysely over an engine: each query takes a connection of the pool, a transaction one for all of its queries. */
export function openEngineKysely<Tables>({ dialect, connect }: Pick<Engine, 'dialect' | 'connect'>): Kysely<Tables> {
  const kysely = createRequire(import.meta.url)('kysely') as typeof KyselyModule;
  const made = makeDialect(kysely, { dialect, locate: () => null, connectionAt: unconnected });
  return new kysely.Kysely<Tables>({ dialect: { ...made, createDriver: () => new PoolDriver(connect) } });
}

function unconnected(): never {
  throw new Error('unreachable: the pool hands out connections');
}

class PoolDriver implements Driver {
  readonly #connect: Engine['connect'];

  constructor(connect: Engine['connect']) {
    this.#connect = connect;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<PooledConnection> {
    return new PooledConnection(await this.#connect({ label: 'engine.kysely()' }));
  }

  async beginTransaction(connection: PooledConnection, settings: TransactionSettings): Promise<void> {
    await connection.inner.begin(beginOptions(settings, 'engine.kysely()'));
  }

  commitTransaction({ inner }: PooledConnection): Promise<void> {
    return inner.commit();
  }

  rollbackTransaction({ inner }: PooledConnection): Promise<void> {
    return inner.rollback();
  }

  async savepoint({ inner }: PooledConnection, name: string): Promise<void> {
    await inner.execute(`SAVEPOINT ${quote(name)}`);
  }

  async rollbackToSavepoint({ inner }: PooledConnection, name: string): Promise<void> {
    await inner.execute(`ROLLBACK TO SAVEPOINT ${quote(name)}`);
  }

  async releaseSavepoint({ inner }: PooledConnection, name: string): Promise<void> {
    await inner.execute(`RELEASE SAVEPOINT ${quote(name)}`);
  }

  releaseConnection({ inner }: PooledConnection): Promise<void> {
    return inner.close();
  }

  async destroy(): Promise<void> {}
}

class PooledConnection implements DatabaseConnection {
  readonly inner: Connection;

  constructor(inner: Connection) {
    this.inner = inner;
  }

  executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    return run(this.inner, query);
  }

  streamQuery(): never {
    throw refuse('engine.kysely() does not stream.', 'Use session.stream(), or read in portions.');
  }
}

function beginOptions({ accessMode, isolationLevel }: TransactionSettings, what: string): BeginOptions {
  if (accessMode !== undefined || isolationLevel === 'snapshot') {
    throw refuse(`A transaction of ${what} cannot be "${accessMode ?? isolationLevel ?? ''}".`, 'Leave it out.');
  }
  return { isolationLevel: isolationLevel as IsolationLevel | undefined };
}

function makeDialect(kysely: typeof KyselyModule, options: KyselyOptions): Dialect {
  const places = new WeakMap<CompiledQuery, string | null>();
  const [Adapter, Compiler, Introspector] = {
    postgres: [kysely.PostgresAdapter, kysely.PostgresQueryCompiler, kysely.PostgresIntrospector] as const,
    sqlite: [kysely.SqliteAdapter, kysely.SqliteQueryCompiler, kysely.SqliteIntrospector] as const,
    mysql: [kysely.MysqlAdapter, kysely.MysqlQueryCompiler, kysely.MysqlIntrospector] as const,
    mariadb: [kysely.MysqlAdapter, kysely.MysqlQueryCompiler, kysely.MysqlIntrospector] as const,
  }[options.dialect];
  return {
    createAdapter: () => new Adapter(),
    createDriver: () => new ConnectionDriver(options, places),
    createIntrospector: (db) => new Introspector(db),
    createQueryCompiler: () => {
      const compiler: QueryCompiler = new Compiler();
      return {
        compileQuery: (node, queryId) => {
          const query = compiler.compileQuery(node, queryId);
          places.set(query, options.locate());
          return query;
        },
      };
    },
  };
}

class ConnectionDriver implements Driver {
  readonly #options: KyselyOptions;
  readonly #connection: DatabaseConnection;
  #isInTransaction = false;

  constructor(options: KyselyOptions, places: WeakMap<CompiledQuery, string | null>) {
    this.#options = options;
    this.#connection = {
      executeQuery: async (query) => {
        const place = places.get(query) ?? null;
        return options.send?.(query, place) ?? run(options.connectionAt(place), query);
      },
      streamQuery: () => {
        throw new AludelError('ALUDEL_OPERATION_UNSUPPORTED', 'op.db does not stream: there is one connection.', {
          hint: 'Read in portions: with op.batch(), or by "where id > last" and "limit".',
        });
      },
    };
  }

  async init(): Promise<void> {}

  acquireConnection(): Promise<DatabaseConnection> {
    return Promise.resolve(this.#connection);
  }

  async beginTransaction(_connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    const options = beginOptions(settings, 'op.db');
    if (this.#isInTransaction) {
      throw refuse(
        'A transaction of op.db is open already, and there is one connection.',
        'Inside it use the "trx" that it hands over; run transactions one after the other.',
      );
    }
    this.#isInTransaction = true;
    try {
      await this.#plain.begin(options);
    } catch (error) {
      this.#isInTransaction = false;
      throw error;
    }
  }

  commitTransaction(): Promise<void> {
    return this.#end(this.#plain.commit());
  }

  rollbackTransaction(): Promise<void> {
    return this.#end(this.#plain.rollback());
  }

  async savepoint(_connection: DatabaseConnection, name: string): Promise<void> {
    await this.#plain.execute(`SAVEPOINT ${quote(name)}`);
  }

  async rollbackToSavepoint(_connection: DatabaseConnection, name: string): Promise<void> {
    await this.#plain.execute(`ROLLBACK TO SAVEPOINT ${quote(name)}`);
  }

  async releaseSavepoint(_connection: DatabaseConnection, name: string): Promise<void> {
    await this.#plain.execute(`RELEASE SAVEPOINT ${quote(name)}`);
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {}

  get #plain(): Connection {
    return this.#options.connectionAt(null);
  }

  async #end(done: Promise<void>): Promise<void> {
    this.#isInTransaction = false;
    await done;
  }
}

async function run<R>(connection: Connection, query: CompiledQuery): Promise<QueryResult<R>> {
  const result = await connection.query({ sql: query.sql, params: query.parameters, prepare: false });
  const { columns, insertId } = result;
  return {
    rows: result.rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]])) as R),
    numAffectedRows: BigInt(result.affectedRows),
    ...(insertId === undefined || Number(insertId) === 0 ? {} : { insertId: BigInt(insertId) }),
  };
}

/** Kysely lets the caller choose the name of a savepoint; a name that needs no quotes is the same everywhere. */
function quote(name: string): string {
  if (/^\w+$/.test(name)) return name;
  throw refuse(`"${name}" is no name for a savepoint.`, 'Use letters, digits and underscores.');
}

function refuse(message: string, hint: string): AludelError {
  return new AludelError('ALUDEL_OPERATION_UNSUPPORTED', message, { hint });
}

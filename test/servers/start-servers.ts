import { checkSqliteBinary } from './check-binaries.js';
import { findClient } from './clients.js';
import { mysqlVersion, startMariadb, startMysql } from './mysql.js';
import { postgresVersion, startPostgres } from './postgres.js';
import type { Server } from './start-process.js';
import { urlVariable, type DialectName, type ServerName } from './test-dialects.js';

export interface RunningServers {
  readonly servers: readonly RunningServer[];
  stop(): Promise<void>;
}

export interface RunningServer extends Server {
  readonly name: ServerName;
  /** Started for this run, not given by the environment. */
  readonly isOurs: boolean;
}

/**
 * Gives a server for each dialect that needs one: the one its environment variable names, else a throw-away one. Sets the
 * environment variables, so that worker processes see them. A server that can't be had is an error, never a gap.
 */
export async function startServers(dialects: readonly DialectName[]): Promise<RunningServers> {
  if (dialects.includes('sqlite')) await checkSqliteBinary();
  const names = dialects.filter((name) => name !== 'sqlite');
  const results = await Promise.allSettled(names.map(provideServer));
  const servers = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.stop()));
    for (const server of servers) if (server.isOurs) delete process.env[urlVariable(server.name)];
  };
  const failures = results.flatMap((result, index) =>
    result.status === 'rejected' ? [`${names[index]}: ${describe(result.reason)}`] : [],
  );
  if (failures.length > 0) {
    await stop();
    throw new Error(`Test servers are missing.\n${failures.join('\n')}`);
  }
  for (const server of servers) process.env[urlVariable(server.name)] = server.url;
  return { servers, stop };
}

/** One line for a person: each server with its version and whether it was given or started. */
export function describeServers(servers: readonly RunningServer[]): string {
  return servers.map(({ name, version, isOurs }) => `${name} ${version}${isOurs ? '' : ' (given)'}`).join(', ');
}

async function provideServer(name: ServerName): Promise<RunningServer> {
  // The dump program belongs to the server: fetched now, not in the middle of a test.
  const clients = { postgres: ['pg_dump', 'psql'], mariadb: ['mariadb-dump'], mysql: ['mysqldump'] } as const;
  const given = process.env[urlVariable(name)];
  const [server] = await Promise.allSettled([given === undefined ? startServer(name) : givenServer(name, given)]);
  if (server.status === 'rejected') throw server.reason;
  try {
    for (const client of clients[name]) await findClient(client);
  } catch (error) {
    await server.value.stop();
    throw error;
  }
  return { name, isOurs: given === undefined, ...server.value };
}

function startServer(name: ServerName): Promise<Server> {
  if (name === 'postgres') return startPostgres();
  return name === 'mariadb' ? startMariadb() : startMysql();
}

async function givenServer(name: ServerName, url: string): Promise<Server> {
  const variable = urlVariable(name);
  const version = await (name === 'postgres' ? postgresVersion(url) : mysqlVersion(url)).catch((error: unknown) => {
    throw new Error(`The server that ${variable} names does not answer.`, { cause: error });
  });
  if (name !== 'postgres' && /mariadb/i.test(version) !== (name === 'mariadb')) {
    throw new Error(`${variable} names a server of version ${version}, which is another kind.`);
  }
  return { url, version, stop: async () => {} };
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message} ${describe(error.cause)}`;
}

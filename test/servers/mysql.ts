import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { findMariadb, findMysql, type MysqlHome } from './mysql-home.js';
import { runCommand } from './run-command.js';
import { openServerFolder } from './server-folder.js';
import { startProcess, type Server } from './start-process.js';

/** Starts a MySQL 9 server with the user `root` and no password. */
export async function startMysql(): Promise<Server> {
  return startServer('mysql', await findMysql());
}

/** Starts a MariaDB server with the user `root` and no password; without a version, the one this machine has or can install. */
export async function startMariadb(version?: '10.11' | '11.8'): Promise<Server> {
  return startServer('mariadb', await findMariadb(version));
}

/** The version of the server behind a URL, as `9.7.0` or `10.11.18-MariaDB`. */
export async function mysqlVersion(url: string): Promise<string> {
  const connection = await mysql.createConnection({ uri: url });
  try {
    const [rows] = await connection.query<mysql.RowDataPacket[]>('SELECT VERSION() AS version');
    return String(rows[0]?.['version']);
  } finally {
    await connection.end();
  }
}

async function startServer(kind: 'mysql' | 'mariadb', home: MysqlHome): Promise<Server> {
  const folder = await openServerFolder();
  try {
    const command = home.command;
    // An interrupted run must not leave the process that lays the files.
    const onProcess = (pid: number | undefined): void => folder.setServer(pid, 'SIGKILL');
    const common = [
      '--no-defaults',
      ...(process.getuid?.() === 0 ? ['--user=root'] : []),
      `--basedir=${home.base}`,
      `--datadir=${join(folder.path, 'data')}`,
      `--lc-messages-dir=${home.share}`,
      `--socket=${join(folder.path, 's.sock')}`,
      `--pid-file=${join(folder.path, 'pid')}`,
      `--tmpdir=${folder.path}`,
      '--character-set-server=utf8mb4',
      '--innodb-buffer-pool-size=64M',
    ];
    if (kind === 'mysql') {
      await runCommand(command, [...common, '--initialize-insecure', '--innodb-redo-log-capacity=8M'], { onProcess });
    } else {
      await mkdir(join(folder.path, 'data'));
      await runCommand(command, [...common, '--bootstrap', '--skip-networking', '--max_allowed_packet=8M'], {
        input: await mariadbBootstrap(home.share),
        onProcess,
      });
    }
    return await startProcess({
      command,
      folder,
      args: (port) => [
        ...common,
        '--bind-address=127.0.0.1',
        `--port=${port}`,
        '--skip-log-bin',
        '--innodb-flush-log-at-trx-commit=0',
        '--max-connections=300',
        ...(kind === 'mysql'
          ? [
              '--mysqlx=OFF',
              '--secure-file-priv=',
              '--log-bin-trust-function-creators=1',
              '--innodb-redo-log-capacity=64M',
            ]
          : []),
      ],
      url: (port) => `${kind}://root@127.0.0.1:${port}/`,
      version: mysqlVersion,
      signal: 'SIGKILL',
    });
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

/** The text that `mariadb-install-db` would feed: it needs no Perl and no fixed paths this way. */
async function mariadbBootstrap(share: string): Promise<string> {
  const parts = ['CREATE DATABASE IF NOT EXISTS mysql;\nUSE mysql;\nSET @auth_root_socket=NULL;\n'];
  for (const name of ['system_tables', 'performance_tables', 'system_tables_data']) {
    for (const prefix of ['mariadb', 'mysql']) {
      const text = await readFile(join(share, `${prefix}_${name}.sql`), 'utf8').catch(() => undefined);
      if (text !== undefined) parts.push(text);
    }
  }
  return parts.join('');
}

import { writeFileSync } from 'node:fs';
import { chmod, chown, cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchPackages, packagedCommand, PGBOUNCER } from './debian.js';
import { postgresVersion, unprivilegedUser } from './postgres.js';
import { openServerFolder } from './server-folder.js';
import { startProcess, type Server } from './start-process.js';

/** Starts a pooler in front of a PostgreSQL server; the URL it gives leads to the same databases. */
export async function startPgbouncer(server: string, mode: 'transaction' | 'session'): Promise<Server> {
  const home = await fetchPackages(PGBOUNCER);
  const folder = await openServerFolder();
  await chmod(folder.path, 0o755);
  const { hostname, port: serverPort, username } = new URL(server);
  const user = await unprivilegedUser();
  const file = join(folder.path, 'pgbouncer.ini');
  await writeFile(file, '');
  if (user !== undefined) await Promise.all([folder.path, file].map((path) => chown(path, user.uid, user.gid)));
  // It refuses to run as root, and other users cannot read what lies below /root.
  const usable = user === undefined ? home : join(folder.path, 'pgbouncer');
  if (usable !== home) await copyPackages(home, usable);
  // The port can be said in the file only.
  const settings = (port: number): string => `[databases]
* = host=${hostname} port=${serverPort} user=${username}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = ${mode}
`;
  return startProcess({
    command: await packagedCommand(usable, 'usr/sbin/pgbouncer'),
    folder,
    user,
    args: (port) => {
      writeFileSync(file, settings(port));
      return [file];
    },
    url: (port) => `postgresql://${username}@127.0.0.1:${port}/postgres`,
    version: postgresVersion,
    signal: 'SIGQUIT',
  });
}

async function copyPackages(from: string, to: string): Promise<void> {
  for (const path of ['lib', 'usr/lib', 'usr/sbin']) {
    await cp(join(from, path), join(to, path), { recursive: true, verbatimSymlinks: true });
  }
}

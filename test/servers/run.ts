import { once } from 'node:events';
import { startMariadb, startMysql } from './mysql.js';
import { POSTGRES_MAJORS, startPostgres } from './postgres.js';
import type { Server } from './start-process.js';
import { testDialects, urlVariable, type ServerName } from './test-dialects.js';

/**
 * Starts the servers that the arguments name (`postgres@14 mariadb@11.8 mysql`; none: the dialects under test), prints the
 * lines that make a shell or a test run use them, and waits for Ctrl-C.
 */
export async function runServers(args: readonly string[]): Promise<void> {
  const wanted = args.length > 0 ? args : testDialects().filter((name) => name !== 'sqlite');
  const results = await Promise.allSettled(wanted.map(startNamed));
  const servers = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  try {
    const failure = results.find((result) => result.status === 'rejected');
    if (failure !== undefined) throw failure.reason;
    for (const { name, url, version } of servers) console.log(`export ${urlVariable(name)}=${url} # ${version}`);
    console.log('# Ctrl-C stops them.');
    // Without a terminal or another handle, Node would see nothing left to wait for.
    const alive = setInterval(() => {}, 60_000);
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
    clearInterval(alive);
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

async function startNamed(wanted: string): Promise<Server & { name: ServerName }> {
  const [name, version] = wanted.split('@');
  if (name === 'postgres') {
    const major = POSTGRES_MAJORS.find((known) => version === undefined || String(known) === version);
    if (version === undefined) return { name, ...(await startPostgres()) };
    if (major !== undefined) return { name, ...(await startPostgres(major)) };
  }
  if (name === 'mariadb' && (version === undefined || version === '10.11' || version === '11.8')) {
    return { name, ...(await startMariadb(version)) };
  }
  if (name === 'mysql' && (version === undefined || version === '9.7')) return { name, ...(await startMysql()) };
  throw new Error(
    `There is no server "${wanted}". Name postgres@12 to postgres@18, mariadb@10.11, mariadb@11.8 or mysql@9.7.`,
  );
}

import type { ServerVersion } from '../engine/connection.js';
import type { ServerUrl } from '../engine/url.js';

/** A dump as it is run, and as it is shown. */
export interface DumpCommand {
  readonly program: 'pg_dump' | 'mysqldump' | 'mariadb-dump';
  readonly args: readonly string[];
  /** Holds the password, which no argument may. */
  readonly env: Readonly<Record<string, string>>;
  /** For a shell, without the password. */
  readonly text: string;
  /** Where the password comes from when somebody else runs it. */
  readonly password: string;
  readonly secret: string | undefined;
}

/** The command that dumps a database into a file; on PostgreSQL one schema of it, where that is named. */
export function dumpCommand(
  target: ServerUrl,
  server: ServerVersion,
  file: string,
  schema: string | null = null,
): DumpCommand {
  const { dialect, password: secret } = target;
  const isPostgres = dialect === 'postgres';
  const isMariadb = server.dialect === 'mariadb';
  const program = isPostgres ? 'pg_dump' : isMariadb ? 'mariadb-dump' : 'mysqldump';
  const args = isPostgres ? postgresArgs(target, file, schema) : mysqlArgs(target, isMariadb, file);
  const variable = isPostgres ? 'PGPASSWORD' : 'MYSQL_PWD';
  const place = isPostgres ? '~/.pgpass' : 'an option file (~/.my.cnf)';
  return {
    program,
    args,
    env: secret === undefined ? {} : { [variable]: secret },
    text: [program, ...args.map(quoteForShell)].join(' '),
    password: `The password belongs in ${place} or in ${variable}.`,
    secret,
  };
}

/** What libpq knows under the same name. https://www.postgresql.org/docs/current/libpq-connect.html */
const LIBPQ_OPTIONS = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'host', 'options', 'application_name'];

function postgresArgs(
  { host, port, user, database, options }: ServerUrl,
  file: string,
  schema: string | null,
): string[] {
  const known = Object.entries(options).filter(([name]) => LIBPQ_OPTIONS.includes(name));
  const query = new URLSearchParams(known).toString();
  const account = user === undefined ? '' : `${encodeURIComponent(user)}@`;
  const name = host.includes(':') ? `[${host}]` : host;
  const path = database === undefined ? '' : encodeURIComponent(database);
  const url = `postgresql://${account}${name}:${port}/${path}${query === '' ? '' : `?${query}`}`;
  // Without --no-password it would ask, and wait for ever.
  // In double quotes it is a name and no pattern.
  const only = schema === null ? [] : [`--schema="${schema.replaceAll('"', '""')}"`];
  return ['--no-password', '--format=custom', ...only, `--file=${file}`, `--dbname=${url}`];
}

function mysqlArgs(target: ServerUrl, isMariadb: boolean, file: string): string[] {
  const { host, port, user, database = '', options } = target;
  const { socket } = options;
  return [
    ...(socket === undefined
      ? ['--protocol=tcp', `--host=${host === '' ? 'localhost' : host}`, `--port=${port}`]
      : [`--socket=${socket}`]),
    ...(user === undefined ? [] : [`--user=${user}`]),
    ...tlsArgs(options, isMariadb),
    // One moment of all tables, without keeping anybody from writing.
    '--single-transaction',
    '--routines',
    '--triggers',
    '--events',
    '--hex-blob',
    '--default-character-set=utf8mb4',
    ...(isMariadb ? [] : ['--no-tablespaces', '--set-gtid-purged=OFF']),
    `--result-file=${file}`,
    database,
  ];
}

function tlsArgs(options: Readonly<Record<string, string>>, isMariadb: boolean): string[] {
  const mode = options['ssl-mode']?.toUpperCase();
  const ca = options['ssl-ca'];
  const authority = ca === undefined ? [] : [`--ssl-ca=${ca}`];
  if (!isMariadb) return [...(mode === undefined ? [] : [`--ssl-mode=${mode}`]), ...authority];
  if (mode === 'DISABLED' || (mode === undefined && ca === undefined)) return ['--skip-ssl'];
  return ['--ssl', ...authority, ...(mode === 'VERIFY_IDENTITY' ? ['--ssl-verify-server-cert'] : [])];
}

function quoteForShell(text: string): string {
  return /^[\w@%+=:,./[\]-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

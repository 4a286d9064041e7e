/** Database URLs: what they name, and how they may be shown. No message made here ever holds a password. */
import { AludelError } from '../errors.js';

/** A URL of a database server. */
export interface ServerUrl {
  /** As the scheme says; MariaDB and MySQL are told apart by the server's version after connecting. */
  readonly dialect: 'postgres' | 'mysql' | 'mariadb';
  /** Decoded, IPv6 without brackets; empty where the URL names none. */
  readonly host: string;
  readonly port: number;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly database: string | undefined;
  /** What follows the `?`. */
  readonly options: Readonly<Record<string, string>>;
}

/** A URL of a SQLite database. */
export interface SqliteUrl {
  readonly dialect: 'sqlite';
  /** The path as written, or `:memory:`. */
  readonly file: string;
}

export type DatabaseUrl = ServerUrl | SqliteUrl;

const SCHEMES: ReadonlyMap<string, ServerUrl['dialect']> = new Map([
  ['postgresql', 'postgres'],
  ['postgres', 'postgres'],
  ['mysql', 'mysql'],
  ['mariadb', 'mariadb'],
]);

const DEFAULT_PORTS: Readonly<Record<ServerUrl['dialect'], number>> = {
  postgres: 5432,
  mysql: 3306,
  mariadb: 3306,
};

const EXAMPLES: Readonly<Record<string, string>> = {
  postgres: 'postgresql://user:password@localhost:5432/app',
  mysql: 'mysql://user:password@localhost:3306/app',
  mariadb: 'mariadb://user:password@localhost:3306/app',
  sqlite: 'sqlite:./app.db',
};

/**
 * Reads a database URL: `postgresql://`, `postgres://`, `mysql://`, `mariadb://`, `sqlite:path`, `sqlite:///path` or
 * `sqlite::memory:`. User, password and database may be percent-encoded; a SQLite path is taken as it is.
 * @throws AludelError ALUDEL_URL_INVALID, without the password.
 */
export function parseDatabaseUrl(url: string): DatabaseUrl {
  const text: unknown = url;
  if (typeof text !== 'string' || text.trim() === '') {
    const what = typeof text === 'string' ? 'empty' : `${text === null ? 'null' : typeof text}, not a string`;
    throw invalid(`The database URL is ${what}.`, `Set it to one such as ${exampleList()}.`);
  }
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(url)?.[1]?.toLowerCase();
  if (scheme === undefined) {
    throw invalid('The database URL has no scheme.', `Write it as one of ${exampleList()}.`);
  }
  if (scheme === 'sqlite') {
    return parseSqliteUrl(url.slice('sqlite:'.length));
  }
  const dialect = SCHEMES.get(scheme);
  if (dialect === undefined) {
    throw invalid(`The database URL has the unknown scheme "${scheme}".`, `Write it as one of ${exampleList()}.`);
  }
  return parseServerUrl(url, dialect);
}

function parseSqliteUrl(rest: string): SqliteUrl {
  if (rest === ':memory:') {
    return { dialect: 'sqlite', file: ':memory:' };
  }
  const file = rest.startsWith('///') ? rest.slice(2) : rest;
  if (file === '' || file.startsWith('//')) {
    throw invalid(
      'The SQLite URL names no file.',
      'Write sqlite:./app.db, sqlite:///folder/app.db or sqlite::memory:.',
    );
  }
  if (/[?\0]/.test(file)) {
    throw invalid('The SQLite URL holds a "?", and SQLite URLs take no options.', 'Write sqlite:./app.db.');
  }
  return { dialect: 'sqlite', file };
}

function parseServerUrl(url: string, dialect: ServerUrl['dialect']): ServerUrl {
  const hint = `Write it like ${EXAMPLES[dialect]}; percent-encode : / @ # ? and % in the user name and password.`;
  if (!/^[A-Za-z]+:\/\//.test(url)) {
    throw invalid(`The ${dialect} URL lacks "//" after its scheme.`, hint);
  }
  let parts: URL;
  try {
    parts = new URL(url);
  } catch {
    throw invalid(`The ${dialect} URL cannot be read: its user, password, host or port is not well formed.`, hint);
  }
  if (parts.pathname.slice(1).includes('/')) {
    throw invalid(`The ${dialect} URL names more than one database: it has several "/" after the host.`, hint);
  }
  const decode = (text: string): string => {
    try {
      return decodeURIComponent(text);
    } catch {
      throw invalid(`The ${dialect} URL holds a "%" that encodes nothing.`, hint);
    }
  };
  return {
    dialect,
    host: decode(parts.hostname.replace(/^\[(.*)\]$/, '$1')),
    port: parts.port === '' ? DEFAULT_PORTS[dialect] : Number(parts.port),
    user: parts.username === '' ? undefined : decode(parts.username),
    password: parts.password === '' ? undefined : decode(parts.password),
    database: parts.pathname.length > 1 ? decode(parts.pathname.slice(1)) : undefined,
    options: Object.fromEntries(parts.searchParams),
  };
}

function invalid(message: string, hint: string): AludelError {
  return new AludelError('ALUDEL_URL_INVALID', message, { hint });
}

function exampleList(): string {
  return Object.values(EXAMPLES).join(', ');
}

/** The parts of docs/ that are made from the code: between `<!-- generated: NAME -->` and `<!-- end -->`. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  bigint,
  boolean,
  bytes,
  char,
  date,
  double,
  enumeration,
  integer,
  json,
  jsonb,
  numeric,
  real,
  smallint,
  text,
  time,
  timestamp,
  uuid,
  varchar,
} from 'aludel';
import type { ConfigOption } from '../../src/config/options.js';
import { CONFIG_OPTIONS } from '../../src/config/options.js';
import { renderType as renderMysql } from '../../src/dialects/mysql/types.js';
import { renderType as renderPostgres } from '../../src/dialects/postgres/types.js';
import { renderType as renderSqlite } from '../../src/dialects/sqlite/types.js';

const bin = fileURLToPath(new URL('../../bin/aludel.js', import.meta.url));

/** Puts the section into the Markdown in the place of what stands there. */
export function replaceSection(markdown: string, name: string, content: string): string {
  const [start, end] = [`<!-- generated: ${name} -->`, '<!-- end -->'];
  const from = markdown.indexOf(start);
  const to = markdown.indexOf(end, from);
  if (from === -1 || to === -1) throw new Error(`There is no section "${name}".`);
  return `${markdown.slice(0, from)}${start}\n\n${content.trim()}\n\n${markdown.slice(to)}`;
}

const MYSQL = { dialect: 'mysql', major: 8, minor: 0, text: '8.0' } as const;
const MARIADB = { dialect: 'mariadb', major: 10, minor: 11, text: '10.11' } as const;

const TYPES = {
  'smallint()': [smallint(), 'number'],
  'integer()': [integer(), 'number'],
  'bigint()': [bigint(), 'bigint; `{ mode }`: `number` or `string`'],
  'real()': [real(), 'number'],
  'double()': [double(), 'number'],
  'numeric(10, 2)': [numeric(10, 2), 'string, to stay exact'],
  'boolean()': [boolean(), 'boolean'],
  'char(2)': [char(2), 'string'],
  'varchar(255)': [varchar(255), 'string'],
  'text()': [text(), 'string'],
  'bytes()': [bytes(), 'Uint8Array'],
  'date()': [date(), 'string, `2026-01-31`'],
  'time()': [time(), 'string, `12:30:00`'],
  'timestamp()': [timestamp(), 'Date'],
  'timestamp({ withTimezone: true })': [timestamp({ withTimezone: true }), 'Date'],
  'timestamp({ precision: 3 })': [timestamp({ precision: 3 }), 'Date'],
  'uuid()': [uuid(), 'string'],
  'json()': [json(), 'any JSON value'],
  'jsonb()': [jsonb(), 'any JSON value'],
  "enumeration('mood', ['sad', 'ok'])": [enumeration('mood', ['sad', 'ok']), 'one of the strings'],
} as const;

/** Each column function with its value in JavaScript and its type on each database. */
export function renderTypes(): string {
  const rows = Object.entries(TYPES).map(([call, [{ spec }, value]]) => [
    code(call),
    value,
    code(renderPostgres(spec.type)),
    code(renderSqlite(spec.type)),
    code(renderMysql(spec.type, MYSQL)),
    code(renderMysql(spec.type, MARIADB)),
  ]);
  return table(['function', 'in JavaScript', 'PostgreSQL', 'SQLite', 'MySQL', 'MariaDB'], rows);
}

/** Every config key, as the option table has it. */
export function renderConfigKeys(): string {
  const options: readonly (readonly [string, ConfigOption])[] = Object.entries(CONFIG_OPTIONS);
  return options
    .map(([key, option]) => {
      const byDefault = option.default === undefined ? 'none' : code(showValue(option.default));
      return `### ${key}\n\n${option.doc.join('\n')}\n\n- Takes: ${option.expected}.\n- Default: ${byDefault}.`;
    })
    .join('\n\n');
}

/** The help of every command, as it is printed. */
export async function renderHelp(): Promise<string> {
  const help = async (...args: string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)(process.execPath, [bin, ...args, '--help']);
    return stdout.trimEnd();
  };
  const overview = await help();
  const commands = overview.slice(overview.indexOf('\nCommands:'));
  const names = [...commands.matchAll(/^ {2}([a-z][\w-]*)/gm)].map(([, name]) => name ?? '');
  const texts = await Promise.all(names.map((name) => help(name)));
  const block = (output: string): string => `\`\`\`text\n${output}\n\`\`\``;
  return [block(overview), ...names.map((name, i) => `### ${name}\n\n${block(texts[i] ?? '')}`)].join('\n\n');
}

function showValue(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
}

function code(name: string): string {
  return `\`${name}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

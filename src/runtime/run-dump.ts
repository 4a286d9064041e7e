import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import type { ServerVersion } from '../engine/connection.js';
import { AludelError } from '../errors.js';
import type { DumpCommand } from './dump-command.js';

/**
 * Runs a dump and checks that it is whole; gives the command as it is shown.
 * @throws AludelError ALUDEL_BACKUP_UNAVAILABLE when the program is missing or older than the server; ALUDEL_BACKUP_FAILED.
 */
export async function runDump(command: DumpCommand, server: ServerVersion, file: string): Promise<string> {
  const { program, args, env, text, secret } = command;
  const version = await run(program, ['--version'], {});
  if (version === null) throw unavailable(command, `"${program}" is not installed here`);
  const problem = versionProblem(program, version.stdout, server);
  if (problem !== null) throw unavailable(command, problem);
  const result = await run(program, args, env);
  if (result?.exitCode === 0 && (await isWhole(file, program))) return text;
  const said = (result?.stderr ?? '').trim().slice(-2000);
  const reason = secret === undefined || secret === '' ? said : said.replaceAll(secret, '***');
  throw new AludelError(
    'ALUDEL_BACKUP_FAILED',
    `"${program}" did not make a whole dump${reason === '' ? '.' : `: ${reason}`}`,
    {
      hint: `Nothing was run. The command was: ${text}`,
      details: { command: text, exitCode: result?.exitCode ?? null },
    },
  );
}

/** What keeps a program of this version from dumping the server; null when nothing does. */
export function versionProblem(program: DumpCommand['program'], said: string, server: ServerVersion): string | null {
  const isMariadb = /mariadb/i.test(said);
  if (program === 'mysqldump' && isMariadb) return '"mysqldump" is that of MariaDB here, which cannot dump MySQL whole';
  const numbers =
    program === 'pg_dump'
      ? /\) (\d+)()/.exec(said)
      : isMariadb
        ? /(\d+)\.(\d+)\.\d+-MariaDB/i.exec(said)
        : /Ver (\d+)\.(\d+)/.exec(said);
  const [major, minor] = [Number(numbers?.[1] ?? 0), Number(numbers?.[2] || 0)];
  const isNewEnough =
    major > server.major || (major === server.major && (program === 'pg_dump' || minor >= server.minor));
  if (isNewEnough) return null;
  return `"${program}" is of version ${numbers?.[1] ?? 'unknown'}${numbers?.[2] ? `.${numbers[2]}` : ''}, older than the server (${server.text})`;
}

/** PostgreSQL's custom format begins with its name, and a dump of MySQL ends with a line that says so. */
async function isWhole(file: string, program: DumpCommand['program']): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const isPostgres = program === 'pg_dump';
    const length = Math.min(size, 200);
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, isPostgres ? 0 : size - length);
    const text = buffer.toString('latin1');
    return isPostgres ? text.startsWith('PGDMP') : text.includes('Dump completed');
  } finally {
    await handle.close();
  }
}

interface Finished {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Null when there is no such program. */
function run(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Finished | null> {
  return new Promise((settle) => {
    const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    child.on('error', () => settle(null));
    child.on('close', (exitCode) => settle({ exitCode, stdout, stderr }));
  });
}

function unavailable({ text, password }: DumpCommand, reason: string): AludelError {
  return new AludelError('ALUDEL_BACKUP_UNAVAILABLE', `The backup cannot be made: ${reason}.`, {
    hint: `Nothing was run. Where it can be made, run: ${text}\n  ${password} Then run the command again without --backup.`,
    details: { command: text },
  });
}

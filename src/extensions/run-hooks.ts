/** Runs the project's tools on a revision file that was written: no shell, and the project's own programs first. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { AludelError } from '../errors.js';
import { awaitExtension } from './call-extension.js';
import type { Extensions } from './load-extensions.js';
import { HOOK_TOOLS, type HookCommand, type HookTool } from './post-write-hook.js';

/** @throws AludelError ALUDEL_HOOK_FAILED, ALUDEL_EXTENSION_FAILED; the file stays. */
export async function runHooks(file: string, extensions: Extensions): Promise<void> {
  const { postWrite, folder, configFile } = extensions;
  for (const { source, run } of postWrite) {
    if (typeof run === 'function') await awaitExtension(source, configFile, () => run(file));
    else await runTool(file, typeof run === 'string' ? toCommand(run) : run, folder, run);
  }
}

/** Packages whose names are not those of their programs. */
const PACKAGES: { readonly [Tool in HookTool]?: string } = { biome: '@biomejs/biome' };

function toCommand(tool: HookTool): HookCommand {
  return { command: tool, args: HOOK_TOOLS[tool] };
}

async function runTool(
  file: string,
  { command, args = [] }: HookCommand,
  folder: string,
  hook: HookTool | HookCommand,
): Promise<void> {
  const isTool = typeof hook === 'string';
  const program = findProgram(command, folder, { alsoInSystem: !isTool });
  if (program === null) {
    throw new AludelError(
      'ALUDEL_HOOK_FAILED',
      `The hook "${command}" was not found. "${file}" stays as it was written.`,
      {
        hint: isTool
          ? `Run "npm install -D ${PACKAGES[hook] ?? hook}", or take it out of "postWrite" in the config file.`
          : 'Install it, or correct "postWrite" in the config file.',
        details: { hook: command, file },
      },
    );
  }
  const all = args.some((arg) => arg.includes('{file}'))
    ? args.map((arg) => arg.replaceAll('{file}', file))
    : [...args, file];
  const { exitCode, output } = await runProgram(program, all, folder);
  if (exitCode === 0) return;
  const how = exitCode === null ? 'could not be started' : `ended with exit code ${exitCode}`;
  throw new AludelError(
    'ALUDEL_HOOK_FAILED',
    `The hook "${command}" ${how}. "${file}" stays as it is.${output === '' ? '' : `\n  ${output.replaceAll('\n', '\n  ')}`}`,
    {
      hint: `Mend what it says, then run "${[isTool ? 'npx' : '', command, ...all].filter((word) => word !== '').join(' ')}" by hand.`,
      details: { hook: command, file, exitCode },
    },
  );
}

/** A path, a program of `node_modules/.bin` from the folder upwards, or where it may be one of the system. */
function findProgram(
  command: string,
  from: string,
  { alsoInSystem }: { readonly alsoInSystem: boolean },
): string | null {
  if (command.includes('/') || command.includes('\\')) {
    const path = resolve(from, command);
    return existsSync(path) ? path : null;
  }
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, 'node_modules/.bin', command);
    if (existsSync(path)) return path;
    if (dirname(folder) === folder) break;
  }
  if (!alsoInSystem) return null;
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, command)).find((path) => existsSync(path)) ?? null;
}

interface Ended {
  /** `null` where it could not be started. */
  readonly exitCode: number | null;
  /** The end of what it printed. */
  readonly output: string;
}

function runProgram(program: string, args: readonly string[], cwd: string): Promise<Ended> {
  return new Promise((settle) => {
    execFile(program, args, { cwd, maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
      const lines = (stderr.trim() === '' ? stdout : stderr).trim().split('\n');
      const output = lines.slice(-LINES).join('\n');
      if (error === null) settle({ exitCode: 0, output });
      else if (typeof error.code === 'number') settle({ exitCode: error.code, output });
      else settle({ exitCode: error.signal === undefined ? null : 1, output: output || error.message });
    });
  });
}

/** What a person needs of a tool's complaint. */
const LINES = 12;

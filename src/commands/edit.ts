import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { AludelError } from '../errors.js';
import { parseHeader } from '../revisions/parse-header.js';
import { revisionChecksum } from '../revisions/revision-checksum.js';
import { Project, type ProjectOptions } from './project.js';
import { describeNode, findNodes, type RevisionEntry } from './revision-entry.js';

export interface EditOptions extends ProjectOptions {
  /** The command that opens files and ends when they are closed. Default: VISUAL, else EDITOR. */
  readonly editor?: string | undefined;
}

export interface EditReport {
  /** The revisions as their files say now. */
  readonly revisions: readonly RevisionEntry[];
  /** The ids of those of which more than comments and white space changed. */
  readonly changed: readonly string[];
}

/**
 * Opens revisions in an editor, waits for it to end and reads the folder again.
 * @param revision an id, a part of one, `head`, `heads` or `current`.
 * @throws AludelError ALUDEL_USAGE without an editor; ALUDEL_REVISION_INVALID and others when the folder does not hold
 *   together any more.
 * @see https://alembic.sqlalchemy.org/en/latest/api/commands.html#alembic.command.edit
 */
export async function edit(revision: string, options: EditOptions = {}): Promise<EditReport> {
  const project = await Project.open(options);
  try {
    const nodes = await findNodes(project, revision);
    const files = nodes.flatMap((node) => node.revision.file ?? []);
    const editor = options.editor ?? (process.env['VISUAL'] || process.env['EDITOR']);
    if (editor === undefined || editor === '') {
      throw new AludelError('ALUDEL_USAGE', 'No editor is set: neither VISUAL nor EDITOR.', {
        hint: `Run "EDITOR=vi npx aludel edit ${revision}", or open "${files.join('" and "')}" yourself.`,
      });
    }
    const before = await Promise.all(files.map(readChecksum));
    await runEditor(editor, files);
    return await readAgain(options, files, before);
  } finally {
    await project.close();
  }
}

async function readAgain(
  options: EditOptions,
  files: readonly string[],
  before: readonly string[],
): Promise<EditReport> {
  const { graph } = await Project.open(options);
  const revisions: RevisionEntry[] = [];
  const changed: string[] = [];
  for (const [index, file] of files.entries()) {
    const source = await readFile(file, 'utf8');
    const node = graph.byId.get(parseHeader(source, file).id);
    if (node === undefined) continue;
    revisions.push(describeNode(graph, node));
    if (revisionChecksum(source, file) !== before[index]) changed.push(node.id);
  }
  return { revisions, changed };
}

async function readChecksum(file: string): Promise<string> {
  return revisionChecksum(await readFile(file, 'utf8'), file);
}

/** Through a shell, because EDITOR may hold arguments; the files never pass through its grammar. */
function runEditor(editor: string, files: readonly string[]): Promise<void> {
  const isWindows = process.platform === 'win32';
  const [command, args] = isWindows
    ? [editor, files.map((file) => `"${file}"`)]
    : ['/bin/sh', ['-c', `${editor} "$@"`, 'sh', ...files]];
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', shell: isWindows });
    const fail = (problem: string, cause?: unknown): void =>
      reject(
        new AludelError('ALUDEL_USAGE', `The editor "${editor}" ${problem}.`, {
          hint: 'Set EDITOR to a command that is installed, such as "vi" or "code --wait".',
          cause,
        }),
      );
    child.on('error', (error) => fail('could not be started', error));
    child.on('close', (code, signal) => {
      if (code === 0) resolve();
      else fail(code === null ? `was ended by ${signal}` : `ended with exit code ${code}`);
    });
  });
}

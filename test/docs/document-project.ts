import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** What stands in the documents for ids, times and folders that differ from run to run. */
const IDS = ['3507d813ccb9', '7ecb160bb5e7', 'c41f09ad62e8', 'e5b82f7701d3'];
const MOMENT = '2026-11-21T10:41:20Z';
const FOLDER = '/home/ada/helpdesk';

/** A project in a temporary folder in which the code and the commands of a document are run. */
export class DocumentProject {
  readonly folder: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #ids: string[] = [];

  private constructor(folder: string, env: Readonly<Record<string, string>>) {
    this.folder = folder;
    this.#env = env;
  }

  static async create(env: Readonly<Record<string, string>> = {}): Promise<DocumentProject> {
    const folder = await mkdtemp(join(tmpdir(), 'aludel-docs-'));
    const packages = join(folder, 'node_modules');
    await mkdir(packages);
    await symlink(root, join(packages, 'aludel'), 'junction');
    const project = new DocumentProject(folder, env);
    await project.write(
      'package.json',
      '{ "type": "module", "dependencies": { "aludel": "*", "better-sqlite3": "*" } }',
    );
    return project;
  }

  /** Installs a package of the repository. */
  async link(name: string): Promise<void> {
    await symlink(join(root, 'node_modules', name), join(this.folder, 'node_modules', name), 'junction');
  }

  async write(name: string, text: string): Promise<void> {
    const file = join(this.folder, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }

  /** The one file that a pattern with `*` for the file's id names, as it would stand in a document. */
  async read(pattern: string): Promise<string> {
    const folder = join(this.folder, dirname(pattern));
    const [start = '', end] = basename(pattern).split('*');
    const fits = (name: string): boolean =>
      end === undefined ? name === start : name.startsWith(start) && name.endsWith(end);
    const files = (await readdir(folder)).filter(fits);
    const [file, ...others] = files;
    if (file === undefined || others.length > 0)
      throw new Error(`${files.length} files match "${pattern}", expected 1`);
    return this.#settle(await readFile(join(folder, file), 'utf8'));
  }

  /** Runs what stands behind `$ ` in a console block; gives the block with what was printed. */
  async runConsole(text: string, exitCode: number): Promise<string> {
    const commands = text.split('\n').filter((line) => line.startsWith('$ '));
    let result = '';
    for (const command of commands) {
      const args = /^\$ npx aludel (.*)$/.exec(command)?.[1];
      if (args === undefined) throw new Error(`"${command}" is not a command that a document can run`);
      const words = [...args.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
      const run = await this.node([join(root, 'bin/aludel.js'), ...words.map((word) => this.#unsettle(word))]);
      if (run.exitCode !== exitCode) throw new Error(`"${command}" ended with ${run.exitCode}:\n${run.output}`);
      result += `${result === '' ? '' : '\n'}${command}\n${this.#settle(run.output)}`;
    }
    return result;
  }

  /** Checks the types of the files named. */
  tsc(files: readonly string[]): Promise<{ readonly exitCode: number; readonly output: string }> {
    const options = ['--noEmit', '--strict', '--target', 'es2023', '--module', 'nodenext', '--types', 'node'];
    const types = join(root, 'node_modules/@types');
    return this.node([join(root, 'node_modules/typescript/bin/tsc'), ...options, '--typeRoots', types, ...files]);
  }

  node(args: readonly string[]): Promise<{ readonly exitCode: number; readonly output: string }> {
    const { DATABASE_URL: _url, ALUDEL_CONFIG: _config, ...env } = process.env;
    return new Promise((resolve) => {
      execFile(process.execPath, args, { cwd: this.folder, env: { ...env, ...this.#env } }, (error, stdout, stderr) => {
        const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
        resolve({ exitCode, output: `${stdout}${stderr}` });
      });
    });
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Ids in the order in which they come up get the ids of the documents. */
  #settle(text: string): string {
    return text
      .replace(/(?<![0-9a-z])[0-9a-f]{12}(?![0-9a-z])/g, (id) => {
        if (!this.#ids.includes(id)) this.#ids.push(id);
        return IDS[this.#ids.indexOf(id)] ?? id;
      })
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, MOMENT)
      .replaceAll(this.folder, FOLDER);
  }

  #unsettle(word: string): string {
    const index = IDS.findIndex((id) => id.startsWith(word) && word.length >= 4);
    const id = this.#ids[index];
    return id === undefined ? word : id.slice(0, word.length);
  }
}

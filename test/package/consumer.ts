import { execFile } from 'node:child_process';
import { cp, mkdtemp, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);

export interface ConsumerOptions {
  /** The driver packages that the project has; every other one is missing. */
  readonly drivers: readonly string[];
  /** Default: `module`. */
  readonly type?: 'module' | 'commonjs';
}

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Packs the package as npm would publish it, from what is built, and installs the tarball with npm into an empty project.
 * Gives that project's folder, of which `Consumer.create` makes copies.
 */
export async function installPackage(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'aludel-pack-'));
  const args = ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder];
  const { stdout } = await run('npm', args, { cwd: root });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', private: true }));
  const tarball = join(folder, stdout.trim());
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], { cwd: folder });
  await rm(tarball);
  return folder;
}

/** An empty project into which the tarball was installed, far from this repository's own packages. */
export class Consumer {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(installed: string, { drivers, type = 'module' }: ConsumerOptions): Promise<Consumer> {
    const folder = await mkdtemp(join(tmpdir(), 'aludel-consumer-'));
    await cp(join(installed, 'node_modules'), join(folder, 'node_modules'), {
      recursive: true,
      verbatimSymlinks: true,
    });
    await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type }));
    // The repository's own copies: what is tested is that Aludel finds a driver, not that npm can fetch one.
    for (const driver of drivers) {
      await symlink(join(root, 'node_modules', driver), join(folder, 'node_modules', driver), 'junction');
    }
    return new Consumer(folder);
  }

  /** The packages that are installed, by name. */
  async packages(): Promise<string[]> {
    const names = await readdir(join(this.folder, 'node_modules'));
    return names.filter((name) => !name.startsWith('.')).sort();
  }

  async write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, text] of Object.entries(files)) {
      const file = join(this.folder, name);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
  }

  /** `npx aludel ...`, from what is installed alone. */
  npx(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CommandResult> {
    return this.#run('npx', ['--no-install', 'aludel', ...args], env);
  }

  /** The same command by its link, in half of the time. */
  aludel(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CommandResult> {
    return this.#run(join(this.folder, 'node_modules/.bin/aludel'), args, env);
  }

  node(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CommandResult> {
    return this.#run(process.execPath, args, env);
  }

  /** Checks the types of the project as its tsconfig.json says. */
  tsc(args: readonly string[] = []): Promise<CommandResult> {
    return this.node([join(root, 'node_modules/typescript/bin/tsc'), ...args]);
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  async #run(file: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<CommandResult> {
    const { DATABASE_URL: _url, ALUDEL_CONFIG: _config, NODE_OPTIONS: _options, ...inherited } = process.env;
    return new Promise((resolve) => {
      execFile(file, args, { cwd: this.folder, env: { ...inherited, ...env } }, (error, stdout, stderr) => {
        const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
        resolve({ exitCode, stdout, stderr });
      });
    });
  }
}

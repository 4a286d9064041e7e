import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Texts by the paths of their files below a folder. */
export type Files = Readonly<Record<string, string>>;

/** A temporary folder. */
export interface Folder {
  readonly folder: string;
  path(name: string): string;
  /** Makes the folders of the files as well. */
  write(files: Files): Promise<void>;
  read(name: string): Promise<string>;
  /** The names in a folder below, in order. */
  list(name: string): Promise<string[]>;
  remove(): Promise<void>;
}

/** A folder for the test that runs. */
export async function openFolder(files: Files = {}): Promise<Folder> {
  const made = await createFolder(files);
  onTestFinished(() => made.remove());
  return made;
}

/** The same, to be removed by who asks for it. */
export async function createFolder(files: Files = {}): Promise<Folder> {
  // macOS gives a link, and Node the place behind it in what it loads.
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'aludel-test-')));
  const path = (name: string): string => join(folder, name);
  const made: Folder = {
    folder,
    path,
    write: async (added) => {
      for (const [name, text] of Object.entries(added)) {
        await mkdir(dirname(path(name)), { recursive: true });
        await writeFile(path(name), text);
      }
    },
    read: (name) => readFile(path(name), 'utf8'),
    list: async (name) => (await readdir(path(name))).toSorted(),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
  await made.write(files);
  return made;
}

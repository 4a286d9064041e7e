import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isRevisionFileName, readScriptFolder } from '../../src/revisions/script-folder.js';
import { catchError } from './catch-error.js';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aludel-revisions-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(name: string, id: string, parent: string | null = null, before = ''): void {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  const down = parent === null ? 'null' : `'${parent}'`;
  writeFileSync(
    join(folder, name),
    `${before}export const revision = '${id}';\nexport const downRevision = ${down};\nexport function upgrade() {}\n`,
  );
}

describe('readScriptFolder', () => {
  test('reads the files in name order and leaves the others alone', () => {
    write('2_b.ts', 'bbbb', 'aaaa');
    write('1_z.mjs', 'cccc');
    write('3_a.js', 'aaaa');
    for (const name of ['_helper.ts', '.2_b.ts', 'types.d.ts', 'notes.md', 'sub/9_d.ts']) write(name, 'dddd');
    mkdirSync(join(folder, 'folder.ts'));
    const { graph, missing } = readScriptFolder(folder);
    expect(graph.nodes.map((node) => node.id)).toEqual(['cccc', 'bbbb', 'aaaa']);
    expect(graph.byId.get('bbbb')?.revision.file).toBe(join(folder, '2_b.ts'));
    expect(missing).toEqual([]);
  });

  test('reads several folders in their order, and each file once where they overlap', () => {
    write('z/1_a.ts', 'aaaa');
    write('y/1_b.ts', 'bbbb', 'aaaa');
    write('y/_old/1_c.ts', 'aaaa');
    const { graph } = readScriptFolder([join(folder, 'z'), folder, join(folder, 'z')], { recursive: true });
    expect(graph.nodes.map((node) => node.id)).toEqual(['aaaa', 'bbbb']);
  });

  test('gives an empty graph and names the folder when it does not exist', () => {
    const gone = join(folder, 'gone');
    expect(readScriptFolder(gone)).toMatchObject({ graph: { nodes: [] }, folders: [gone], missing: [gone] });
  });

  test('reads a header that lies behind the first block, with characters of several bytes at its edge', () => {
    for (let padding = 3040; padding < 3080; padding++) {
      write('1_a.ts', 'aaaa', null, `/** ${'x'.repeat(padding)}€€ */\n`);
      expect(readScriptFolder(folder).graph.nodes.map((node) => node.revision.message)).toEqual([
        `${'x'.repeat(padding)}€€`,
      ]);
    }
  });

  test('names a file that cannot be read, and a folder that is none', () => {
    symlinkSync(join(folder, 'gone.ts'), join(folder, '1_a.ts'));
    expect(catchError(() => readScriptFolder(folder))).toMatchObject({
      code: 'ALUDEL_REVISION_INVALID',
      message: `"${join(folder, '1_a.ts')}" cannot be read (ENOENT).`,
    });
    const file = join(folder, 'plain');
    writeFileSync(file, '');
    expect(catchError(() => readScriptFolder(file))).toMatchObject({
      code: 'ALUDEL_CONFIG_INVALID',
      message: `The revision folder "${file}" cannot be read (ENOTDIR).`,
    });
  });

  test('names the file and the line of a header that is no literal', () => {
    writeFileSync(
      join(folder, '1_a.ts'),
      "export const revision = 'aaaa';\nexport const downRevision = getParent();\n",
    );
    expect(catchError(() => readScriptFolder(folder))).toMatchObject({
      code: 'ALUDEL_REVISION_INVALID',
      message: `"${join(folder, '1_a.ts')}" (line 2) gives "downRevision" a value that is not a literal.`,
    });
  });
});

describe('isRevisionFileName', () => {
  test.each(['a.ts', 'a.mts', 'a.js', 'a.mjs', '1.2.ts', 'd.ts'])('takes "%s"', (name) => {
    expect(isRevisionFileName(name)).toBe(true);
  });

  test.each(['a.d.ts', 'a.d.mts', '_a.ts', '.a.ts', '.ts', 'a.cts', 'a.json', 'a.ts.bak', 'a.js.map'])(
    'leaves "%s"',
    (name) => {
      expect(isRevisionFileName(name)).toBe(false);
    },
  );
});

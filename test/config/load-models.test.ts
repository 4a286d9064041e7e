import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { glob } from 'tinyglobby';
import { expect, it } from 'vitest';
import { findModelFiles } from '../../src/config/load-models.js';
import { createFolder } from '../support/folder.js';

it('finds plain paths as globs would', async () => {
  const files = [
    'models.ts',
    'src/models/user.ts',
    'src/models/.hidden.ts',
    '.hidden/a.ts',
    'node_modules/a/b.ts',
    'a.d.ts',
  ];
  const { folder } = await createFolder(Object.fromEntries(files.map((file) => [file, ''])));
  await mkdir(join(folder, 'folder.ts'));
  await writeFile(join(folder, 'folder.ts/inner.ts'), '');
  const named = [
    ...files,
    './models.ts',
    'Models.ts',
    'SRC/models/user.ts',
    'nobody.ts',
    'folder.ts',
    'src',
    './src/models/user.ts',
  ];
  for (const globs of [...named.map((name) => [name]), ['src/models/user.ts', './models.ts', 'models.ts'], []]) {
    const options = { cwd: folder, absolute: true, ignore: ['**/node_modules/**'] };
    const found = (await glob(globs, options)).filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'));
    expect(await findModelFiles(globs, folder), String(globs)).toEqual(found.toSorted());
  }
});

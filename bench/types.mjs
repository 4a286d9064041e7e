/** What the compiler does with 50 and 300 models of 16 columns, each with a relation and a query: instantiations, time. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compare, timeProcess } from './support/measure.mjs';
import { inScratchFolder, ROOT, versionOf } from './support/places.mjs';
import { printRow } from './support/report.mjs';
import { WRITERS } from './types/writers.mjs';

const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');

/** @param {import('./run.mjs').Options} options */
export async function measureTypes({ full, names }) {
  /** @type {import('./support/report.mjs').Row[]} */
  const rows = [];
  for (const count of [50, 300]) {
    await inScratchFolder(async (top) => {
      const entries = WRITERS.filter(({ name, isPeer }) => !isPeer || names(name)).map((writer, i) => {
        const folder = join(top, String(i));
        mkdirSync(join(folder, 'node_modules'), { recursive: true });
        symlinkSync(ROOT, join(folder, 'node_modules/aludel'), 'junction');
        writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
        writeFileSync(
          join(folder, 'tsconfig.json'),
          JSON.stringify({ compilerOptions: COMPILER, files: ['models.ts'] }),
        );
        writeFileSync(join(folder, 'models.ts'), writer.write(count));
        const version = versionOf(writer.package ?? '');
        return { ...writer, name: version === null ? writer.name : `${writer.name} ${version}`, folder };
      });
      /** What the compiler says of itself, by folder. @type {Map<string, string>} */
      const told = new Map();
      const results = await compare(
        entries.map(({ name, isPeer, folder }) => ({
          name,
          isPeer,
          run: () =>
            timeProcess({
              args: [TSC, '-p', folder, '--extendedDiagnostics'],
              cwd: folder,
              onOutput: (text) => void told.set(folder, text),
            }),
        })),
        // The larger one takes some of them most of a minute.
        { full, rounds: full ? 9 : 5, peerRounds: full ? 5 : count > 50 ? 1 : 3 },
      );
      for (const [i, { folder }] of entries.entries()) {
        const stdout = told.get(folder) ?? '';
        const read = (/** @type {RegExp} */ pattern) => Number(pattern.exec(stdout)?.[1] ?? Number.NaN);
        Object.assign(results[i] ?? {}, {
          statements: read(/Instantiations:\s+(\d+)/),
          peak: read(/Memory used:\s+(\d+)K/) / 1024,
        });
      }
      const row = {
        task: `type-check ${count} models`,
        on: 'tsc --noEmit',
        base: 'plain interfaces',
        counted: 'instantiations',
        results,
      };
      printRow(row);
      rows.push(row);
    });
  }
  return rows;
}

const COMPILER = {
  target: 'es2023',
  lib: ['es2023'],
  module: 'nodenext',
  types: [],
  strict: true,
  skipLibCheck: true,
  noEmit: true,
  experimentalDecorators: true,
  strictPropertyInitialization: false,
};

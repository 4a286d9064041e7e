/** A plan as its users run it: written as a revision file, loaded again, recorded. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { renderRevision } from '../../src/autogenerate/render/render-revision.js';
import * as aludel from '../../src/index.js';
import type { Operation } from '../../src/operations/operation.js';
import { reverseAll } from '../../src/operations/reverse.js';
import { makeRevision } from '../../src/revisions/revision.js';
import { recordOperations } from '../../src/runtime/offline.js';

export interface FilePlan {
  readonly upgrade: readonly Operation[];
  readonly downgrade: readonly Operation[];
  readonly source: string;
}

export interface RevisionFiles {
  /** Writes the plan as a file and reads its operations back. */
  roundTrip(operations: readonly Operation[]): Promise<FilePlan>;
  close(): Promise<void>;
}

/** The package of this process under its own name: a second copy would not know the first one's classes. */
const SHARED = Symbol.for('aludel.acceptance');

export async function openRevisionFiles(): Promise<RevisionFiles> {
  const folder = await mkdtemp(join(tmpdir(), 'aludel-plans-'));
  Object.assign(globalThis, { [SHARED]: aludel });
  const home = join(folder, 'node_modules/aludel');
  await mkdir(home, { recursive: true });
  await writeFile(join(home, 'package.json'), '{ "name": "aludel", "type": "module", "exports": "./index.js" }');
  const names = Object.keys(aludel).join(', ');
  await writeFile(
    join(home, 'index.js'),
    `export const { ${names} } = globalThis[Symbol.for('${SHARED.description ?? ''}')];\n`,
  );
  let count = 0;
  return {
    roundTrip: async (operations) => {
      count += 1;
      const file = join(folder, `plan-${count}.mjs`);
      const source = renderRevision({
        id: 'plan',
        message: '',
        down: [],
        branchLabels: [],
        dependsOn: [],
        createdAt: '2026-01-01T00:00:00Z',
        language: 'javascript',
        upgrade: operations,
        downgrade: reverseAll(operations),
      });
      await writeFile(file, source);
      const revision = makeRevision('plan', { file });
      const importModule = (path: string): Promise<Readonly<Record<string, unknown>>> =>
        import(pathToFileURL(path).href) as Promise<Readonly<Record<string, unknown>>>;
      return {
        upgrade: await recordOperations(revision, 'upgrade', { importModule }),
        downgrade: await recordOperations(revision, 'downgrade', { importModule }),
        source,
      };
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

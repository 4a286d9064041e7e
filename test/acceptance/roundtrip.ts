/**
 * The round trip of real schemas through models: a database is loaded, reflected to models, and compared with them;
 * autogenerate writes a revision from the models alone that fills an empty database, and empties it again. The judge is
 * the databases' own dump. It drives the built package (`npm run build`) with files, as a user would.
 * Start: `npm run acceptance -- roundtrip FILE.sql... --url URL [--only NAME] [--results FILE]`.
 */
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createMigrator } from 'aludel';
import { dumpDatabase } from '../support/dump.js';
import type { PairResult } from './pairs-judge.js';
import { expectDump, explain, Verdict } from './pairs-judge.js';
import { parseOptions, type PairOptions, report } from './pairs-report.js';
import { openPairServer, type PairDatabase, type PairServer } from './pairs-server.js';

export async function main(args: readonly string[]): Promise<number> {
  let options: readonly PairOptions[];
  try {
    options = parseOptions(args);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.stderr.write(
      'Usage: npm run acceptance -- roundtrip FILE.sql... --url URL [--only NAME] [--results FILE]\n',
    );
    return 2;
  }
  const [first] = options;
  if (first === undefined) return 2;
  const start = Date.now();
  const server = await openPairServer(first.url);
  const results: PairResult[] = [];
  const files = options.map(({ file }) => file).filter((file) => first.only === null || idOf(file) === first.only);
  for (const file of files) results.push(await judge(file, server));
  await server.close();
  return report(results, first.results, (Date.now() - start) / 1000);
}

function idOf(file: string): string {
  return basename(file, '.sql');
}

async function judge(file: string, server: PairServer): Promise<PairResult> {
  const details: string[] = [];
  const id = idOf(file);
  const result = (verdict: PairResult['verdict'], reason: string): PairResult => ({
    case: id,
    tier: 'corpus',
    area: id,
    verdict,
    reason,
    details,
  });
  const [source, target] = [await server.create(), await server.create()];
  const folder = await mkdtemp(join(tmpdir(), 'aludel-roundtrip-'));
  try {
    const refusal = await source.load(readFileSync(file, 'utf8')).then(
      () => null,
      (error: unknown) => String(error),
    );
    if (refusal !== null) return result('left out', refusal);
    await walk(source, target, folder, details);
    return result('pass', '');
  } catch (error) {
    return result('fail', explain(error));
  } finally {
    await Promise.all([source.drop(), target.drop(), rm(folder, { recursive: true, force: true })]);
  }
}

async function walk(source: PairDatabase, target: PairDatabase, folder: string, details: string[]): Promise<void> {
  await mkdir(join(folder, 'node_modules'), { recursive: true });
  await mkdir(join(folder, 'migrations'));
  await symlink(process.cwd(), join(folder, 'node_modules/aludel'));
  const project = ({ url }: PairDatabase) =>
    createMigrator({ cwd: folder, config: { url, models: 'models.ts', migrations: 'migrations' } });
  // A file of SQLite's is made by the first statement.
  await target.load('');
  const [wanted, empty] = [await dumpDatabase(source.url), await dumpDatabase(target.url)];

  // Named, so that the history of another tool, which many of these schemas hold, is a table as any other.
  const { leftOut } = await project(source).reflect({ output: join(folder, 'models.ts'), include: ['*'] });
  details.push(await readFile(join(folder, 'models.ts'), 'utf8'));
  const { descriptions } = await project(source).check();
  if (descriptions.length > 0) {
    throw new Verdict(`the models differ from their database:\n${descriptions.join('\n')}`);
  }

  const migrator = project(target);
  const { file } = await migrator.revision({ autogenerate: true, message: 'all' });
  const text = file === null ? '' : await readFile(file, 'utf8');
  details.push(text);
  if (text.includes('op.execute(')) throw new Verdict('the revision holds raw SQL');
  await migrator.upgrade('head');
  const notes = leftOut.map((sentence) => `left out: ${sentence}`);
  expectDump('upgrade', await dumpDatabase(target.url), wanted, notes);
  const second = await migrator.check();
  if (!second.isInStep) throw new Verdict(`second comparison is not empty:\n${second.descriptions.join('\n')}`);
  await migrator.downgrade('base', { allowLoss: true });
  expectDump('downgrade', await dumpDatabase(target.url), empty, []);
}

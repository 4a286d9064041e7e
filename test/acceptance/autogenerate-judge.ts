/** One autogenerate case: its database is made, compared with its models, and the answer held against Alembic's. */
import { compareSchemas } from '../../src/autogenerate/compare/compare-schemas.js';
import { dialectOf } from '../../src/connect.js';
import type { Connection } from '../../src/engine/connection.js';
import { createEngine } from '../../src/engine/create-engine.js';
import { AludelError } from '../../src/errors.js';
import type { IncludedType } from '../../src/extensions/callbacks.js';
import { settleColumns } from '../../src/extensions/compare-columns.js';
import { filterIncluded } from '../../src/extensions/filter-included.js';
import { Extensions } from '../../src/extensions/load-extensions.js';
import { leaveOutNamespace } from '../../src/schema/default-namespace.js';
import { matchesWildcard } from '../../src/util/wildcard.js';
import { type AutogenerateCase, type CaseDialect } from './autogenerate-cases.js';
import { ddlOf, modelIndexDdl } from './autogenerate-ddl.js';
import { deviationOf, type Difference } from './autogenerate-deviations.js';
import { modelOf } from './autogenerate-models.js';
import { describeExpected, describeFound, lineText, type OperationLine } from './autogenerate-operations.js';
import type { PairDatabase, PairServer } from './pairs-server.js';
import { translateCase } from './translate-case.js';

export interface AutogenerateResult {
  readonly case: string;
  readonly title: string;
  readonly dialect: CaseDialect;
  /** Whether no difference is due. */
  readonly isEmpty: boolean;
  readonly verdict: 'pass' | 'deviation' | 'not recorded' | 'fail' | 'left out';
  /** The rule of a deviation, what the case lacks, or what went wrong. */
  readonly reason: string;
}

/** Tables that are never compared, as a config names them; Alembic's is called so unless its test says otherwise. */
const VERSION_TABLES: readonly string[] = ['alembic_version'];

export async function judge(given: AutogenerateCase, server: PairServer | undefined): Promise<AutogenerateResult> {
  const { id, title, dialect, expected } = given;
  const result = (verdict: AutogenerateResult['verdict'], reason = ''): AutogenerateResult => ({
    case: id,
    title,
    dialect,
    isEmpty: expected.length === 0,
    verdict,
    reason,
  });
  if (server === undefined) return result('left out', `no URL of a ${dialect} server`);
  const one = translateCase(given);
  const database = await server.create();
  try {
    await database.load(ddlOf(one));
    const found = await compareCase(one, database.url);
    const wanted = describeExpected(expected, one);
    const differences: Difference[] = [
      ...subtract(wanted, found).map((line) => ({ ...line, side: 'expected' as const })),
      ...subtract(found, wanted).map((line) => ({ ...line, side: 'found' as const })),
    ];
    if (differences.length === 0) return result('pass');
    const rule = deviationOf(one, differences);
    const text = differences.map((line) => `${line.side === 'found' ? '+' : '-'} ${lineText(line)}`).join('; ');
    if (rule === undefined) return result('fail', text);
    return result(rule.includes('not recorded') ? 'not recorded' : 'deviation', rule.replaceAll('not recorded: ', ''));
  } catch (error) {
    if (await isRefusedByServer(error, one, database)) return result('deviation', 'models-are-checked');
    return result('fail', error instanceof Error ? error.message : String(error));
  } finally {
    await database.drop();
  }
}

async function compareCase(one: AutogenerateCase, url: string): Promise<OperationLine[]> {
  const engine = createEngine(url);
  try {
    return describeFound(await compareOn(one, await engine.connect()), one);
  } finally {
    await engine.dispose();
  }
}

async function compareOn(one: AutogenerateCase, connection: Connection): Promise<ReturnType<typeof compareSchemas>> {
  const dialect = await dialectOf(connection);
  const home = await dialect.defaultNamespace(connection);
  const declared = leaveOutNamespace(modelOf(one), home);
  const tables = declared.tables.filter(({ name }) => !VERSION_TABLES.includes(name));
  const wanted = dialect.normalise({ ...declared, tables }, connection.server);
  const namespaces = one.options.includeSchemas === true ? ('all' as const) : wanted.namespaces;
  const live = await dialect.reflect(connection, { namespaces, ignoredTables: VERSION_TABLES });
  const extensions = extensionsOf(one);
  const { from, to } = filterIncluded({ from: live, to: wanted }, extensions);
  const canonical = await dialect.canonicalise(connection, to, from);
  const kept = [...new Set([...canonical.namespaces, ...from.namespaces])].sort();
  const settled = settleColumns(from, { ...canonical, namespaces: kept }, extensions);
  return compareSchemas(from, settled.to, dialect.capabilities);
}

/** What each of Alembic's own plugins compares that a filter can leave out. */
const COMPARED_BY: Readonly<Record<string, readonly IncludedType[]>> = {
  'alembic.autogenerate.checkconstraint_byname': ['check'],
  'alembic.ext.checkconstraint_byname': ['check'],
  'alembic.autogenerate.constraints': ['index', 'unique', 'foreignKey'],
};

/** The options of a case, as a config says the same. */
function extensionsOf({ options }: AutogenerateCase): Extensions {
  const { plugins = [] } = options;
  const isOff = (name: string): boolean =>
    plugins.some((pattern) => pattern.startsWith('~') && matchesWildcard(name, pattern.slice(1)));
  const leftOut = Object.entries(COMPARED_BY).flatMap(([name, types]) => (isOff(name) ? types : []));
  return new Extensions(
    {
      file: 'case',
      folder: '.',
      plugins: [],
      include: (_object, { type }) => !leftOut.includes(type),
      compareType: options.compareType !== false && !isOff('alembic.autogenerate.types'),
      compareServerDefault: options.compareServerDefault === true && !isOff('alembic.autogenerate.defaults'),
      renderItem: null,
      processRevisionDirectives: null,
      onVersionApply: null,
      postWrite: [],
    },
    [],
  );
}

/** Whether the server itself does not take an index of the models, without Aludel having a part in it. */
async function isRefusedByServer(error: unknown, one: AutogenerateCase, database: PairDatabase): Promise<boolean> {
  if (!(error instanceof AludelError) || error.code !== 'ALUDEL_MODELS_INVALID') return false;
  try {
    for (const [i, ddl] of modelIndexDdl(one).entries()) {
      await database.load(ddl.replace(/INDEX "[^"]*"/, `INDEX "refused ${i}"`));
    }
    return false;
  } catch {
    return true;
  }
}

/** What is in `all` more often than in `taken`. */
function subtract(all: readonly OperationLine[], taken: readonly OperationLine[]): OperationLine[] {
  const left = taken.map(lineText);
  return all.filter((line) => {
    const at = left.indexOf(lineText(line));
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
}

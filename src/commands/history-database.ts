/** `--from history`: a database that stands where the revisions lead to, made without the project's own. */
import { compareSchemas } from '../autogenerate/compare/compare-schemas.js';
import type { Dialect } from '../dialects/dialect.js';
import type { Connection } from '../engine/connection.js';
import { isInstalled } from '../engine/load-driver.js';
import { parseDatabaseUrl } from '../engine/url.js';
import { AludelError } from '../errors.js';
import { leaveOutNamespace } from '../schema/default-namespace.js';
import { EMPTY_SCHEMA, type Schema } from '../schema/table.js';
import { runOperations } from '../runtime/create-all.js';
import type { Project } from './project.js';
import { replayHistory, type UnknownRevision } from './replay-history.js';
import { PGLITE_PACKAGE, PGLITE_SCRATCH } from './pglite.js';
import { SQLITE_SCRATCH, withScratchDatabase } from './scratch-database.js';

/**
 * Runs `use` with a scratch database that holds what the operations of all revisions make, and drops it.
 * @throws AludelError ALUDEL_USAGE where a server is needed and none is named; what replaying throws.
 */
export async function withHistoryDatabase<T>(
  project: Project,
  devUrl: string | undefined,
  use: (connection: Connection, dialect: Dialect) => Promise<T>,
): Promise<{ readonly result: T; readonly unknown: readonly UnknownRevision[] }> {
  const url = findScratchUrl(parseDatabaseUrl(await project.url()).dialect, devUrl);
  const heads = project.graph.effectiveHeads.map(({ id }) => id);
  const { schema, unknown } = await replayHistory(project, heads);
  const result = await withScratchDatabase(url, async (connection, dialect) => {
    await createSchema(connection, dialect, schema);
    return use(connection, dialect);
  });
  return { result, unknown };
}

type Scheme = ReturnType<typeof parseDatabaseUrl>['dialect'];

/**
 * Where scratch databases are made: SQLite needs nothing for them, and for PostgreSQL PGlite serves where it is installed.
 * @throws AludelError ALUDEL_USAGE where there is no server, or one of another kind.
 */
export function findScratchUrl(dialect: Scheme, devUrl: string | undefined): string {
  if (devUrl === undefined) {
    if (dialect === 'sqlite') return SQLITE_SCRATCH;
    if (dialect === 'postgres' && isInstalled(PGLITE_PACKAGE)) return PGLITE_SCRATCH;
    const orElse = dialect === 'postgres' ? `, or run: npm install --save-dev ${PGLITE_PACKAGE}` : '.';
    throw new AludelError('ALUDEL_USAGE', 'A server is needed that scratch databases can be made on.', {
      hint: `Add --dev-url with the URL of one that holds nothing of value, of the same version, such as ${EXAMPLES[dialect]}${orElse}`,
    });
  }
  const given = parseDatabaseUrl(devUrl).dialect;
  const family = (scheme: Scheme): string => (scheme === 'mariadb' ? 'mysql' : scheme);
  if (family(given) === family(dialect)) return devUrl;
  throw new AludelError('ALUDEL_USAGE', `The scratch databases would be of ${given}, and this is about ${dialect}.`, {
    hint: 'Give a --dev-url of the same kind of server.',
  });
}

const EXAMPLES = {
  postgres: 'postgresql://user:password@localhost:5432/postgres',
  mysql: 'mysql://user:password@localhost:3306/mysql',
  mariadb: 'mariadb://user:password@localhost:3306/mysql',
} as const;

/** Creates everything of a schema in an empty database. */
export async function createSchema(connection: Connection, dialect: Dialect, schema: Schema): Promise<void> {
  const own = leaveOutNamespace(schema, await dialect.defaultNamespace(connection));
  const operations = compareSchemas(EMPTY_SCHEMA, own, dialect.capabilities);
  if (operations.length > 0) await runOperations(operations, EMPTY_SCHEMA, connection, dialect);
}

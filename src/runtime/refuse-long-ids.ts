import type { Dialect } from '../dialects/dialect.js';
import type { Connection } from '../engine/connection.js';
import { AludelError } from '../errors.js';
import type { RowChange } from '../revisions/steps.js';
import { catalogName, type OwnTables } from './version-table.js';

/** `alembic_version.version_num` is a VARCHAR(32), and nobody makes a shorter one. */
const SHORTEST_LIMIT = 32;

/**
 * Makes sure that the version table can hold the ids that steps will write: one that was taken over from Alembic holds 32
 * characters. SQLite would take longer ones all the same, and the same folder would fail on the next server.
 * @throws AludelError ALUDEL_REVISION_INVALID.
 */
export async function refuseLongIds(
  connection: Connection,
  dialect: Dialect,
  names: OwnTables,
  changes: readonly RowChange[],
): Promise<void> {
  const ids = changes.flatMap((change) => (change.kind === 'update' ? [change.from, change.to] : [change.id]));
  const long = [...new Set(ids)].filter((id) => id.length > SHORTEST_LIMIT);
  // One more question for the database only where it may matter.
  if (long.length === 0) return;
  const limit = await readLimit(connection, dialect, names);
  const tooLong = limit === null ? [] : long.filter((id) => id.length > limit);
  if (tooLong.length === 0) return;
  const which = tooLong.length === 1 ? 'this one is' : 'these are';
  throw new AludelError(
    'ALUDEL_REVISION_INVALID',
    `"${names.version}" holds ids of ${limit} characters, and ${which} longer: "${tooLong.join('", "')}".`,
    {
      hint: `Give the revision a shorter id, or widen "version_num" of "${names.version}". Nothing was run.`,
      details: { table: names.version, limit, revisions: tooLong },
    },
  );
}

/** How many characters `version_num` holds; null where it says no length, or the table does not exist yet. */
async function readLimit(connection: Connection, dialect: Dialect, names: OwnTables): Promise<number | null> {
  const mark = dialect.placeholder(1);
  const informationSchema = `SELECT character_maximum_length AS size FROM information_schema.columns
    WHERE table_schema = database() AND table_name = ${mark} AND column_name = 'version_num'`;
  const queries = {
    sqlite: `SELECT type AS size FROM pragma_table_info(${mark}) WHERE name = 'version_num'`,
    // Four more than was declared, or -1: https://www.postgresql.org/docs/current/catalog-pg-attribute.html
    postgres: `SELECT atttypmod - 4 AS size FROM pg_catalog.pg_attribute
      WHERE attrelid = to_regclass(${mark}) AND attname = 'version_num' AND atttypmod > 4`,
    mysql: informationSchema,
    mariadb: informationSchema,
  };
  const name = catalogName(dialect, names.namespace, names.version);
  const { rows } = await connection.execute(queries[dialect.name], [name]);
  const digits = /\d+/u.exec(String(rows[0]?.['size'] ?? ''))?.[0];
  return digits === undefined ? null : Number(digits);
}

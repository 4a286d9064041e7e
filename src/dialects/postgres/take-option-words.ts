/**
 * Options of tables that PostgreSQL keeps in words of its own: what a table is partitioned by, the rows of a partition, and the
 * names of tables and types. Where the models say the same otherwise, they take its words.
 */
import type { Connection } from '../../engine/connection.js';
import { findParent, parseNames, parsePartitionOf } from '../../schema/partition-of.js';
import { EMPTY_COLUMN, findTable, type Schema, type Table } from '../../schema/table.js';
import { textOf, textOrNull } from '../row.js';
import { compileCreateTable } from './create-table.js';
import { readSettings, type Settings, withSearchPath } from './reflect.js';
import { attempt, createScratchNamespaces } from './scratch-namespaces.js';
import { quoteTable } from './sql.js';

const KEYS = ['partitionBy', 'partitionOf', 'inherits', 'ofType'] as const;
type Key = (typeof KEYS)[number];

/** An option that is said on both sides, and not in the same words. */
interface Doubt {
  readonly table: Table;
  readonly live: Table;
  readonly key: Key;
  readonly wanted: string;
  readonly known: string;
}

export async function takeOptionWords(connection: Connection, wanted: Schema, live: Schema): Promise<Schema> {
  const doubts = wanted.tables.flatMap((table) => findDoubts(table, findTable(live, table)));
  if (doubts.length === 0) return wanted;
  await connection.begin();
  try {
    const settings = await readSettings(connection);
    const printed = await print(connection, settings, doubts, live);
    const spelled = new Map<Table, Table>();
    for (const [at, doubt] of doubts.entries()) {
      const { table, key } = doubt;
      if (!saysTheSame(doubt, printed.get(at), settings)) continue;
      const { options } = spelled.get(table) ?? table;
      spelled.set(table, { ...table, options: { ...options, [key]: doubt.known } });
    }
    return { ...wanted, tables: wanted.tables.map((table) => spelled.get(table) ?? table) };
  } finally {
    await connection.rollback();
  }
}

function findDoubts(table: Table, live: Table | undefined): Doubt[] {
  if (live === undefined || live === table) return [];
  return KEYS.flatMap((key) => {
    const [wanted, known] = [table.options[key], live.options[key]];
    if (typeof wanted !== 'string' || typeof known !== 'string' || wanted === known) return [];
    return [{ table, live, key, wanted, known }];
  });
}

/** `printed` is what the server makes of it. */
function saysTheSame({ key, wanted, known }: Doubt, printed: string | undefined, settings: Settings): boolean {
  if (key === 'partitionBy') return printed === known;
  if (key !== 'partitionOf') return namesIn(wanted, settings) === namesIn(known, settings);
  const [one, other] = [parsePartitionOf(wanted), parsePartitionOf(known)];
  if (namesIn(one.parent, settings) !== namesIn(other.parent, settings)) return false;
  return one.bound === other.bound || printed === other.bound;
}

function namesIn(text: string, { defaultNamespace }: Settings): string {
  return JSON.stringify(parseNames(text).map(({ namespace, name }) => [namespace ?? defaultNamespace, name]));
}

/** How the server prints keys and bounds, by their place; what it refuses is absent. */
async function print(
  connection: Connection,
  settings: Settings,
  doubts: readonly Doubt[],
  { tables }: Schema,
): Promise<ReadonlyMap<number, string>> {
  const { defaultNamespace } = settings;
  const scratch = (await createScratchNamespaces(connection, settings, [])).get(defaultNamespace) ?? null;
  const named = (name: string): string => quoteTable({ namespace: scratch, name });
  for (const [at, { key, live, wanted, known }] of doubts.entries()) {
    if (key === 'partitionBy') await attempt(connection, partitioned(live, scratch, String(at), wanted));
    if (key !== 'partitionOf') continue;
    const parent = findParent(parsePartitionOf(known).parent, tables);
    const by = parent?.options['partitionBy'];
    if (parent === undefined || typeof by !== 'string') continue;
    const { bound } = parsePartitionOf(wanted);
    await attempt(connection, [
      ...partitioned(parent, scratch, `parent ${at}`, by),
      `CREATE TABLE ${named(String(at))} PARTITION OF ${named(`parent ${at}`)} ${bound}`,
    ]);
  }
  const { rows } = await withSearchPath(connection, '', settings.searchPath, () =>
    connection.execute(
      `SELECT c.relname AS name, coalesce(pg_get_expr(c.relpartbound, c.oid), pg_get_partkeydef(c.oid)) AS printed
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') AND c.relname !~ '^parent'`,
      [scratch],
    ),
  );
  return new Map(rows.map((row) => [Number(textOf(row, 'name')), textOrNull(row, 'printed') ?? '']));
}

/** A table with the columns of another one, and nothing else of it. */
function partitioned(table: Table, namespace: string | null, name: string, partitionBy: string): string[] {
  const columns = table.columns.map(({ name: column, type, collation }) => ({
    ...EMPTY_COLUMN,
    name: column,
    type,
    collation,
  }));
  const bare: Table = {
    namespace,
    name,
    columns,
    comment: null,
    primaryKey: null,
    uniques: [],
    foreignKeys: [],
    checks: [],
    indexes: [],
    options: { partitionBy },
  };
  return compileCreateTable(bare).map(({ sql }) => sql);
}

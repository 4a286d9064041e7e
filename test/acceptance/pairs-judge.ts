/** One pair of schemas through the whole line, up and down; the databases' own dumps are the judge. */
import { compareSchemas } from '../../src/autogenerate/compare/compare-schemas.js';
import { dialectOf } from '../../src/connect.js';
import type { Dialect } from '../../src/dialects/dialect.js';
import type { Connection } from '../../src/engine/connection.js';
import { createEngine } from '../../src/engine/create-engine.js';
import { AludelError } from '../../src/errors.js';
import { describe } from '../../src/operations/describe.js';
import type { Operation } from '../../src/operations/operation.js';
import { reverseAll } from '../../src/operations/reverse.js';
import type { Schema } from '../../src/schema/table.js';
import { dumpDatabase } from '../support/dump.js';
import { applyPlan } from './pairs-apply.js';
import type { RevisionFiles } from './pairs-files.js';
import type { PairDatabase, PairServer } from './pairs-server.js';

export interface SchemaPair {
  readonly id: string;
  readonly tier: string;
  readonly area: string;
  readonly old: string;
  readonly new: string;
  /** False: an empty plan is due. */
  readonly differs?: boolean;
  readonly roles?: readonly string[];
}

export interface PairResult {
  readonly case: string;
  readonly tier: string;
  readonly area: string;
  /** `left out`: one of the two schemas does not load on this server. */
  readonly verdict: 'pass' | 'fail' | 'left out';
  readonly reason: string;
  /** The operations, the statements sent and the revision file, where the pair failed. */
  readonly details: readonly string[];
}

/** What went wrong, in the judge's words. */
export class Verdict extends Error {}

/** Runs a pair; `files` sends the plan through a written revision file. */
export async function judgePair(
  pair: SchemaPair,
  server: PairServer,
  files: RevisionFiles | null,
): Promise<PairResult> {
  const { id, tier, area } = pair;
  const details: string[] = [];
  const result = (verdict: PairResult['verdict'], reason: string): PairResult => ({
    case: id,
    tier,
    area,
    verdict,
    reason,
    details: verdict === 'fail' ? details : [],
  });
  await server.createRoles(pair.roles ?? []);
  const databases = [await server.create(), await server.create()] as const;
  try {
    const refused = (await refusal(databases[0], pair.old)) ?? (await refusal(databases[1], pair.new));
    if (refused !== null) return result('left out', refused);
    await walk(pair, databases, files, details);
    return result('pass', '');
  } catch (error) {
    return result('fail', explain(error));
  } finally {
    await Promise.all(databases.map((database) => database.drop()));
  }
}

async function refusal(database: PairDatabase, ddl: string): Promise<string | null> {
  try {
    await database.load(ddl);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function walk(
  pair: SchemaPair,
  [first, second]: readonly [PairDatabase, PairDatabase],
  files: RevisionFiles | null,
  details: string[],
): Promise<void> {
  const [original, wanted] = await Promise.all([dumpDatabase(first.url), dumpDatabase(second.url)]);
  const engines = [createEngine(first.url), createEngine(second.url)] as const;
  try {
    const [from, to] = await Promise.all([engines[0].connect(), engines[1].connect()]);
    const dialect = await dialectOf(from);
    const namespaces = [...new Set([...(await namespacesOf(from)), ...(await namespacesOf(to))])].sort();
    const reflect = (connection: Connection): Promise<Schema> =>
      dialect.reflect(connection, { namespaces, ignoredTables: ['aludel_version', 'aludel_log'] });
    const [schemaOfFrom, schemaOfTo] = await Promise.all([reflect(from), reflect(to)]);
    const plan = compareSchemas(schemaOfFrom, schemaOfTo, dialect.capabilities);
    details.push(...plan.map((operation) => `plan: ${describe(operation)}`));
    if (pair.differs === false && plan.length > 0) throw new Verdict(`plan is not empty: ${listOf(plan)}`);
    const filed = await files?.roundTrip(plan);
    if (filed !== undefined) details.push(filed.source);
    await apply('upgrade', from, dialect, filed?.upgrade ?? plan, () => reflect(from), details);
    expectDump('upgrade', await dumpDatabase(first.url), wanted);
    expectEmpty('upgrade', compareSchemas(await reflect(from), schemaOfTo, dialect.capabilities));
    await apply('downgrade', from, dialect, filed?.downgrade ?? reverseAll(plan), () => reflect(from), details);
    expectDump('downgrade', await dumpDatabase(first.url), original);
    expectEmpty('downgrade', compareSchemas(await reflect(from), schemaOfFrom, dialect.capabilities));
  } finally {
    await Promise.all(engines.map((engine) => engine.dispose()));
  }
}

async function apply(
  direction: string,
  connection: Connection,
  dialect: Dialect,
  operations: readonly Operation[],
  reflect: () => Promise<Schema>,
  details: string[],
): Promise<void> {
  const log: string[] = [];
  try {
    await applyPlan(connection, dialect, operations, reflect, log);
  } catch (error) {
    throw new Verdict(`${direction} failed: ${explain(error)}\n  ${log.at(-1) ?? ''}`);
  } finally {
    details.push(...log.map((sql) => `${direction}: ${sql}`));
  }
}

async function namespacesOf(connection: Connection): Promise<string[]> {
  if (connection.dialect !== 'postgres') return [];
  const { rows } = await connection.execute(
    "SELECT nspname AS name FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'",
  );
  return rows.map((row) => String(row['name']));
}

export function expectDump(
  direction: string,
  found: readonly string[],
  wanted: readonly string[],
  notes: readonly string[] = [],
): void {
  const missing = subtract(wanted, found);
  const surplus = subtract(found, wanted);
  if (missing.length + surplus.length === 0) return;
  const lines = [...notes, ...missing.map((sql) => `- ${sql}`), ...surplus.map((sql) => `+ ${sql}`)];
  throw new Verdict(`dump differs after ${direction}:\n${lines.join('\n')}`);
}

/** A dump may hold a statement twice (two unnamed grants, say): sets are compared with their counts. */
function subtract(all: readonly string[], taken: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const sql of taken) counts.set(sql, (counts.get(sql) ?? 0) + 1);
  return all.filter((sql) => {
    const count = counts.get(sql) ?? 0;
    counts.set(sql, count - 1);
    return count <= 0;
  });
}

function expectEmpty(direction: string, operations: readonly Operation[]): void {
  if (operations.length === 0) return;
  throw new Verdict(`second comparison after ${direction} is not empty: ${listOf(operations)}`);
}

function listOf(operations: readonly Operation[]): string {
  return operations.map(describe).join('; ');
}

export function explain(error: unknown): string {
  if (error instanceof Verdict) return error.message;
  // The built package has a class of its own.
  if (error instanceof AludelError || (error instanceof Error && error.name === 'AludelError')) {
    return `${'code' in error ? String(error.code) : ''} ${error.message}`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

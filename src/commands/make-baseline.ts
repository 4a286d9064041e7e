import { compareSchemas } from '../autogenerate/compare/compare-schemas.js';
import type { Dialect } from '../dialects/dialect.js';
import type { Connection } from '../engine/connection.js';
import { readSqliteStatements } from '../import/sqlite-statements.js';
import { describe } from '../operations/describe.js';
import type { Operation } from '../operations/operation.js';
import { reverseAll } from '../operations/reverse.js';
import { EMPTY_SCHEMA, type Schema } from '../schema/table.js';

export interface Baseline {
  readonly upgrade: readonly Operation[];
  readonly downgrade: readonly Operation[];
  /** What the upgrade makes, in words. */
  readonly descriptions: readonly string[];
}

/** The way from an empty database to `own`, the part of what was found that the baseline makes, and back. */
export async function makeBaseline(
  connection: Connection,
  dialect: Dialect,
  found: Schema,
  own: Schema,
): Promise<Baseline> {
  // SQLite's own statements are taken as they are, views and triggers among them.
  const { objects: _stated, ...tablesAlone } = own;
  const wanted = dialect.name === 'sqlite' ? tablesAlone : own;
  const upgrade = compareSchemas(EMPTY_SCHEMA, wanted, dialect.capabilities);
  const downgrade = reverseAll(upgrade);
  if (dialect.name !== 'sqlite') return { upgrade, downgrade, descriptions: upgrade.map(describe) };
  const kept = new Set(own.tables.map(({ name }) => name));
  const statements = await readSqliteStatements(
    connection,
    (name) => !kept.has(name) && found.tables.some((table) => table.name === name),
  );
  // Dropping a table takes its indexes and triggers along.
  const loose = statements.filter(({ type, name }) => type === 'view' || (type === 'table' && !kept.has(name)));
  return {
    upgrade: statements.map(({ sql }) => execute(sql)),
    descriptions: statements.map(({ type, name }) => `create ${type} "${name}"`),
    downgrade: [
      ...loose
        .toReversed()
        .map(({ type, name }) => execute(`DROP ${type.toUpperCase()} ${dialect.quoteIdentifier(name)}`)),
      ...downgrade,
    ],
  };
}

function execute(text: string): Operation {
  return { kind: 'execute', sql: text, params: [], reverse: null };
}

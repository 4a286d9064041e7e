/** The databases, or schemas of one, that a multi-tenant run goes through. */
import { AludelError } from '../errors.js';
import type { Target, TargetSource } from '../config/config.js';
import { matchesWildcard } from '../util/wildcard.js';
import type { Project } from './project.js';

/** A tenant with its name. */
export type NamedTarget = Target & { readonly name: string };

/**
 * The schemas whose names match a pattern (`*` any text, `?` one character), by name. On MySQL and MariaDB a schema is a
 * database: https://dev.mysql.com/doc/refman/8.4/en/information-schema-schemata-table.html
 * @throws AludelError ALUDEL_USAGE on SQLite, and where nothing matches.
 */
export async function findSchemas(project: Project, pattern: string): Promise<readonly NamedTarget[]> {
  const names = await project.connected(async (connection, dialect) => {
    if (dialect.name === 'sqlite') {
      throw new AludelError('ALUDEL_USAGE', 'A SQLite database has no schemas to go through.', {
        hint: 'Give "targets" in the config, a function that yields { name, url }, and run with --each-target.',
      });
    }
    const { rows } = await connection.execute('SELECT schema_name AS name FROM information_schema.schemata');
    return rows.map((row) => String(row['name']));
  });
  const found = names.filter((name) => !isOwnedByServer(name) && matchesWildcard(name, pattern)).toSorted();
  if (found.length > 0) return found.map((name) => ({ name, schema: name }));
  throw new AludelError('ALUDEL_USAGE', `No schema matches "${pattern}".`, {
    hint: 'Correct the pattern: * stands for any text, ? for one character.',
  });
}

function isOwnedByServer(name: string): boolean {
  return /^(?:pg_.*|information_schema|mysql|performance_schema|sys)$/i.test(name);
}

/** @throws AludelError ALUDEL_CONFIG_INVALID for targets that no run could tell apart, or none. */
export async function readTargets(file: string, source: TargetSource | undefined): Promise<readonly NamedTarget[]> {
  if (source === undefined) {
    throw invalidTargets(file, 'there is no "targets"', `Add it. ${HINT}`);
  }
  const targets: NamedTarget[] = [];
  for await (const given of await source()) {
    const { name = given.schema, url, schema } = given;
    if (name === undefined || (url === undefined && schema === undefined)) {
      throw invalidTargets(file, 'the function "targets" gave one that is no { name, url } or { schema }', HINT);
    }
    if (targets.some((known) => known.name === name)) {
      throw invalidTargets(file, `the function "targets" gave "${name}" twice`, 'Give each a name of its own.');
    }
    targets.push({ ...given, name });
  }
  if (targets.length > 0) return targets;
  throw invalidTargets(file, 'the function "targets" gave nothing', HINT);
}

const HINT = 'It is a function that yields { name, url } or { schema } for each tenant.';

function invalidTargets(file: string, problem: string, hint: string): AludelError {
  return new AludelError('ALUDEL_CONFIG_INVALID', `Config file "${file}": ${problem}.`, { hint });
}

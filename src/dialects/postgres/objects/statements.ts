/** What each kind of object takes to be made, changed in place and dropped. */
import { type DatabaseObject, type ObjectKind, type ObjectName, statementOf } from '../../../schema/objects.js';
import type { Statement } from '../../dialect.js';
import { keepArrayTypes } from '../keep-array-types.js';
import { quoteIdentifier, quoteString, quoteTable } from '../sql.js';
import { alterComposite, alterDomain, canAlterComposite, canAlterDomain, retypedAttributes } from './alter-types.js';
import { policyClauses } from './definitions.js';

/** Text that PostgreSQL prints again as it is. The bodies of functions are kept in any case. */
function stableText(object: DatabaseObject): string {
  const statement = statementOf(object);
  return ROUTINES.has(object.kind) ? statement : keepArrayTypes(statement);
}

const ROUTINES: ReadonlySet<ObjectKind> = new Set(['aggregate', 'function', 'procedure']);

/** The definition, and what is said in statements of its own. */
export function createObject(object: DatabaseObject): Statement[] {
  return [
    ...leaveBodyUnchecked(object),
    { sql: stableText(object) },
    ...changeOptions(object, {}, object.options ?? {}),
    ...changeComment(object, undefined),
  ];
}

export function dropObject(object: ObjectName, existing: DatabaseObject | null): Statement[] {
  if (object.kind === 'grant' || object.kind === 'defaultGrant') {
    const revoke = existing?.parts?.['revoke'];
    return revoke === undefined ? [] : [{ sql: revoke }];
  }
  if (object.kind === 'namespaceComment') {
    const text = object.name === 'public' ? quoteString('standard public schema') : 'NULL';
    return [{ sql: `COMMENT ON SCHEMA ${quoteIdentifier(object.name)} IS ${text}` }];
  }
  return [{ sql: `DROP ${WORDS[object.kind]} ${referTo(object)}` }];
}

export function replaceObject(from: DatabaseObject | null, to: DatabaseObject): Statement[] {
  const changed = from !== null && from.definition === to.definition ? [] : redefine(from, to);
  return [
    ...changed,
    ...changeOptions(to, from?.options ?? {}, to.options ?? {}),
    ...changeComment(to, from === null ? undefined : from.comment),
  ];
}

/** https://www.postgresql.org/docs/current/sql-createview.html: only what leaves the object's face as it is. */
export function canReplace(from: DatabaseObject, to: DatabaseObject, isUsed = false): boolean {
  if (from.definition === to.definition && sameParts(from, to)) return true;
  switch (from.kind) {
    case 'view':
      return from.parts?.['columns'] === to.parts?.['columns'];
    case 'function':
    case 'procedure':
      return headOf(from.definition) === headOf(to.definition);
    case 'aggregate':
      return sameParts(from, to);
    case 'domain':
      return canAlterDomain(from, to);
    case 'compositeType':
      return canAlterComposite(from, to) && !(isUsed && retypedAttributes(from, to).length > 0);
    case 'policy': {
      const [before, after] = [from.parts ?? {}, to.parts ?? {}];
      const has = (key: string): boolean => (before[key] === undefined) === (after[key] === undefined);
      return before['command'] === after['command'] && has('using') && has('check');
    }
    case 'extension':
    case 'namespaceComment':
      return true;
    default:
      return false;
  }
}

function redefine(from: DatabaseObject | null, to: DatabaseObject): Statement[] {
  switch (to.kind) {
    case 'view':
      return [{ sql: stableText(to).replace(/^CREATE VIEW/, 'CREATE OR REPLACE VIEW') }];
    case 'domain':
      return alterDomain(from, to);
    case 'compositeType':
      return alterComposite(from, to);
    case 'policy':
      return [
        {
          sql: `ALTER POLICY ${quoteIdentifier(to.name)} ON ${quoteTable(to.table ?? to)} ${keepArrayTypes(policyClauses(to.parts ?? {}))}`,
        },
      ];
    case 'extension':
      return [{ sql: `ALTER EXTENSION ${quoteIdentifier(to.name)} SET SCHEMA ${to.parts?.['namespace'] ?? ''}` }];
    default:
      return [...leaveBodyUnchecked(to), { sql: to.definition }];
  }
}

/**
 * A routine of another namespace is called with a `search_path` that holds it: its body names what stands beside it alone, and the
 * server, which looks at bodies with the path of the migration, would not find that. `pg_dump` looks at none.
 */
function leaveBodyUnchecked({ kind, namespace }: DatabaseObject): Statement[] {
  const isElsewhere = (kind === 'function' || kind === 'procedure') && namespace !== null;
  return isElsewhere ? [{ sql: 'SET LOCAL check_function_bodies = off' }] : [];
}

function sameParts(from: DatabaseObject, to: DatabaseObject): boolean {
  return JSON.stringify(from.parts ?? {}) === JSON.stringify(to.parts ?? {});
}

/** What models can declare. */
export const POSTGRES_KINDS: ReadonlySet<ObjectKind> = new Set([
  'aggregate',
  'cast',
  'collation',
  'compositeType',
  'defaultGrant',
  'domain',
  'eventTrigger',
  'extension',
  'function',
  'grant',
  'materializedView',
  'namespaceComment',
  'operator',
  'operatorClass',
  'operatorFamily',
  'policy',
  'procedure',
  'publication',
  'rangeType',
  'rule',
  'statistics',
  'textSearchConfiguration',
  'textSearchDictionary',
  'trigger',
  'view',
  'viewIndex',
]);

/** `pg_get_functiondef` prints name, arguments and result before the language: CREATE OR REPLACE leaves these alone. */
function headOf(definition: string): string {
  const end = definition.indexOf('\n LANGUAGE ');
  return end === -1 ? definition : definition.slice(0, end);
}

const WORDS: Readonly<Record<ObjectKind, string>> = {
  aggregate: 'AGGREGATE',
  cast: 'CAST',
  collation: 'COLLATION',
  compositeType: 'TYPE',
  defaultGrant: '',
  domain: 'DOMAIN',
  event: 'EVENT',
  eventTrigger: 'EVENT TRIGGER',
  extension: 'EXTENSION',
  function: 'FUNCTION',
  grant: '',
  materializedView: 'MATERIALIZED VIEW',
  namespaceComment: '',
  operator: 'OPERATOR',
  operatorClass: 'OPERATOR CLASS',
  operatorFamily: 'OPERATOR FAMILY',
  policy: 'POLICY',
  procedure: 'PROCEDURE',
  publication: 'PUBLICATION',
  rangeType: 'TYPE',
  rule: 'RULE',
  statistics: 'STATISTICS',
  textSearchConfiguration: 'TEXT SEARCH CONFIGURATION',
  textSearchDictionary: 'TEXT SEARCH DICTIONARY',
  trigger: 'TRIGGER',
  view: 'VIEW',
  viewIndex: 'INDEX',
  virtualTable: '',
};

/** `"touch" ON "users"`, `"add"(integer, integer)`, `"app"."open_tickets"`, `"app".@@ (text, text)`, `"app"."small" USING btree`. */
function referTo(object: ObjectName): string {
  const { kind, name, table, signature } = object;
  if (kind === 'extension' || kind === 'eventTrigger' || kind === 'publication') return quoteIdentifier(name);
  if (kind === 'cast') return `(${name})`;
  if (kind === 'operatorClass' || kind === 'operatorFamily')
    return `${quoteTable(object)} USING ${signature ?? 'btree'}`;
  if (kind === 'operator') {
    const home = object.namespace === null ? '' : `${quoteIdentifier(object.namespace)}.`;
    return `${home}${name} (${signature ?? ''})`;
  }
  if (table !== undefined && (kind === 'trigger' || kind === 'policy' || kind === 'rule')) {
    return `${quoteIdentifier(name)} ON ${quoteTable(table)}`;
  }
  if (signature === undefined) return quoteTable(object);
  return `${quoteTable(object)}(${kind === 'aggregate' && signature === '' ? '*' : signature})`;
}

function changeComment(object: DatabaseObject, before: string | undefined): Statement[] {
  if (object.comment === before) return [];
  const text = object.comment === undefined ? 'NULL' : quoteString(object.comment);
  return [{ sql: `COMMENT ON ${WORDS[object.kind]} ${referTo(object)} IS ${text}` }];
}

/** Statements for what was added, changed or taken away. */
function changeOptions(
  object: DatabaseObject,
  from: Readonly<Record<string, string>>,
  to: Readonly<Record<string, string>>,
): Statement[] {
  const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort();
  return keys.flatMap((key) => (from[key] === to[key] ? [] : changeOption(object, key, to[key], from[key])));
}

function changeOption(
  object: DatabaseObject,
  key: string,
  value: string | undefined,
  before: string | undefined,
): Statement[] {
  const { kind, table } = object;
  const relation = table === undefined ? '' : quoteTable(table);
  const [, what = key, name = ''] = /^(comment on|default of|not valid|mapping for|member) (.*)$/s.exec(key) ?? [];
  const text = value === undefined ? 'NULL' : quoteString(value);
  switch (what) {
    case 'enabled': {
      const word = kind === 'rule' ? 'RULE' : 'TRIGGER';
      if (kind === 'eventTrigger') return [{ sql: `ALTER EVENT TRIGGER ${referTo(object)} ${value ?? 'ENABLE'}` }];
      const [verb = 'ENABLE', mode] = (value ?? 'ENABLE').split(' ');
      const action = `${verb}${mode === undefined ? '' : ` ${mode}`} ${word} ${quoteIdentifier(object.name)}`;
      return [{ sql: `ALTER TABLE ${relation} ${action}` }];
    }
    case 'target':
      return [{ sql: `ALTER STATISTICS ${quoteTable(object)} SET STATISTICS ${value ?? '-1'}` }];
    case 'clustered':
      return [
        {
          sql: `ALTER MATERIALIZED VIEW ${relation} ${value === undefined ? 'SET WITHOUT CLUSTER' : `CLUSTER ON ${quoteIdentifier(object.name)}`}`,
        },
      ];
    case 'comment on':
      return [{ sql: `COMMENT ON ${partOf(object, name)} IS ${text}` }];
    case 'default of': {
      const action = value === undefined ? 'DROP DEFAULT' : `SET DEFAULT ${value}`;
      return [{ sql: `ALTER VIEW ${quoteTable(object)} ALTER COLUMN ${quoteIdentifier(name)} ${action}` }];
    }
    case 'mapping for': {
      const verb = value === undefined ? 'DROP' : before === undefined ? 'ADD' : 'ALTER';
      const action = `${verb} MAPPING FOR ${quoteIdentifier(name)}${value === undefined ? '' : ` WITH ${value}`}`;
      return [{ sql: `ALTER TEXT SEARCH CONFIGURATION ${quoteTable(object)} ${action}` }];
    }
    case 'member': {
      const alter = `ALTER OPERATOR FAMILY ${referTo(object)}`;
      return [
        ...(before === undefined ? [] : [{ sql: `${alter} DROP ${name}` }]),
        ...(value === undefined ? [] : [{ sql: `${alter} ADD ${value}` }]),
      ];
    }
    case 'not valid':
      // Taken away with the constraint, or validated; its definition is among the parts.
      return value === undefined
        ? []
        : [{ sql: `ALTER DOMAIN ${quoteTable(object)} ADD CONSTRAINT ${quoteIdentifier(name)} ${value}` }];
    default:
      return [];
  }
}

function partOf(object: DatabaseObject, name: string): string {
  if (object.kind === 'domain') return `CONSTRAINT ${quoteIdentifier(name)} ON DOMAIN ${quoteTable(object)}`;
  return `COLUMN ${quoteTable(object)}.${quoteIdentifier(name)}`;
}

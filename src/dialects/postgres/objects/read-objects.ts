import type { Connection, Row } from '../../../engine/connection.js';
import {
  byObjectKey,
  columnKey,
  constraintKey,
  type DatabaseObject,
  enumKey,
  objectKey,
  type ObjectKind,
  relationKey,
  sequenceKey,
} from '../../../schema/objects.js';
import type { TableName } from '../../../schema/table.js';
import { textOf, textOrNull } from '../../row.js';
import { DEPENDENCIES } from './catalog.js';
import { allInPlace } from './catalog-in-place.js';
import {
  type Details,
  textIn,
  writeAggregate,
  writeComposite,
  writeDomain,
  writeEventTrigger,
  writePolicy,
  writePrinted,
  writeRange,
  writeView,
  type Written,
} from './definitions.js';
import {
  writeCast,
  writeCollation,
  writeConfiguration,
  writeDictionary,
  writeNamespaceComment,
  writeOperator,
  writeOperatorClass,
  writeOperatorFamily,
  writePublication,
} from './further-definitions.js';
import { grantSignature, writeGrant } from './grants.js';

/** What reflection knows already, by oid. */
export interface KnownObjects {
  readonly relations: ReadonlyMap<string, TableName>;
  readonly enums: ReadonlyMap<string, TableName>;
  readonly sequences: ReadonlyMap<string, TableName>;
}

export interface FoundObjects {
  readonly objects: readonly DatabaseObject[];
  /** Keys that a table stands on, by the oid of the table. */
  readonly needs: ReadonlyMap<string, readonly string[]>;
}

/** Makes objects of the rows of `partsOf`, and reads what stands on what where there are any. */
export async function readObjects(
  connection: Connection,
  rows: readonly Row[],
  relative: (namespace: string) => string | null,
  known: KnownObjects,
): Promise<FoundObjects> {
  if (rows.length === 0) return { objects: [], needs: new Map() };
  const names = new Map<string, TableName>(known.relations);
  for (const row of rows) {
    const namespace = textOrNull(row, 'namespace');
    if (row['class'] !== 'pg_class' || namespace === null) continue;
    names.set(textOf(row, 'oid'), { namespace: relative(namespace), name: textOf(row, 'name') });
  }
  const keys = new Map<string, string>();
  for (const [oid, name] of known.relations) keys.set(`pg_class ${oid}`, relationKey(name));
  for (const [oid, name] of known.sequences) keys.set(`pg_class ${oid}`, sequenceKey(name));
  for (const [oid, name] of known.enums) keys.set(`pg_type ${oid}`, enumKey(name));
  const found = rows.flatMap((row): [string, DatabaseObject][] => {
    const object = readObject(row, relative, names);
    if (object === null) return [];
    const place = `${textOf(row, 'class')} ${textOf(row, 'oid')}`;
    keys.set(place, objectKey(object));
    return [[place, object]];
  });
  const needs = await readNeeds(connection, keys, names);
  const targets = new Map(rows.map((row) => [`${textOf(row, 'class')} ${textOf(row, 'oid')}`, targetOf(row)]));
  const objects = found.flatMap(([place, object]): DatabaseObject[] => {
    const target = targets.get(place) ?? null;
    // Privileges on what is not read are nobody's business here.
    const isUnknown = target !== null && !target.startsWith('pg_namespace ') && !keys.has(target);
    if (isUnknown) return [];
    const owner = target === null ? undefined : keys.get(target);
    const dependsOn = owner === undefined ? needs.get(place) : [owner];
    return [dependsOn === undefined ? object : { ...object, dependsOn }];
  });
  const ofTables = [...known.relations.keys()].flatMap((oid): [string, readonly string[]][] => {
    const list = needs.get(`pg_class ${oid}`);
    const own = list?.filter((key) => !key.startsWith('table ') && !key.startsWith('column ')) ?? [];
    return own.length === 0 ? [] : [[oid, own]];
  });
  return { objects: objects.toSorted(byObjectKey), needs: new Map(ofTables) };
}

/** Objects that are in no namespace, with all privileges: without what they stand on. */
export async function readInPlace(connection: Connection, namespaces: readonly string[]): Promise<DatabaseObject[]> {
  const { rows } = await connection.execute(allInPlace(connection.server.major), [namespaces]);
  return rows.flatMap((row) => readObject(row, (namespace) => namespace, new Map()) ?? []);
}

/** What privileges are on. */
function targetOf(row: Row): string | null {
  if (row['kind'] !== 'grant') return null;
  const details = (row['details'] ?? {}) as Details;
  return `${textIn(details, 'class')} ${textIn(details, 'oid')}`;
}

async function readNeeds(
  connection: Connection,
  keys: ReadonlyMap<string, string>,
  names: ReadonlyMap<string, TableName>,
): Promise<Map<string, readonly string[]>> {
  const needs = new Map<string, Set<string>>();
  for (const row of (await connection.execute(DEPENDENCIES)).rows) {
    const place = `${textOf(row, 'class')} ${textOf(row, 'oid')}`;
    const needed = neededKeys(row, keys, names).filter((key) => key !== keys.get(place));
    if (needed.length === 0 || !keys.has(place)) continue;
    const list = needs.get(place) ?? new Set();
    for (const key of needed) list.add(key);
    needs.set(place, list);
  }
  return new Map([...needs].map(([place, list]) => [place, [...list].sort()]));
}

function neededKeys(row: Row, keys: ReadonlyMap<string, string>, names: ReadonlyMap<string, TableName>): string[] {
  const oid = textOf(row, 'ref_oid');
  const [column, constraint, relation] = [
    textOrNull(row, 'ref_column'),
    textOrNull(row, 'ref_constraint'),
    names.get(oid),
  ];
  if (constraint !== null) return relation === undefined ? [] : [constraintKey(relation, constraint)];
  const key = keys.get(`${textOf(row, 'ref_class')} ${oid}`);
  if (key === undefined) return [];
  const isColumn = column !== null && relation !== undefined && key.startsWith('table ');
  return isColumn ? [columnKey(relation, column)] : [key];
}

function readObject(
  row: Row,
  relative: (namespace: string) => string | null,
  names: ReadonlyMap<string, TableName>,
): DatabaseObject | null {
  const kind = textOf(row, 'kind') as ObjectKind;
  const namespace = textOrNull(row, 'namespace');
  const [relation, signature] = [textOrNull(row, 'relation'), textOrNull(row, 'signature')];
  const table = relation === null ? undefined : names.get(relation);
  // What belongs to a table that is not read is not read either.
  if (relation !== null && table === undefined) return null;
  const comment = textOrNull(row, 'comment');
  const isGrant = kind === 'grant' || kind === 'defaultGrant';
  const isNamedInTable = kind === 'trigger' || kind === 'policy' || kind === 'rule';
  return {
    kind,
    namespace: namespace === null || isNamedInTable ? null : relative(namespace),
    name: textOf(row, 'name'),
    ...(table === undefined ? {} : { table }),
    ...(signature === null
      ? {}
      : { signature: isGrant ? grantSignature(signature, (row['details'] ?? {}) as Details) : signature }),
    ...write(kind, row),
    ...(comment === null ? {} : { comment }),
  };
}

function write(kind: ObjectKind, row: Row): Written {
  const details = (row['details'] ?? {}) as Details;
  const name = textOf(row, 'qualified');
  switch (kind) {
    case 'extension':
      return {
        definition: `CREATE EXTENSION ${name} WITH SCHEMA ${textIn(details, 'namespace')}`,
        parts: { namespace: textIn(details, 'namespace') ?? '' },
      };
    case 'domain':
      return writeDomain(name, details);
    case 'compositeType':
      return writeComposite(name, details);
    case 'rangeType':
      return writeRange(name, details);
    case 'aggregate':
      return writeAggregate(name, details);
    case 'view':
    case 'materializedView':
      return writeView(name, details, kind === 'materializedView');
    case 'policy':
      return writePolicy(textOf(row, 'name'), textIn(details, 'table') ?? '', details);
    case 'grant':
    case 'defaultGrant':
      return writeGrant(name, textOf(row, 'signature'), details, kind === 'defaultGrant');
    case 'eventTrigger':
      return writeEventTrigger(name, details);
    case 'cast':
      return writeCast(name, details);
    case 'collation':
      return writeCollation(name, details);
    case 'namespaceComment':
      return writeNamespaceComment(name, details);
    case 'operator':
      return writeOperator(name, details);
    case 'operatorClass':
      return writeOperatorClass(name, details);
    case 'operatorFamily':
      return writeOperatorFamily(name, details);
    case 'publication':
      return writePublication(name, details);
    case 'textSearchConfiguration':
      return writeConfiguration(name, details);
    case 'textSearchDictionary':
      return writeDictionary(name, details);
    default:
      return writePrinted(details);
  }
}

/**
 * Views, functions, triggers and the rest for a generated schema. Each kind of thing comes after those that it may stand on,
 * so that nothing stands on itself. The choices are plain numbers: fast-check shrinks them fast.
 */
import fc from 'fast-check';
import { isPartition } from '../../src/operations/partitions.js';
import {
  byObjectKey,
  columnKey,
  type DatabaseObject,
  enumKey,
  objectKey,
  type ObjectKind,
  relationKey,
  sequenceKey,
} from '../../src/schema/objects.js';
import type { Schema, Table, TableName } from '../../src/schema/table.js';

/** What tables can be made of: these stand on no table themselves. */
const GROUND = [
  'extension',
  'compositeType',
  'rangeType',
  'collation',
  'textSearchDictionary',
  'textSearchConfiguration',
  'domain',
  'function',
  'operatorFamily',
  'operatorClass',
] as const satisfies ObjectKind[];

/** Those of which a second one is made that no table is made of, so that anything about it may change. */
const FREE = [
  'function',
  'collation',
  'textSearchDictionary',
  'textSearchConfiguration',
  'operatorFamily',
  'operatorClass',
] as const satisfies ObjectKind[];

/** What the database cannot change under a table, nor under what tables are made of. */
export const isSettled = ({ kind, name }: Pick<DatabaseObject, 'kind' | 'name'>): boolean =>
  kind === 'rangeType' || (kind !== 'function' && FREE.some((free) => name === `${free}_1`));

/** The others, each after those that it may stand on. */
const ABOVE = [
  'procedure',
  'aggregate',
  'operator',
  'cast',
  'virtualTable',
  'view',
  'materializedView',
  'viewIndex',
  'statistics',
  'rule',
  'trigger',
  'event',
  'eventTrigger',
  'policy',
  'publication',
  'namespaceComment',
  'defaultGrant',
  'grant',
] as const satisfies ObjectKind[];

export type Family = 'postgres' | 'mysql' | 'sqlite';

/** What each database has. */
export const KINDS: Readonly<Record<Family, readonly ObjectKind[]>> = {
  postgres: [...GROUND, ...ABOVE].filter((kind) => kind !== 'event' && kind !== 'virtualTable'),
  mysql: ['event', 'function', 'procedure', 'trigger', 'view'],
  sqlite: ['trigger', 'view', 'virtualTable'],
};

/** Kinds that belong to a table, a view, or either. */
const OWNERS: { readonly [K in ObjectKind]?: readonly ('table' | 'view' | 'materializedView')[] } = {
  viewIndex: ['materializedView'],
  statistics: ['table'],
  policy: ['table'],
  rule: ['table', 'view'],
  trigger: ['table', 'view'],
};

/** What is said beside the definition, where a kind has such a thing. */
const OPTIONS: { readonly [K in ObjectKind]?: Readonly<Record<string, string>> } = {
  domain: { 'comment on positive': 'one' },
  eventTrigger: { enabled: 'DISABLE' },
  rule: { enabled: 'DISABLE' },
  operatorFamily: { 'member OPERATOR 1 (integer, bigint)': 'OPERATOR 1 <(integer,bigint)' },
  statistics: { target: '500' },
  textSearchConfiguration: { 'mapping for word': 'simple' },
  trigger: { enabled: 'ENABLE ALWAYS' },
  view: { 'default of x': '7' },
  viewIndex: { clustered: 'true' },
};

const ROUTINES: ReadonlySet<ObjectKind> = new Set(['aggregate', 'function', 'procedure']);

interface Choice {
  readonly isThere: boolean;
  readonly variant: number;
  readonly owner: number;
  readonly needs: readonly number[];
  readonly comment: string | null;
  readonly hasOption: boolean;
}

const choice: fc.Arbitrary<Choice> = fc.record({
  isThere: fc.constantFrom(false, true, false),
  variant: fc.nat(2),
  owner: fc.nat(9),
  needs: fc.array(fc.nat(30), { maxLength: 2 }),
  comment: fc.constantFrom(null, null, 'one', 'two'),
  hasOption: fc.boolean(),
});

/** Types, functions and extensions that the columns of tables may be made of on PostgreSQL. */
export function randomGround(family: Family): fc.Arbitrary<DatabaseObject[]> {
  if (family !== 'postgres') return fc.constant([]);
  return fc.tuple(...GROUND.map(() => choice)).map((choices) =>
    GROUND.flatMap((kind, i) => {
      const chosen = choices[i];
      return chosen?.isThere === true ? [makeObject(kind, 1, grounded(kind, chosen), [], null, true)] : [];
    }),
  );
}

/** Only what the database changes in place, or by a swap, can change under a column. */
function grounded(kind: ObjectKind, chosen: Choice): Choice {
  if (kind === 'domain' || kind === 'compositeType') return chosen;
  return { ...chosen, variant: isSettled({ kind, name: `${kind}_1` }) ? 0 : chosen.variant % 2 };
}

/** Everything that may stand on tables, beside what is there already. */
export function randomObjects(
  schema: Schema,
  ground: readonly DatabaseObject[],
  family: Family,
): fc.Arbitrary<DatabaseObject[]> {
  const isPostgres = family === 'postgres';
  const own = [...FREE, ...ABOVE].filter((kind) => KINDS[family].includes(kind));
  const isGround = (kind: ObjectKind): boolean => isPostgres && FREE.some((free) => free === kind);
  const slots = own.flatMap((kind) => (isGround(kind) ? [2] : [1, 2]).map((n) => ({ kind, n })));
  return fc.tuple(...slots.map(() => choice)).map((choices) => {
    const made = [...ground];
    slots.forEach(({ kind, n }, i) => {
      const chosen = choices[i];
      // An index needs a view that it may belong to.
      const isOften = (kind === 'materializedView' || kind === 'viewIndex') && (chosen?.owner ?? 0) > 4;
      if (chosen === undefined || !(chosen.isThere || isOften)) return;
      const owners = ownersFor(kind, schema, made, isPostgres);
      if (owners?.length === 0) return;
      const owner = owners?.[chosen.owner % owners.length] ?? null;
      // What a kind stands on comes before it: the objects of its own kind are left out.
      const below = made.filter((known) => known.kind !== kind);
      made.push(makeObject(kind, n, chosen, needable(schema, below, isPostgres), owner, isPostgres));
    });
    return made.toSorted(byObjectKey);
  });
}

interface Needed {
  readonly key: string;
  readonly name: string;
}

/** What an object may mention. */
function needable(schema: Schema, objects: readonly DatabaseObject[], isPostgres: boolean): Needed[] {
  const tables = schema.tables.map((table) => ({ key: relationKey(table), name: table.name }));
  if (!isPostgres) return [...tables, ...objects.filter(isMentioned).map(neededObject)];
  // The columns of a partition come and go with those of its table, unsaid.
  const columns = schema.tables
    .filter((table) => !isPartition(table))
    .flatMap((table) => table.columns.map(({ name }) => ({ key: columnKey(table, name), name: table.name })));
  return [
    ...tables,
    ...columns,
    ...schema.enums.map((type) => ({ key: enumKey(type), name: type.name })),
    ...schema.sequences.map((sequence) => ({ key: sequenceKey(sequence), name: sequence.name })),
    ...objects.filter(isMentioned).map(neededObject),
  ];
}

/** Nothing mentions a trigger or an index. */
function isMentioned({ kind }: DatabaseObject): boolean {
  return (
    GROUND.some((known) => known === kind) || ['procedure', 'virtualTable', 'view', 'materializedView'].includes(kind)
  );
}

function neededObject(object: DatabaseObject): Needed {
  return { key: objectKey(object), name: object.name };
}

/** What an object of the kind can belong to; `null` where it belongs to nothing. */
function ownersFor(
  kind: ObjectKind,
  { tables }: Schema,
  objects: readonly DatabaseObject[],
  isPostgres: boolean,
): readonly TableName[] | null {
  const kinds = OWNERS[kind];
  if (kinds === undefined) return null;
  const views = objects.filter((object) => isPostgres && kinds.some((known) => known === object.kind));
  return [...(kinds.includes('table') ? tables : []), ...views];
}

function makeObject(
  kind: ObjectKind,
  n: number,
  { variant, needs, comment, hasOption }: Choice,
  known: readonly Needed[],
  owner: TableName | null,
  isPostgres: boolean,
): DatabaseObject {
  const name = `${kind}_${n}`;
  const table = owner === null ? null : { namespace: owner.namespace, name: owner.name };
  const used =
    kind === 'defaultGrant' || known.length === 0 ? [] : needs.flatMap((at) => known[at % known.length] ?? []);
  const mentioned = [...used.map((needed) => needed.name), ...(table === null ? [] : [table.name])];
  const option = OPTIONS[kind];
  const dependsOn = [...new Set(used.map(({ key }) => key))].sort();
  return {
    kind,
    namespace: kind === 'viewIndex' || kind === 'statistics' ? (table?.namespace ?? null) : null,
    name,
    ...(isPostgres && ROUTINES.has(kind) ? { signature: '' } : {}),
    ...(table === null ? {} : { table }),
    definition: define(kind, name, variant, mentioned),
    ...partsOf(kind, variant),
    ...(isPostgres && hasOption && option !== undefined ? { options: option } : {}),
    ...(isPostgres && comment !== null ? { comment } : {}),
    ...(isPostgres && dependsOn.length > 0 ? { dependsOn } : {}),
  };
}

function define(kind: ObjectKind, name: string, variant: number, mentioned: readonly string[]): string {
  const rest = [`SELECT ${variant}`, ...mentioned.map((word) => `FROM ${word}`)].join(' ');
  if (!ROUTINES.has(kind)) return `CREATE ${kind} ${name} AS ${rest}`;
  // What stands before LANGUAGE is the face of a routine: it cannot be changed in place.
  const result = variant === 2 ? 'text' : 'integer';
  return `CREATE OR REPLACE ${kind} ${name}() RETURNS ${result}\n LANGUAGE sql\nAS $body$${rest}$body$`;
}

/** As the catalog says them, where an object is changed part by part. */
function partsOf(kind: ObjectKind, variant: number): Pick<DatabaseObject, 'parts'> {
  switch (kind) {
    case 'view':
      return { parts: { columns: variant === 2 ? 'x text' : 'x integer' } };
    case 'compositeType':
      return {
        parts: {
          order: ['["x","y"]', '["x","y","z"]', '["y","x"]'][variant] ?? '',
          'attribute x': 'integer',
          'attribute y': 'text',
          ...(variant === 1 ? { 'attribute z': 'date' } : {}),
        },
      };
    case 'domain':
      return { parts: { type: variant === 2 ? 'bigint' : 'integer', 'check positive': `CHECK (VALUE > ${variant})` } };
    case 'policy':
      return {
        parts: {
          command: variant === 2 ? 'PERMISSIVE FOR SELECT' : 'PERMISSIVE FOR ALL',
          roles: 'PUBLIC',
          using: `x > ${variant}`,
        },
      };
    case 'extension':
      return { parts: { namespace: variant === 0 ? 'public' : 'app' } };
    default:
      return {};
  }
}

/** True for a type that a column can be of. */
export function isColumnType({ kind }: DatabaseObject): boolean {
  return kind === 'domain' || kind === 'compositeType' || kind === 'rangeType' || kind === 'extension';
}

/** The words of a table that may be names of what it stands on. */
export function groundWords({ columns, indexes }: Table): ReadonlySet<string> {
  const texts = [
    ...columns.flatMap(({ type, default: value, collation }) => [
      type.kind === 'custom' ? String(type.sql) : '',
      value?.kind === 'verbatim' ? value.text : '',
      collation ?? '',
    ]),
    ...indexes.flatMap(({ parts }) => parts.map(({ opclass }) => opclass ?? '')),
  ];
  return new Set(texts.flatMap((text) => text.match(/\w+/g) ?? []));
}

/** The keys of what tables stand on, as they say it. */
export function groundOf(table: Table, ground: readonly DatabaseObject[]): string[] {
  const words = groundWords(table);
  return ground.filter(({ name }) => words.has(name)).map(objectKey);
}

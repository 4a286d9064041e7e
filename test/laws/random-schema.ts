import fc from 'fast-check';
import type {
  Check,
  Column,
  EnumType,
  Exclusion,
  ForeignKey,
  Generation,
  Index,
  IndexPart,
  PrimaryKey,
  Schema,
  Sequence,
  Table,
  TableName,
  Unique,
} from '../../src/schema/table.js';
import type { DatabaseObject } from '../../src/schema/objects.js';
import type { ColumnType } from '../../src/schema/types.js';
import { verbatim } from '../../src/schema/expressions/expression.js';
import { type Family, randomGround, randomObjects } from './random-objects.js';
import { withOptions } from './random-options.js';

const NAMES = ['a', 'b', 'c', 'd'] as const;
const TYPES: readonly ColumnType[] = [
  { kind: 'smallint' },
  { kind: 'integer' },
  { kind: 'bigint' },
  { kind: 'real' },
  { kind: 'double' },
  { kind: 'boolean' },
  { kind: 'numeric', precision: 10, scale: 2 },
  { kind: 'char', length: 3 },
  { kind: 'varchar', length: 20 },
  { kind: 'text' },
  { kind: 'bytes' },
  { kind: 'date' },
  { kind: 'time', precision: 3, withTimezone: false },
  { kind: 'timestamp', precision: null, withTimezone: true },
  { kind: 'uuid' },
  { kind: 'json' },
  { kind: 'jsonb' },
  { kind: 'custom', sql: 'point' },
  { kind: 'custom', sql: 'point srid 4326' },
];
const ACTIONS = ['no action', 'restrict', 'cascade', 'set null', 'set default'] as const;
const COUNTERS: readonly Generation[] = [
  { kind: 'autoincrement' },
  { kind: 'serial' },
  { kind: 'identity', always: false, start: null, increment: null, min: null, max: null, cache: null, cycle: false },
  { kind: 'identity', always: true, start: '10', increment: '2', min: '1', max: '99', cache: '5', cycle: true },
];

const COMMENT = fc.constantFrom('one', 'two');

/** Once in four times there. */
const rarely = <T>(some: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, some);

const text = fc.constantFrom('1', 'now()', "'x'").map((value) => verbatim(value));

/** Names come from short lists, so that two schemas share tables, columns and constraints. */
export function randomSchema(family: Family): fc.Arbitrary<Schema> {
  const isPostgres = family === 'postgres';
  const values = fc.shuffledSubarray(['v1', 'v2', 'v3', 'v4'], { minLength: 1 });
  const enums = fc.tuple(values, values).map(([first, second]): EnumType[] => [
    { namespace: null, name: 'e1', values: first },
    // Where enums are no objects, their names are no part of a schema.
    { namespace: isPostgres ? 'app' : null, name: isPostgres ? 'e2' : 'e1', values: second },
  ]);
  const names = fc.subarray([...NAMES]);
  return fc
    .tuple(enums, names, isPostgres ? names : fc.constant([]), randomGround(family))
    .chain(([types, plain, others, ground]) => {
      const keys = [
        ...plain.map((name) => ({ namespace: null, name })),
        ...others.map((name) => ({ namespace: 'app', name })),
      ];
      return fc
        .tuple(...keys.map((key) => randomTable(key, keys, types, isPostgres)))
        .chain((tables) => withOptions(tables, family, ground))
        .chain((tables) => fc.tuple(fc.constant(tables), isPostgres ? randomSequences(tables) : fc.constant([])))
        .map(([tables, sequences]): Schema => {
          const used = tables.flatMap((table) => table.columns.map((column) => column.type));
          const isUsed = (type: EnumType): boolean =>
            used.some(
              (known) => known.kind === 'enum' && known.name === type.name && known.namespace === type.namespace,
            );
          const kept = isPostgres ? types.filter(isUsed) : [];
          const isNamespaced = [...kept, ...keys].some(({ namespace }) => namespace !== null);
          return { namespaces: isNamespaced ? ['app'] : [], enums: kept, sequences, tables };
        })
        .chain((schema) => randomObjects(schema, ground, family).map((objects) => ({ ...schema, ...listed(objects) })));
    });
}

/** The key is absent where there is none. */
function listed(objects: readonly DatabaseObject[]): Pick<Schema, 'objects'> {
  return objects.length === 0 ? {} : { objects };
}

function randomSequences(tables: readonly Table[]): fc.Arbitrary<Sequence[]> {
  const owners = tables.flatMap(({ namespace, name, columns }) =>
    columns.map((column) => ({ table: { namespace, name }, column: column.name })),
  );
  const sequence = (name: string): fc.Arbitrary<Sequence> =>
    fc.record({
      namespace: fc.constant(null),
      name: fc.constant(name),
      type: fc.constantFrom('smallint', 'integer', 'bigint'),
      start: fc.constantFrom('1', '10'),
      increment: fc.constantFrom('1', '-1'),
      min: fc.option(fc.constant('1'), { freq: 2 }),
      max: fc.option(fc.constant('99'), { freq: 2 }),
      cache: fc.constantFrom('1', '5'),
      cycle: fc.boolean(),
      ownedBy: owners.length === 0 ? fc.constant(null) : fc.option(fc.constantFrom(...owners), { freq: 2 }),
      comment: fc.option(COMMENT, { freq: 2 }),
    });
  return fc.subarray(['s1', 's2']).chain((names) => fc.tuple(...names.map(sequence)));
}

function randomTable(
  name: TableName,
  all: readonly TableName[],
  enums: readonly EnumType[],
  isPostgres: boolean,
): fc.Arbitrary<Table> {
  const custom = enums.map((known): ColumnType => ({ kind: 'enum', ...known }));
  const type = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom<ColumnType>(...TYPES) },
    { weight: 1, arbitrary: fc.constantFrom<ColumnType>(...custom) },
  );
  const column = (columnName: string): fc.Arbitrary<Column> =>
    fc.record({
      name: fc.constant(columnName),
      type,
      nullable: fc.boolean(),
      default: fc.option(text, { freq: 2 }),
      generation: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, fc.constantFrom(...COUNTERS)),
      generated: rarely(fc.record({ expression: text, stored: fc.boolean() })),
      onUpdate: isPostgres ? fc.constant(null) : rarely(fc.constant(verbatim('now()'))),
      collation: rarely(fc.constantFrom('C', 'POSIX')),
      comment: rarely(COMMENT),
    });
  const columns = fc.subarray([...NAMES], { minLength: 1 }).chain((found) => fc.tuple(...found.map(column)));
  return columns.chain((list) => {
    const some = fc.shuffledSubarray(
      list.map((known) => known.name),
      { minLength: 1 },
    );
    const one = some.map(([first = '']) => first);
    return fc
      .record({
        primaryKey: fc.option(randomKey(`pk_${name.name}`, some, isPostgres)),
        uniques: byName(['u1', 'u2'], (unique) => randomUnique(unique, some, isPostgres)),
        foreignKeys: byName(['f1', 'f2'], (key) => randomForeignKey(key, some, all, isPostgres)),
        checks: byName(['c1', 'c2'], (check) => randomCheck(check, isPostgres)),
        exclusions: isPostgres ? byName(['x1', 'x2'], (key) => randomExclusion(key, one)) : fc.constant([]),
        indexes: byName(['i1', 'i2'], (index) => randomIndex(index, some, isPostgres)),
        comment: fc.option(COMMENT),
      })
      .map(({ exclusions, ...rest }): Table => ({
        ...rest,
        namespace: name.namespace,
        name: name.name,
        columns: list,
        // The key is absent where there is none.
        ...(exclusions.length === 0 ? {} : { exclusions }),
        options: {},
      }));
  });
}

function byName<T>(names: string[], make: (name: string) => fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.subarray(names).chain((found) => fc.tuple(...found.map(make)));
}

type Extras<T> = { [K in keyof T]: fc.Arbitrary<NonNullable<T[K]>> };

/** Optional keys that only PostgreSQL knows: none, or each there or not. */
function extras<T extends object>(isPostgres: boolean, keys: Extras<T>): fc.Arbitrary<Partial<T>> {
  const some = fc.record(keys, { requiredKeys: [] }) as fc.Arbitrary<Partial<T>>;
  return isPostgres ? fc.oneof(fc.constant({}), some) : fc.constant({});
}

const DEFERRABLE = fc.constantFrom('immediate' as const, 'deferred' as const);
const TRUE = fc.constant(true as const);

function randomKey(name: string, columns: fc.Arbitrary<string[]>, isPostgres: boolean): fc.Arbitrary<PrimaryKey> {
  const more = extras<Pick<PrimaryKey, 'deferrable' | 'include' | 'comment'>>(isPostgres, {
    deferrable: DEFERRABLE,
    include: columns,
    comment: COMMENT,
  });
  return fc.tuple(columns, more).map(([key, rest]) => ({ kind: 'primaryKey', name, columns: key, ...rest }));
}

function randomUnique(name: string, columns: fc.Arbitrary<string[]>, isPostgres: boolean): fc.Arbitrary<Unique> {
  const more = extras<Pick<Unique, 'deferrable' | 'include' | 'nullsNotDistinct' | 'comment'>>(isPostgres, {
    deferrable: DEFERRABLE,
    include: columns,
    nullsNotDistinct: TRUE,
    comment: COMMENT,
  });
  return fc.tuple(columns, more).map(([key, rest]) => ({ kind: 'unique', name, columns: key, ...rest }));
}

function randomCheck(name: string, isPostgres: boolean): fc.Arbitrary<Check> {
  const more = extras<Pick<Check, 'noInherit' | 'notValid' | 'comment'>>(isPostgres, {
    noInherit: TRUE,
    notValid: TRUE,
    comment: COMMENT,
  });
  return fc.tuple(text, more).map(([expression, rest]) => ({ kind: 'check', name, expression, ...rest }));
}

function randomExclusion(name: string, column: fc.Arbitrary<string>): fc.Arbitrary<Exclusion> {
  const more = extras<Pick<Exclusion, 'deferrable' | 'comment'>>(true, { deferrable: DEFERRABLE, comment: COMMENT });
  return fc
    .tuple(column, fc.constantFrom('=', '&&'), fc.option(text), fc.constantFrom('gist', 'btree'), more)
    .map(([excluded, operator, where, method, rest]) => {
      const elements = [{ expression: { kind: 'column' as const, name: excluded }, operator }];
      return { kind: 'exclusion', name, method, elements, where, ...rest };
    });
}

function randomForeignKey(
  name: string,
  columns: fc.Arbitrary<string[]>,
  targets: readonly TableName[],
  isPostgres: boolean,
): fc.Arbitrary<ForeignKey> {
  const more = extras<Pick<ForeignKey, 'match' | 'notValid' | 'comment'>>(isPostgres, {
    match: fc.constant('full' as const),
    notValid: TRUE,
    comment: COMMENT,
  });
  const key = fc.record({
    columns,
    target: fc.constantFrom(...targets),
    onDelete: fc.constantFrom(...ACTIONS),
    onUpdate: fc.constantFrom(...ACTIONS),
    deferrable: rarely(DEFERRABLE),
  });
  return fc
    .tuple(key, more)
    .map(([own, rest]) => ({ kind: 'foreignKey', name, targetColumns: ['a'], ...own, ...rest }));
}

function randomIndex(name: string, columns: fc.Arbitrary<string[]>, isPostgres: boolean): fc.Arbitrary<Index> {
  const partExtras = extras<Pick<IndexPart, 'nulls' | 'opclass' | 'collation'>>(isPostgres, {
    nulls: fc.constantFrom('first' as const, 'last' as const),
    opclass: fc.constant('text_pattern_ops'),
    collation: fc.constant('"C"'),
  });
  const part = (column: string): fc.Arbitrary<IndexPart> =>
    fc
      .tuple(
        fc.oneof({ weight: 3, arbitrary: fc.constant({ kind: 'column' as const, name: column }) }, text),
        fc.boolean(),
        isPostgres ? fc.constant(null) : fc.option(fc.constant(10)),
        partExtras,
      )
      .map(([expression, descending, length, rest]) => ({ expression, descending, length, ...rest }));
  const more = extras<Pick<Index, 'include' | 'nullsNotDistinct' | 'storage' | 'comment'>>(isPostgres, {
    include: columns,
    nullsNotDistinct: TRUE,
    storage: fc.constantFrom({ fillfactor: '70' }, { fillfactor: '90' }),
    comment: COMMENT,
  });
  return fc
    .tuple(
      columns.chain((list) => fc.tuple(...list.map(part))),
      fc.boolean(),
      fc.option(text, { freq: 2 }),
      rarely(fc.constantFrom('hash', 'gin')),
      more,
    )
    .map(([parts, unique, where, method, rest]) => ({ name, unique, parts, where, method, definition: null, ...rest }));
}

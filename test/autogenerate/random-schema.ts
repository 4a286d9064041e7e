import fc from 'fast-check';
import type { Column, EnumType, ForeignKey, Index, Schema, Sequence, Table } from '../../src/schema/table.js';
import type { ColumnType } from '../../src/schema/types.js';
import { verbatim } from '../../src/schema/expressions/expression.js';

/** What a generated schema may hold, as `Capabilities` say it. */
export interface SchemaShape {
  readonly enumTypes: boolean;
  readonly namespaces: boolean;
}

const NAMES = ['a', 'b', 'c', 'd'] as const;
const TYPES: readonly ColumnType[] = [
  { kind: 'integer' },
  { kind: 'bigint' },
  { kind: 'text' },
  { kind: 'varchar', length: 20 },
  { kind: 'timestamp', precision: null, withTimezone: true },
];

const text = fc.constantFrom('1', 'now()', "'x'").map((value) => verbatim(value));

/** Names come from short lists, so that two schemas share tables, columns and constraints. */
export function randomSchema(shape: SchemaShape): fc.Arbitrary<Schema> {
  const values = fc.shuffledSubarray(['v1', 'v2', 'v3', 'v4'], { minLength: 1 });
  const enums = fc.tuple(values, values).map(([first, second]): EnumType[] => [
    { namespace: null, name: 'e1', values: first },
    // Where enums are no objects, their names are no part of a schema.
    { namespace: shape.namespaces ? 'app' : null, name: shape.enumTypes ? 'e2' : 'e1', values: second },
  ]);
  const names = fc.subarray([...NAMES]);
  return fc.tuple(enums, names, shape.namespaces ? names : fc.constant([])).chain(([types, plain, others]) => {
    const keys = [
      ...plain.map((name) => ({ namespace: null, name })),
      ...others.map((name) => ({ namespace: 'app', name })),
    ];
    const found = fc.tuple(...keys.map((key) => randomTable(key, keys, types)));
    const withSequences = found.chain((list) =>
      fc.tuple(fc.constant(list), shape.enumTypes ? randomSequences(list) : fc.constant([])),
    );
    return withSequences.map(([tables, sequences]): Schema => {
      const used = tables.flatMap((table) => table.columns.map((column) => column.type));
      const isUsed = (type: EnumType): boolean =>
        used.some((known) => known.kind === 'enum' && known.name === type.name && known.namespace === type.namespace);
      const kept = shape.enumTypes ? types.filter(isUsed) : [];
      const isNamespaced = [...kept, ...keys].some(({ namespace }) => namespace !== null);
      return { namespaces: isNamespaced ? ['app'] : [], enums: kept, sequences, tables };
    });
  });
}

function randomSequences(tables: readonly Table[]): fc.Arbitrary<Sequence[]> {
  const owners = tables.flatMap(({ namespace, name, columns }) =>
    columns.map((column) => ({ table: { namespace, name }, column: column.name })),
  );
  const sequence = (name: string): fc.Arbitrary<Sequence> =>
    fc.record({
      namespace: fc.constant(null),
      name: fc.constant(name),
      type: fc.constantFrom('integer', 'bigint'),
      start: fc.constantFrom('1', '10'),
      increment: fc.constantFrom('1', '-1'),
      min: fc.option(fc.constant('1'), { freq: 2 }),
      max: fc.constant(null),
      cache: fc.constant('1'),
      cycle: fc.boolean(),
      ownedBy: owners.length === 0 ? fc.constant(null) : fc.option(fc.constantFrom(...owners), { freq: 2 }),
      comment: fc.option(fc.constantFrom('one', 'two'), { freq: 4 }),
    });
  return fc.subarray(['s1', 's2']).chain((names) => fc.tuple(...names.map(sequence)));
}

function randomTable(
  name: { readonly namespace: string | null; readonly name: string },
  all: readonly { readonly namespace: string | null; readonly name: string }[],
  enums: readonly EnumType[],
): fc.Arbitrary<Table> {
  const type = fc.constantFrom<ColumnType>(...TYPES, ...enums.map((known): ColumnType => ({ kind: 'enum', ...known })));
  const column = (columnName: string): fc.Arbitrary<Column> =>
    fc.record({
      name: fc.constant(columnName),
      type,
      nullable: fc.boolean(),
      default: fc.option(text, { freq: 2 }),
      generation: fc.constant(null),
      generated: fc.option(
        text.map((expression) => ({ expression, stored: true })),
        { freq: 5 },
      ),
      onUpdate: fc.constant(null),
      collation: fc.option(fc.constant('C'), { freq: 5 }),
      comment: fc.option(fc.constantFrom('one', 'two'), { freq: 4 }),
    });
  const columns = fc.subarray([...NAMES], { minLength: 1 }).chain((found) => fc.tuple(...found.map(column)));
  return columns.chain((list) => {
    const some = fc.shuffledSubarray(
      list.map((known) => known.name),
      { minLength: 1 },
    );
    return fc.record({
      namespace: fc.constant(name.namespace),
      name: fc.constant(name.name),
      columns: fc.constant(list),
      primaryKey: fc.option(
        some.map((key) => ({ kind: 'primaryKey' as const, name: `pk_${name.name}`, columns: key })),
      ),
      uniques: byName(['u1', 'u2'], (unique) => some.map((key) => ({ kind: 'unique', name: unique, columns: key }))),
      foreignKeys: byName(['f1', 'f2'], (key) => randomForeignKey(key, some, all)),
      checks: byName(['c1', 'c2'], (check) => text.map((expression) => ({ kind: 'check', name: check, expression }))),
      indexes: byName(['i1', 'i2'], (index) => randomIndex(index, some)),
      comment: fc.option(fc.constantFrom('one', 'two')),
      options: fc.constant({}),
    });
  });
}

function byName<T>(names: string[], make: (name: string) => fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.subarray(names).chain((found) => fc.tuple(...found.map(make)));
}

function randomForeignKey(
  name: string,
  columns: fc.Arbitrary<string[]>,
  targets: readonly { readonly namespace: string | null; readonly name: string }[],
): fc.Arbitrary<ForeignKey> {
  return fc.record({
    kind: fc.constant('foreignKey' as const),
    name: fc.constant(name),
    columns,
    target: fc.constantFrom(...targets),
    targetColumns: fc.constant(['a']),
    onDelete: fc.constantFrom('no action' as const, 'cascade' as const),
    onUpdate: fc.constant('no action' as const),
    deferrable: fc.constant(null),
  });
}

function randomIndex(name: string, columns: fc.Arbitrary<string[]>): fc.Arbitrary<Index> {
  return fc.record({
    name: fc.constant(name),
    unique: fc.boolean(),
    parts: columns.map((list) =>
      list.map((column) => ({
        expression: { kind: 'column' as const, name: column },
        descending: false,
        length: null,
      })),
    ),
    where: fc.option(text, { freq: 4 }),
    method: fc.constant(null),
    definition: fc.constant(null),
  });
}

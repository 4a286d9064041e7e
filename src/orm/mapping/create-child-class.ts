import { AludelError } from '../../errors.js';
import { type AnyColumn, TableDefinition } from '../../schema/metadata.js';
import { formatTableName, parseTableName, type TableReference } from '../../schema/table-name.js';
import type { ColumnSpec } from '../../schema/column-builder.js';
import { ColumnBuilder } from '../../schema/column-builder.js';
import { defineAttributes, makeShape } from './create-model-class.js';
import { DeclaredRelations } from './declared-relations.js';
import { type Lineage, lineageOf, noteLineage } from './lineage.js';
import type { Columns } from './model-class.js';
import { SHAPE } from './model-shape.js';

type Parent = (new (...args: never[]) => object) & { readonly table: TableDefinition };

export interface ChildPlace {
  readonly as?: string;
  readonly table?: TableReference;
}

/** The class for a model that extends another one. */
export function createChildClass(parent: Parent, place: ChildPlace, own: Columns, relations: object): Parent {
  const { table: above } = parent;
  const lineage = lineageOf(above);
  const invalid = (problem: string, hint: string): AludelError =>
    new AludelError('ALUDEL_MODELS_INVALID', problem, { hint, details: { model: parent.name } });
  if (lineage === undefined) {
    throw invalid(
      `Model "${parent.name}" does not say which column tells its children apart.`,
      `Declare it with Base.table('${above.tableName.name}', columns, relations, { polymorphic: { on: 'kind' } }).`,
    );
  }
  const holder = place.table === undefined ? lineage.table : undefined;
  const taken = Object.keys(own).find((name) => Object.hasOwn(holder?.columns ?? above.columns, name));
  if (taken !== undefined) {
    throw invalid(
      `Model "${parent.name}" or another of its children has a column "${taken}" already.`,
      'Give the column of the child another name, or declare it on the parent.',
    );
  }
  const table = place.table === undefined ? extend(lineage.table, own) : separate(above, lineage, place.table, own);
  const definition = new TableDefinition(
    above.metadata,
    place.table === undefined ? above.tableName : parseTableName(place.table),
    { ...columnsOf(above, lineage), ...own },
    () => [],
    null,
  );
  const getters = inherit(DeclaredRelations.ofTable(above)?.getters ?? {}, relations);
  const Child = { [`child of ${parent.name}`]: class extends (parent as new () => object) {} }[
    `child of ${parent.name}`
  ];
  if (Child === undefined) throw new Error('unreachable: the class was just made');
  const related = new DeclaredRelations(definition, getters);
  const { as } = place;
  const initial = as === undefined ? {} : { [lineage.on]: as };
  const shape = makeShape(definition, related, Child, { initial, inherited: parent });
  Object.defineProperty(Child, SHAPE, { value: shape });
  defineAttributes(Child.prototype, shape, Object.keys(own));
  const ownArgs = definition.args;
  const [args, incomplete] = [table.args, table.incomplete];
  const isShared = place.table === undefined;
  table.args = () => [...(isShared ? args() : []), ...ownArgs()];
  table.incomplete = () => (isShared ? incomplete() : undefined) ?? definition.incomplete();
  definition.args = () => [...lineage.args(), ...ownArgs()];
  noteLineage(definition, {
    parent: above,
    on: lineage.on,
    as,
    own: Object.keys(own),
    table,
    isJoined: place.table !== undefined,
    args: definition.args,
    children: [],
  });
  return Child as unknown as Parent;
}

/** The columns of a model alone: its table may hold those of children too. */
export function columnsOf(definition: TableDefinition, lineage: Lineage | undefined): Record<string, AnyColumn> {
  if (lineage === undefined || lineage.parent !== undefined) return { ...definition.columns };
  return Object.fromEntries(Object.entries(definition.columns).filter(([name]) => lineage.own.includes(name)));
}

/** The columns of the child stand in the parent's table. */
function extend(table: TableDefinition, own: Columns): TableDefinition {
  table.addColumns(own);
  return table;
}

/** A table of the child's own; its key is the parent's, and goes with it. */
function separate(above: TableDefinition, lineage: Lineage, name: TableReference, own: Columns): TableDefinition {
  const { tableName } = lineage.table;
  const keys = Object.entries(columnsOf(above, lineage)).filter(([, { spec }]) => spec.primaryKey);
  const keyColumns = keys.map(([property, { spec }]): [string, AnyColumn] => {
    const target = `${formatTableName(tableName)}.${above.columnNames[property] ?? property}`;
    const key: ColumnSpec = { ...spec, databaseName: above.columnNames[property] ?? property, generation: null };
    return [property, new ColumnBuilder<unknown>(key).references(target, { onDelete: 'cascade' })];
  });
  return above.metadata.table(name, { ...Object.fromEntries(keyColumns), ...own });
}

function inherit(parent: object, own: object): object {
  return Object.defineProperties(
    {},
    {
      ...Object.getOwnPropertyDescriptors(parent),
      ...Object.getOwnPropertyDescriptors(own),
    },
  );
}

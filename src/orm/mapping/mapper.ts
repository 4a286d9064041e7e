/** A model class with everything that a session has to know of it. Made once, when the first session needs it. */
import { AludelError } from '../../errors.js';
import { buildTable } from '../../schema/build-schema.js';
import { isExpr } from '../../schema/expressions/expr.js';
import type { MetaData, TableDefinition } from '../../schema/metadata.js';
import { formatTableName } from '../../schema/table-name.js';
import { type Table, tableKey } from '../../schema/table.js';
import { checkModelClass } from './check-model-class.js';
import type { ColumnMap, MappedTable } from './column-map.js';
import { DeclaredRelations } from './declared-relations.js';
import type { Entity, EntityRow, HYDRATE, IdentityKey } from './entity.js';
import { identityKey } from './column-values.js';
import { ModelRegistration } from './model-registration.js';
import type { RelationMap } from './relation-map.js';
import { resolveRelation } from './resolve-relation.js';

/** A model class as the session makes objects of it. */
export type HydratingClass = new (hydrate: typeof HYDRATE, row: EntityRow) => Entity;

export class Mapper implements MappedTable {
  readonly definition: TableDefinition;
  readonly model: HydratingClass;
  readonly table: Table;
  readonly columns: readonly ColumnMap[];
  readonly keys: readonly ColumnMap[];
  readonly byProperty: ReadonlyMap<string, ColumnMap>;
  readonly byName: ReadonlyMap<string, ColumnMap>;
  readonly version: ColumnMap | undefined;
  /** Columns that get a value of `onUpdate()` with every update, SQL left out. */
  readonly stamped: readonly ColumnMap[];
  /** The key that the database counts up. */
  readonly counted: ColumnMap | undefined;
  readonly #relations: Map<string, RelationMap<Mapper>> = new Map();

  constructor(definition: TableDefinition, model: HydratingClass, problems: string[]) {
    this.definition = definition;
    this.model = model;
    this.table = buildTable(definition, problems);
    this.columns = Object.entries(definition.columns).map(([property, { spec }]) => ({
      property,
      name: definition.columnNames[property] ?? property,
      spec,
    }));
    this.byProperty = new Map(this.columns.map((column) => [column.property, column]));
    this.byName = new Map(this.columns.map((column) => [column.name, column]));
    this.keys = (this.table.primaryKey?.columns ?? []).flatMap((name) => this.byName.get(name) ?? []);
    this.version = this.columns.find((column) => column.spec.isVersion === true);
    this.stamped = this.columns.filter(({ spec: { clientOnUpdate: value } }) => value !== undefined && !isExpr(value));
    this.counted = this.keys.find(({ name }) => {
      const generation = this.table.columns.find((column) => column.name === name)?.generation ?? null;
      return generation !== null && this.keys.length === 1;
    });
    if (this.keys.length === 0) {
      problems.push(`Model "${model.name}" has no primary key: mark its columns with ".primaryKey()".`);
    }
    checkModelClass(model, [...this.byProperty.keys(), ...this.declared.names], problems);
  }

  get name(): string {
    return this.model.name;
  }

  /** The table's name for messages. */
  get label(): string {
    return formatTableName(this.definition.tableName);
  }

  get declared(): DeclaredRelations {
    const declared = DeclaredRelations.ofTable(this.definition);
    if (declared === undefined) throw new Error(`unreachable: "${this.label}" has no model`);
    return declared;
  }

  get relations(): readonly RelationMap<Mapper>[] {
    return [...this.#relations.values()];
  }

  relation(property: string): RelationMap<Mapper> {
    const relation = this.#relations.get(property);
    if (relation === undefined) throw new Error(`unreachable: "${this.name}" has no relation "${property}"`);
    return relation;
  }

  /** The key of a row, or undefined where a part is missing. */
  keyOf(read: (property: string) => unknown): IdentityKey | undefined {
    const parts = this.keys.map(({ property }) => read(property));
    return parts.some((part) => part === undefined || part === null) ? undefined : identityKey(this.keys, parts);
  }

  /** Finds out what the declared relations stand for. Mistakes are added to `problems`, one line each. */
  resolve(problems: string[]): void {
    for (const property of this.declared.names) {
      const resolved = resolveRelation(this, property, mapperOfTable);
      if (typeof resolved === 'string') problems.push(resolved);
      else this.#relations.set(property, resolved);
    }
  }
}

const mappers: WeakMap<TableDefinition, Mapper> = new WeakMap();
const byModel: WeakMap<object, Mapper> = new WeakMap();

/**
 * The mapper of a model class.
 * @throws AludelError ALUDEL_MODELS_INVALID with one line for each mistake in the models of the same Base.
 */
export function mapperOf(model: unknown): Mapper {
  const cached = byModel.get(model as object);
  if (cached !== undefined) return cached;
  const { table } = (typeof model === 'function' ? model : {}) as { readonly table?: TableDefinition };
  if (table === undefined || DeclaredRelations.ofTable(table) === undefined) {
    const name = typeof model === 'function' ? model.name : String(model);
    throw new AludelError('ALUDEL_USAGE', `"${name}" is no model.`, {
      hint: 'Pass a class that extends "Base.table(...)".',
    });
  }
  if (!mappers.has(table)) configure(table.metadata);
  const mapper = mapperOfTable(table);
  byModel.set(model as object, mapper);
  return mapper;
}

/** The mapper of a table whose model was configured. */
export function mapperOfTable(definition: TableDefinition): Mapper {
  const mapper = mappers.get(definition);
  if (mapper === undefined) throw new Error(`unreachable: "${tableKey(definition.tableName)}" was not configured`);
  return mapper;
}

/** All models that are known by now, so that their mistakes come together. */
function configure(metadata: MetaData): void {
  const problems: string[] = [];
  const made: Mapper[] = [];
  const pending = [...metadata.tables.values()];
  for (let definition = pending.shift(); definition !== undefined; definition = pending.shift()) {
    const model = ModelRegistration.modelOf(definition);
    if (model === undefined || mappers.has(definition)) continue;
    const mapper = new Mapper(definition, model as unknown as HydratingClass, problems);
    mappers.set(definition, mapper);
    made.push(mapper);
    // Reading a relation makes the model that it leads to known.
    pending.push(...targets(mapper, problems));
  }
  for (const mapper of made) mapper.resolve(problems);
  if (problems.length === 0) return;
  for (const mapper of made) mappers.delete(mapper.definition);
  throw new AludelError('ALUDEL_MODELS_INVALID', [...new Set(problems)].join('\n'), {
    hint: 'Mend the models: each line says what to add.',
    details: { problems },
  });
}

function targets(mapper: Mapper, problems: string[]): TableDefinition[] {
  return mapper.declared.names.flatMap((property) => {
    try {
      return [mapper.declared.read(property).target];
    } catch (error) {
      if (error instanceof AludelError) problems.push(error.message);
      else throw error;
      return [];
    }
  });
}

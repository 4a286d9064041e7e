/** A model class with everything that a session has to know of it. Made once, when the first session needs it. */
import { AludelError } from '../../errors.js';
import { buildTable } from '../../schema/build-schema.js';
import type { Quoting } from './quoting.js';
import type { MetaData, TableDefinition } from '../../schema/metadata.js';
import { formatTableName } from '../../schema/table-name.js';
import { type Table, tableKey, type TableName } from '../../schema/table.js';
import { checkModelClass } from './check-model-class.js';
import { mapComputed } from './computed.js';
import { type ColumnMap, columnMapsOf, type MappedTable } from './column-map.js';
import { DeclaredRelations } from './declared-relations.js';
import { adopt, type Entity, type EntityRow, HYDRATE, type IdentityKey } from './entity.js';
import { childrenOf, type Lineage, lineageOf } from './lineage.js';
import { recordedShape, shapeOf } from './model-shape.js';
import { PolymorphicRows } from './polymorphic-rows.js';
import { TablePart } from './table-part.js';
import { wholeKey } from './column-values.js';
import { ModelRegistration } from './model-registration.js';
import type { RelationMap } from './relation-map.js';
import { resolveRelation } from './resolve-relation.js';

/** A model class as the session makes objects of it. */
export type HydratingClass = new (hydrate: typeof HYDRATE, row: EntityRow) => Entity;

export class Mapper implements MappedTable {
  readonly definition: TableDefinition;
  readonly declared: DeclaredRelations;
  readonly model: HydratingClass;
  /** The table with everything that the model inherits. */
  readonly table: Table;
  readonly columns: readonly ColumnMap[];
  readonly keys: readonly ColumnMap[];
  /** The key, where it is one column whose values stand for themselves. */
  readonly plainKey: ColumnMap | undefined;
  readonly byProperty: ReadonlyMap<string, ColumnMap>;
  readonly byName: ReadonlyMap<string, ColumnMap>;
  readonly version: ColumnMap | undefined;
  /** The tables that its rows stand in, the parent's first. */
  readonly parts: readonly TablePart[];
  /** The model at the top of those that this one extends; itself if it extends none. */
  readonly root: Mapper;
  /** What the column that tells classes apart holds for this one. */
  readonly as: string | undefined;
  readonly #on: string | undefined;
  readonly #isPlain: boolean;
  readonly #relations: Map<string, RelationMap<Mapper>> = new Map();
  readonly #children: Mapper[] = [];
  #rows: PolymorphicRows<Mapper> | undefined;

  constructor(definition: TableDefinition, model: HydratingClass, problems: string[]) {
    const lineage = lineageOf(definition);
    const parent = lineage?.parent === undefined ? undefined : mapperOfTable(lineage.parent);
    const declared = DeclaredRelations.ofTable(definition);
    if (declared === undefined) throw new Error(`unreachable: "${model.name}" has no shape`);
    this.definition = definition;
    this.declared = declared;
    this.model = model;
    this.#isPlain = shapeOf(model)?.isPlain === true;
    this.table = buildTable(definition, problems);
    const own = columnMapsOf(definition).filter(({ property }) => lineage?.own.includes(property) ?? true);
    // A child has the very columns of its parent.
    const computed = mapComputed(model, definition);
    for (const { property } of computed) {
      if (!Object.hasOwn(definition.columns, property) && !declared.names.includes(property)) continue;
      problems.push(`Model "${model.name}" computes "${property}", which is a column or a relation of it: rename one.`);
    }
    this.columns = [...(parent?.columns ?? []), ...own, ...computed];
    this.byProperty = new Map(this.columns.map((column) => [column.property, column]));
    const stored = this.columns.filter(({ computedBy }) => computedBy === undefined);
    this.byName = new Map(stored.map((column) => [column.name, column]));
    this.keys = parent?.keys ?? (this.table.primaryKey?.columns ?? []).flatMap((name) => this.byName.get(name) ?? []);
    this.plainKey = this.keys.length === 1 && this.keys[0]?.spec.conversion === undefined ? this.keys[0] : undefined;
    this.root = parent?.root ?? this;
    this.as = lineage?.as;
    this.#on = lineage?.on;
    this.parts = this.#makeParts(parent, lineage, own);
    this.version = this.parts[0]?.version;
    this.#noteIn(parent);
    if (this.keys.length === 0) {
      problems.push(`Model "${model.name}" has no primary key: mark its columns with ".primaryKey()".`);
    }
    if (lineage !== undefined) checkLineage(this, lineage, own, problems);
    if (!this.#isPlain) checkModelClass(model, [...this.byProperty.keys(), ...this.declared.names], problems);
  }

  #makeParts(parent: Mapper | undefined, lineage: Lineage | undefined, own: readonly ColumnMap[]): TablePart[] {
    const { name, label, keys } = this;
    const before = parent?.parts ?? [];
    const last = lineage?.isJoined === true ? undefined : before.at(-1);
    if (last !== undefined && own.length === 0) return [...before];
    const counted = this.keys.find((key) => {
      const generation = this.table.columns.find((column) => column.name === key.name)?.generation ?? null;
      return generation !== null && this.keys.length === 1;
    });
    const part = new TablePart({
      name,
      label: last?.label ?? label,
      tableName: last?.tableName ?? this.definition.tableName,
      columns: last === undefined ? [...(parent === undefined ? [] : keys), ...own] : [...last.columns, ...own],
      keys,
      counted: parent === undefined ? counted : last?.counted,
    });
    return [...before.slice(0, last === undefined ? undefined : -1), part];
  }

  /** What is read for this model or its parents holds the columns of this one from now on. */
  #noteIn(parent: Mapper | undefined): void {
    if (parent !== undefined) parent.#children.push(this);
    for (let each = parent; each !== undefined; each = each.#parent) each.#rows = undefined;
  }

  get #parent(): Mapper | undefined {
    const above = lineageOf(this.definition)?.parent;
    return above === undefined ? undefined : mapperOfTable(above);
  }

  get #descendants(): Mapper[] {
    return this.#children.flatMap((child) => [child, ...child.#descendants]);
  }

  /** This model and those that extend it. */
  get family(): readonly Mapper[] {
    return [this, ...this.#descendants];
  }

  /** What is read where rows may be of several classes; undefined where they are of this one alone. */
  get rows(): PolymorphicRows<Mapper> | undefined {
    if (this.#on === undefined) return undefined;
    return (this.#rows ??= new PolymorphicRows(this, this.#descendants, this.#on));
  }

  /** The columns to select for objects of this model. */
  get selected(): readonly ColumnMap[] {
    return this.rows?.selected ?? this.columns;
  }

  /** What stands behind FROM, under another name if one is given. */
  source(dialect: Quoting, alias?: string): string {
    const rows = this.rows?.source(dialect, alias);
    if (rows !== undefined) return rows;
    const table = dialect.quoteTable(this.definition.tableName);
    return alias === undefined ? table : `${table} AS ${dialect.quoteIdentifier(alias)}`;
  }

  /** What columns are qualified with there. */
  qualifier(dialect: Quoting): string {
    const { tableName } = this.definition;
    return this.source(dialect).startsWith('(')
      ? dialect.quoteIdentifier(tableName.name)
      : dialect.quoteTable(tableName);
  }

  /** An object for a row of this model. */
  create(row: EntityRow): Entity {
    return this.#isPlain
      ? adopt(Object.create(this.model.prototype as object) as object, row, this.declared)
      : new this.model(HYDRATE, row);
  }

  get name(): string {
    return this.model.name;
  }

  /** The table's name for messages. */
  get label(): string {
    return formatTableName(this.definition.tableName);
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
    const plain = this.plainKey === undefined ? undefined : read(this.plainKey.property);
    if (typeof plain === 'number') return plain;
    return wholeKey(
      this.keys,
      this.keys.map(({ property }) => read(property)),
    );
  }

  /** True where rows of this model stand in the table. */
  isIn(table: TableName): boolean {
    return this.parts.some(({ tableName }) => tableKey(tableName) === tableKey(table));
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

/** Rows of other classes have no value for the columns of a child that stand in its parent's table. */
function checkLineage(mapper: Mapper, lineage: Lineage, own: readonly ColumnMap[], problems: string[]): void {
  if (lineage.parent === undefined || lineage.isJoined) return;
  for (const { property, spec } of own) {
    if (spec.nullable || spec.serverDefault !== null || spec.generated !== null) continue;
    problems.push(
      `Column "${property}" of "${mapper.name}" stands in the table of its parent, where other rows have no value for it: let it be nullable, give it a serverDefault(), or give the model a table: ...`,
    );
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
  const { definition: table } = recordedShape(model);
  if (!mappers.has(table)) configure(table.metadata);
  const mapper = mapperOfTable(table);
  byModel.set(model as object, mapper);
  mapper.declared.mapper = mapper;
  return mapper;
}

/** The mapper of a table, if a model stands for it. */
export function mapperFor(definition: TableDefinition): Mapper | undefined {
  const known = mappers.get(definition);
  if (known !== undefined) return known;
  const model = ModelRegistration.modelOf(definition);
  return model === undefined ? undefined : mapperOf(model);
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
  // Parents before their children.
  const pending = [...metadata.tables.values(), ...childrenOf(metadata)];
  for (let definition = pending.shift(); definition !== undefined; definition = pending.shift()) {
    const model = ModelRegistration.modelOf(definition);
    if (model === undefined || mappers.has(definition)) continue;
    const parent = lineageOf(definition)?.parent;
    if (parent !== undefined && !mappers.has(parent)) pending.unshift(parent);
    if (parent !== undefined && !mappers.has(parent)) {
      pending.push(definition);
      continue;
    }
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

import { inspect } from 'node:util';
import { AludelError } from '../../errors.js';
import { type MetaData, MODEL_BRAND, type TableDefinition } from '../../schema/metadata.js';
import { formatTableName } from '../../schema/table-name.js';
import { findNearest } from '../../util/edit-distance.js';
import { columnAttribute } from './attributes.js';
import { DeclaredRelations } from './declared-relations.js';
import { Entity, type EntityRow, HYDRATE, type ObjectState, ROW, stateOf } from './entity.js';
import { initialValue } from './initial-values.js';
import { inspectObject } from './inspect-object.js';
import { noteLineage } from './lineage.js';
import type { Columns, ModelClass } from './model-class.js';
import { ModelRegistration } from './model-registration.js';
import { type ModelShape, recordedShape, SHAPE } from './model-shape.js';

type Init = Readonly<Record<string, unknown>>;

/** The column that tells classes apart, and what it holds for this one. */
export interface Polymorphic {
  readonly on: string;
  readonly as?: string;
}

/** The class for a table that models extend. The getters of `relations` are not called before a relation is used. */
export function createModelClass<S extends Columns, R extends object>(
  declared: TableDefinition<S>,
  relations: R | undefined,
  polymorphic?: Polymorphic,
): ModelClass<S, R> {
  // Only the property names differ: `TableDefinition<S>` is one that knows more about its columns.
  const definition = declared as unknown as TableDefinition;

  class Model extends Entity {
    static readonly [SHAPE]: ModelShape = makeShape(
      definition,
      new DeclaredRelations(definition, relations ?? {}),
      this,
      {
        initial: polymorphic?.as === undefined ? {} : { [polymorphic.on]: polymorphic.as },
      },
    );

    constructor(init: Init | typeof HYDRATE = {}, row: EntityRow = {}) {
      const shape = new.target[SHAPE];
      super(row, shape.related);
      if (init !== HYDRATE) {
        shape.registration.record(new.target);
        checkNames(new.target.name, init, shape.names);
        fillNew(stateOf(this), init, shape);
      }
    }

    toJSON(): EntityRow {
      return rowToJson(this);
    }

    [inspect.custom](depth: number, options: object, print: typeof inspect): string {
      return inspectObject(stateOf(this), (value) => print(value, options), depth);
    }

    static get c(): object {
      return recordedShape(this).attributes;
    }

    static get table(): TableDefinition {
      return recordedShape(this).definition;
    }

    static get metadata(): MetaData {
      return this[SHAPE].definition.metadata;
    }

    static get tableName(): string {
      return this[SHAPE].label;
    }

    static [MODEL_BRAND](model: unknown): MetaData {
      return recordedShape(model).definition.metadata;
    }
  }
  // A table that is used as it is has no other name for messages.
  Object.defineProperty(Model, 'name', { value: Model[SHAPE].label });
  defineAttributes(Model.prototype, Model[SHAPE]);
  if (polymorphic !== undefined) {
    const own = Object.keys(definition.columns);
    const { on, as } = polymorphic;
    if (!own.includes(on)) {
      throw new AludelError(
        'ALUDEL_MODELS_INVALID',
        `Table "${Model.tableName}" has no column "${on}" to tell classes apart.`,
        {
          hint: `Declare it: ${on}: varchar(50).notNull().default('...').`,
          details: { table: Model.tableName, property: on },
        },
      );
    }
    noteLineage(definition, {
      parent: undefined,
      on,
      as,
      own,
      table: definition,
      isJoined: false,
      args: definition.args,
      children: [],
    });
  }
  return Model as unknown as ModelClass<S, R>;
}

export function makeShape(
  definition: TableDefinition,
  related: DeclaredRelations,
  root: object,
  { initial = {}, isPlain = false, inherited }: { initial?: Init; isPlain?: boolean; inherited?: object } = {},
): ModelShape {
  return new LazyShape(definition, related, new ModelRegistration(definition, root, { isPlain, inherited }), {
    initial,
    isPlain,
  });
}

/** Makes what objects and queries need when there is one: a comparison of models with a database has none. */
class LazyShape implements ModelShape {
  readonly definition: TableDefinition;
  readonly label: string;
  readonly columns: Columns;
  readonly related: DeclaredRelations;
  readonly registration: ModelRegistration;
  readonly initial: Init;
  readonly isPlain: boolean;
  #entries: ModelShape['entries'] | undefined;
  #names: ReadonlySet<string> | undefined;
  #attributes: object | undefined;

  constructor(
    definition: TableDefinition,
    related: DeclaredRelations,
    registration: ModelRegistration,
    { initial, isPlain }: { initial: Init; isPlain: boolean },
  ) {
    this.definition = definition;
    this.related = related;
    this.registration = registration;
    this.label = formatTableName(definition.tableName);
    this.columns = { ...definition.columns };
    this.initial = initial;
    this.isPlain = isPlain;
  }

  get entries(): ModelShape['entries'] {
    return (this.#entries ??= Object.entries(this.columns));
  }

  get names(): ReadonlySet<string> {
    return (this.#names ??= new Set([...Object.keys(this.columns), ...this.related.names]));
  }

  get attributes(): object {
    return (this.#attributes ??= { ...this.#expressions(), ...this.related.attributes() });
  }

  #expressions(): object {
    const { c } = this.definition;
    return Object.fromEntries(Object.keys(this.columns).map((property) => [property, c[property]]));
  }
}

/** Columns and relations as accessors of objects. */
export function defineAttributes(prototype: object, { columns, related }: ModelShape, names?: readonly string[]): void {
  for (const [property, { spec }] of Object.entries(columns)) {
    if (names?.includes(property) === false) continue;
    Object.defineProperty(prototype, property, columnAttribute(property, spec));
  }
  for (const property of related.names) {
    Object.defineProperty(prototype, property, {
      configurable: true,
      get(this: object) {
        const state = stateOf(this);
        return (state.declared as DeclaredRelations).of(state, property);
      },
    });
  }
}

/** The columns as JSON takes them: 64-bit integers as text. */
export function rowToJson(entity: Entity): EntityRow {
  const entries = Object.entries(entity[ROW]);
  return Object.fromEntries(entries.map(([name, value]) => [name, typeof value === 'bigint' ? `${value}` : value]));
}

/** What a new object starts with. Columns first: relations may look at keys. */
export function fillNew(state: ObjectState, init: Init, { entries, related, initial }: ModelShape): void {
  for (const [property, { spec }] of entries) {
    const given = init[property] === undefined ? initial[property] : init[property];
    const value = given === undefined ? initialValue(spec) : given;
    state.row[property] = value;
    if (given === undefined && value !== undefined) (state.defaulted ??= new Set()).add(property);
  }
  for (const property of related.names) related.fill(state, property, init[property]);
}

function checkNames(model: string, init: object, names: ReadonlySet<string>): void {
  const unknown = Object.keys(init).find((name) => !names.has(name));
  if (unknown === undefined) return;
  const known = [...names];
  const nearest = findNearest(unknown, known);
  throw new AludelError('ALUDEL_USAGE', `Model "${model}" has no column or relation "${unknown}".`, {
    hint: nearest === undefined ? `It has: ${known.join(', ')}.` : `Did you mean "${nearest}"?`,
    details: { model, property: unknown },
  });
}

import { inspect } from 'node:util';
import { AludelError } from '../../errors.js';
import { type MetaData, MODEL_BRAND, type TableDefinition } from '../../schema/metadata.js';
import { formatTableName } from '../../schema/table-name.js';
import { findNearest } from '../../util/edit-distance.js';
import { columnAttribute } from './attributes.js';
import { DeclaredRelations } from './declared-relations.js';
import { Entity, type EntityRow, HYDRATE, ROW, stateOf } from './entity.js';
import { initialValue } from './initial-values.js';
import { inspectObject } from './inspect-object.js';
import type { Columns, ModelClass } from './model-class.js';
import { ModelRegistration } from './model-registration.js';

type Init = Readonly<Record<string, unknown>>;

/** The class for a table that models extend. The getters of `relations` are not called before a relation is used. */
export function createModelClass<S extends Columns, R extends object>(
  declared: TableDefinition<S>,
  relations: R | undefined,
): ModelClass<S, R> {
  // Only the property names differ: `TableDefinition<S>` is one that knows more about its columns.
  const definition = declared as unknown as TableDefinition;
  const label = formatTableName(definition.tableName);
  const related = new DeclaredRelations(definition, relations ?? {});
  const attributes = { ...definition.c, ...related.attributes() };

  class Model extends Entity {
    constructor(init: Init | typeof HYDRATE = {}, row: EntityRow = {}) {
      super(row, related);
      if (init !== HYDRATE) {
        registration.record(new.target);
        fillNew(this, new.target.name, init, definition, related);
      }
    }

    /** The columns as JSON takes them: 64-bit integers as text. */
    toJSON(): EntityRow {
      const entries = Object.entries(this[ROW]);
      return Object.fromEntries(entries.map(([name, value]) => [name, typeof value === 'bigint' ? `${value}` : value]));
    }

    [inspect.custom](depth: number, options: object, print: typeof inspect): string {
      return inspectObject(stateOf(this), (value) => print(value, options), depth);
    }

    static get c(): object {
      registration.record(this);
      return attributes;
    }

    static get table(): TableDefinition {
      registration.record(this);
      return definition;
    }

    static get metadata(): MetaData {
      return definition.metadata;
    }

    static get tableName(): string {
      return label;
    }

    static [MODEL_BRAND](model: unknown): MetaData {
      registration.record(model);
      return definition.metadata;
    }
  }
  // A table that is used as it is has no other name for messages.
  Object.defineProperty(Model, 'name', { value: label });
  for (const [property, { spec }] of Object.entries(definition.columns)) {
    Object.defineProperty(Model.prototype, property, columnAttribute(property, spec));
  }
  for (const property of related.names) {
    Object.defineProperty(Model.prototype, property, {
      configurable: true,
      get(this: object) {
        return related.of(stateOf(this), property);
      },
    });
  }
  const registration = new ModelRegistration(definition, Model);
  return Model as unknown as ModelClass<S, R>;
}

/** Columns first: relations may look at keys. */
function fillNew(
  entity: Entity,
  model: string,
  init: Init,
  definition: TableDefinition,
  related: DeclaredRelations,
): void {
  checkNames(model, init, [...Object.keys(definition.columns), ...related.names]);
  const state = stateOf(entity);
  for (const [property, { spec }] of Object.entries(definition.columns)) {
    const given = init[property];
    entity[ROW][property] = given === undefined ? initialValue(spec) : given;
    if (given === undefined) (state.defaulted ??= new Set()).add(property);
  }
  for (const property of related.names) related.fill(state, property, init[property]);
}

function checkNames(model: string, init: object, known: readonly string[]): void {
  const unknown = Object.keys(init).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const nearest = findNearest(unknown, known);
  throw new AludelError('ALUDEL_USAGE', `Model "${model}" has no column or relation "${unknown}".`, {
    hint: nearest === undefined ? `It has: ${known.join(', ')}.` : `Did you mean "${nearest}"?`,
    details: { model, property: unknown },
  });
}

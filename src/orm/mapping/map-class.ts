/** Imperative mapping: any class on a table, with nothing of ours in its declaration. */
import { inspect } from 'node:util';
import { AludelError } from '../../errors.js';
import { type MetaData, MODEL_BRAND, type TableDefinition } from '../../schema/metadata.js';
import { defineAttributes, fillNew, makeShape, rowToJson } from './create-model-class.js';
import { DeclaredRelations } from './declared-relations.js';
import { ADOPT, adopt, Entity, stateOf } from './entity.js';
import { inspectObject } from './inspect-object.js';
import type { Columns, Entity as EntityOf, ModelAttributes, Relations } from './model-class.js';
import { type ModelShape, SHAPE, shapeOf } from './model-shape.js';
import type { Constructor } from './relation.js';

/** What queries need of a class that was mapped. */
export interface Mapping<S extends Columns, R> {
  /** Columns and relations for queries and options, as `Model.c` of a declared model. */
  readonly c: ModelAttributes<S, R>;
  readonly table: TableDefinition<S>;
}

/**
 * Maps a class on a table. Its fields are declared with `declare`, so that they do not hide the columns. Objects that
 * are loaded are made without a call of the constructor: `#private` members exist on new objects alone.
 * @example
 * class User { declare id: number; declare email: string; constructor(email: string) { this.email = email; } }
 * const users = metadata.table('users', { id: integer().primaryKey(), email: varchar(255).notNull() });
 * export const userMap = mapClass(User, users);
 * @throws AludelError ALUDEL_MODELS_INVALID when the class is mapped already.
 */
// oxlint-disable-next-line typescript/no-empty-object-type -- no relations: no keys
export function mapClass<S extends Columns, R extends Relations = {}>(
  model: Constructor<Partial<EntityOf<NoInfer<S>, NoInfer<R>>>>,
  table: TableDefinition<S>,
  relations?: R,
): Mapping<S, R> {
  const definition = table as unknown as TableDefinition;
  if (shapeOf(model) !== undefined || DeclaredRelations.ofTable(definition) !== undefined) {
    throw new AludelError('ALUDEL_MODELS_INVALID', `"${model.name}" or its table is mapped already.`, {
      hint: 'Map each class on one table, and each table once.',
      details: { model: model.name },
    });
  }
  const shape = makeShape(definition, new DeclaredRelations(definition, relations ?? {}), model, { isPlain: true });
  const prototype = model.prototype as object;
  Object.defineProperty(model, SHAPE, { value: shape });
  Object.defineProperty(model, MODEL_BRAND, { value: (): MetaData => definition.metadata });
  defineAttributes(prototype, shape);
  for (const name of [...Object.keys(shape.columns), ...shape.related.names]) adoptFirst(prototype, name, shape);
  define(prototype, ADOPT, function adoptThis(this: object) {
    adopted(this, shape);
  });
  define(prototype, 'toJSON', function toJson(this: object) {
    return rowToJson(adopted(this, shape));
  });
  define(prototype, inspect.custom, function show(this: object, depth: number, options: object, print: typeof inspect) {
    return inspectObject(stateOf(adopted(this, shape)), (value) => print(value, options), depth);
  });
  return { c: shape.attributes as ModelAttributes<S, R>, table };
}

/** The object as one of its model, with what new objects start with where the constructor has set nothing. */
export function adopted(object: object, shape: ModelShape): Entity {
  const known = Entity.stateOf(object);
  if (known !== undefined) return known.entity;
  const hidden = Object.keys(shape.columns).find((name) => Object.hasOwn(object, name));
  if (hidden !== undefined) {
    throw new AludelError(
      'ALUDEL_MODELS_INVALID',
      `Class "${object.constructor.name}" has a field "${hidden}", which hides the column.`,
      { hint: `Write "declare ${hidden}: ...".`, details: { model: object.constructor.name, property: hidden } },
    );
  }
  const entity = adopt(object, {}, shape.related);
  fillNew(stateOf(entity), {}, shape);
  return entity;
}

/** Lets an accessor make the object one of its model before anything else. */
function adoptFirst(prototype: object, name: string, shape: ModelShape): void {
  const { get, set } = Object.getOwnPropertyDescriptor(prototype, name) ?? {};
  Object.defineProperty(prototype, name, {
    configurable: true,
    get(this: object): unknown {
      return get?.call(adopted(this, shape));
    },
    set(this: object, value: unknown) {
      const entity = adopted(this, shape);
      if (set !== undefined) set.call(entity, value);
      else shape.related.fill(stateOf(entity), name, value);
    },
  });
}

/** A method that the class does not have itself. */
function define(prototype: object, name: string | symbol, value: unknown): void {
  if (!Object.hasOwn(prototype, name))
    Object.defineProperty(prototype, name, { configurable: true, writable: true, value });
}

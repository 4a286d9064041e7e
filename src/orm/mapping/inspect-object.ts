import type { ObjectState } from './entity.js';
import { stateOf } from './entity.js';
import { RelatedMany } from './related-many.js';
import type { RelatedOne } from './related-one.js';

/** What `util.inspect` and `console.log` show of an object: its columns, and of its relations whether they are loaded. */
export function inspectObject(state: ObjectState, print: (value: unknown) => string, depth: number): string {
  if (depth < 0) return `[${state.modelName}]`;
  const columns = Object.entries(state.row).map(([name, value]) => `${name}: ${print(value)}`);
  const relations = state.declared.names.map(
    (name) => `${name}: ${showRelation(state.declared.of(state, name) as RelatedOne | RelatedMany)}`,
  );
  return `${state.modelName} { ${[...columns, ...relations].join(', ')} }`;
}

function showRelation(held: RelatedOne | RelatedMany): string {
  if (held instanceof RelatedMany) return held.isLoaded ? `[${held.length} loaded]` : '[not loaded]';
  const value = held.peek();
  if (value === undefined) return '[not loaded]';
  return value === null ? 'null' : `[${stateOf(value).label}]`;
}

/**
 * The column values of an object as a plain object, by property name. Spread and `structuredClone` see no columns.
 * @example toObject(ticket) // { id: 1, title: 'Printer', ... }
 */
export function toObject(entity: object): Record<string, unknown> {
  return { ...stateOf(entity).row };
}

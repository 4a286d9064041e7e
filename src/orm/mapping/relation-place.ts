/** Where a relation of an object stands, and what its two kinds, `RelatedOne` and `RelatedMany`, have in common. */
import { AludelError } from '../../errors.js';
import { Entity, type HeldRelation, type ObjectState } from './entity.js';
import type { Cardinality, Relation } from './relation.js';

export interface RelationPlace {
  readonly owner: ObjectState;
  readonly property: string;
  readonly relation: Relation<object, Cardinality>;
  /** The relation on the other side, whichever of the two names it. */
  readonly inverse: string | undefined;
  /** The properties that hold the key of the related object. */
  readonly keyProperties: readonly string[];
}

/** The relation of the other object that mirrors this one, if there is one. */
export function counterpart(place: RelationPlace, other: object): HeldRelation | undefined {
  const { inverse, owner, property } = place;
  if (inverse === undefined) return undefined;
  const state = Entity.stateOf(other);
  if (state?.declared.names.includes(inverse) === true) return state.declared.of(state, inverse);
  throw new AludelError(
    'ALUDEL_MODELS_INVALID',
    `Relation "${property}" of "${owner.modelName}" names the inverse "${inverse}", which is no relation.`,
    {
      hint: `Name a relation of "${other.constructor.name}", or leave "inverse" out.`,
      details: { model: owner.modelName, relation: property, inverse },
    },
  );
}

/** How to load a relation, for messages. */
export function loadHint({ owner, property }: RelationPlace): string {
  const { session, modelName } = owner;
  return session === undefined
    ? 'The object belongs to no session: load it, and what it leads to, in one.'
    : `Load it: await object.${property}.load(), or query with .options(selectin(${modelName}.c.${property})).`;
}

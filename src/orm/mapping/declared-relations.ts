import { AludelError } from '../../errors.js';
import { metadataOf, type TableDefinition } from '../../schema/metadata.js';
import { formatTableName } from '../../schema/table-name.js';
import { foreignKeyProperties } from './foreign-key-properties.js';
import { RelatedMany, RelatedOne } from './related-objects.js';
import { RelationAttribute } from './relation-attribute.js';
import type { Cardinality, Relation } from './relation.js';

interface DeclaredRelation {
  readonly relation: Relation<object, Cardinality>;
  readonly keyProperties: readonly string[];
}

/** The relations of one table, each declaration read once, and what its objects hold for them. */
export class DeclaredRelations {
  readonly names: readonly string[];
  readonly #definition: TableDefinition;
  readonly #getters: object;
  readonly #declared: Map<string, DeclaredRelation> = new Map();
  readonly #held: WeakMap<object, Map<string, RelatedOne | RelatedMany>> = new WeakMap();

  constructor(definition: TableDefinition, getters: object) {
    this.#definition = definition;
    this.#getters = getters;
    this.names = Object.keys(getters);
    const shared = this.names.find((name) => Object.hasOwn(definition.columns, name));
    if (shared === undefined) return;
    const label = formatTableName(definition.tableName);
    throw new AludelError('ALUDEL_MODELS_INVALID', `Table "${label}" has a column and a relation called "${shared}".`, {
      hint: `Rename one; a column keeps its name in the database with ".name('${shared}')".`,
      details: { table: label, property: shared },
    });
  }

  /** `Model.c` of the relations. */
  attributes(): Record<string, RelationAttribute<unknown, object>> {
    const attribute = (name: string): RelationAttribute<unknown, object> =>
      new RelationAttribute(this.#definition, name, () => this.#read(name).relation);
    return Object.fromEntries(this.names.map((name) => [name, attribute(name)]));
  }

  /** What the object holds for a relation, made when it is first asked for. */
  of(owner: object, property: string): RelatedOne | RelatedMany {
    const held = this.#held.get(owner) ?? new Map<string, RelatedOne | RelatedMany>();
    this.#held.set(owner, held);
    const known = held.get(property);
    if (known !== undefined) return known;
    const place = { owner, modelName: owner.constructor.name, property, ...this.#read(property) };
    const made = place.relation.kind === 'many' ? new RelatedMany(place) : new RelatedOne(place);
    held.set(property, made);
    return made;
  }

  /** Sets what the constructor was given for a relation. */
  fill(owner: object, property: string, given: unknown): void {
    if (given === undefined) return;
    const held = this.of(owner, property);
    if (held instanceof RelatedMany) held.add(...(given as Iterable<object>));
    else held.set(given as object | null);
  }

  #read(property: string): DeclaredRelation {
    const known = this.#declared.get(property);
    if (known !== undefined) return known;
    const relation = Reflect.get(this.#getters, property) as Relation<object, Cardinality>;
    if (metadataOf(relation.target) === undefined) {
      const label = `"${property}" of table "${formatTableName(this.#definition.tableName)}"`;
      throw new AludelError(
        'ALUDEL_MODELS_INVALID',
        `Relation ${label} leads to "${relation.target.name}", which is no model.`,
        {
          hint: 'Let it lead to a class that extends "Base.table(...)".',
          details: { relation: property },
        },
      );
    }
    const { table: target } = relation.target as unknown as { readonly table: TableDefinition };
    const declared = { relation, keyProperties: foreignKeyProperties(this.#definition, target, relation) };
    this.#declared.set(property, declared);
    return declared;
  }
}

import { AludelError } from '../../errors.js';
import { metadataOf, type TableDefinition } from '../../schema/metadata.js';
import { formatTableName } from '../../schema/table-name.js';
import type { ModelRelations, ObjectState } from './entity.js';
import { checkRelations } from './check-relations.js';
import { foreignKeyProperties } from './foreign-key-properties.js';
import { RelatedMany } from './related-many.js';
import { RelatedOne } from './related-one.js';
import { RelationAttribute } from './relation-attribute.js';
import { isOrExtends } from './lineage.js';
import { recordedShape, shapeOf } from './model-shape.js';
import type { Cardinality, Relation } from './relation.js';

export interface DeclaredRelation {
  readonly relation: Relation<object, Cardinality>;
  readonly target: TableDefinition;
  /** The relation on the other side, whichever of the two names it. */
  readonly inverse: string | undefined;
  readonly keyProperties: readonly string[];
}

const all: WeakMap<TableDefinition, DeclaredRelations> = new WeakMap();

/** The relations of one table, each declaration read once, and what its objects hold for them. */
export class DeclaredRelations implements ModelRelations<RelatedOne | RelatedMany> {
  readonly names: readonly string[];
  mapper: object | undefined;
  readonly #definition: TableDefinition;
  /** As declared; children take them over. */
  readonly getters: object;
  readonly #declared: Map<string, DeclaredRelation> = new Map();

  constructor(definition: TableDefinition, getters: object) {
    checkRelations(formatTableName(definition.tableName), getters);
    this.#definition = definition;
    this.getters = getters;
    this.names = Object.keys(getters);
    all.set(definition, this);
    const shared = this.names.find((name) => Object.hasOwn(definition.columns, name));
    if (shared === undefined) return;
    const label = formatTableName(definition.tableName);
    throw new AludelError('ALUDEL_MODELS_INVALID', `Table "${label}" has a column and a relation called "${shared}".`, {
      hint: `Rename one; a column keeps its name in the database with ".name('${shared}')".`,
      details: { table: label, property: shared },
    });
  }

  /** The relations that the model of a table declares. */
  static ofTable(definition: TableDefinition): DeclaredRelations | undefined {
    return all.get(definition);
  }

  /** `Model.c` of the relations. */
  attributes(): Record<string, RelationAttribute<unknown, object>> {
    const attribute = (name: string): RelationAttribute<unknown, object> =>
      new RelationAttribute(this.#definition, name, () => this.read(name).relation);
    return Object.fromEntries(this.names.map((name) => [name, attribute(name)]));
  }

  of(owner: ObjectState, property: string): RelatedOne | RelatedMany {
    owner.relations ??= new Map();
    const known = owner.relations.get(property);
    if (known !== undefined) return known as RelatedOne | RelatedMany;
    const { relation, inverse, keyProperties } = this.read(property);
    const place = { owner, property, relation, inverse, keyProperties };
    const made = relation.kind === 'many' ? new RelatedMany(place) : new RelatedOne(place);
    owner.relations.set(property, made);
    return made;
  }

  /** Sets what the constructor was given for a relation. */
  fill(owner: ObjectState, property: string, given: unknown): void {
    if (given === undefined) return;
    const held = this.of(owner, property);
    if (held instanceof RelatedMany) held.add(...(given as Iterable<object>));
    else held.set(given as object | null);
  }

  /** @throws AludelError ALUDEL_MODELS_INVALID when the relation leads to no model. */
  read(property: string): DeclaredRelation {
    const known = this.#declared.get(property);
    if (known !== undefined) return known;
    const relation = Reflect.get(this.getters, property) as Relation<object, Cardinality>;
    if (metadataOf(relation.target) === undefined || shapeOf(relation.target) === undefined) {
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
    const target = recordedShape(relation.target).definition;
    const inverse = relation.options.inverse ?? DeclaredRelations.ofTable(target)?.naming(property, this.#definition);
    const keyProperties = foreignKeyProperties(this.#definition, target, relation);
    const declared = { relation, target, inverse, keyProperties };
    this.#declared.set(property, declared);
    return declared;
  }

  /** The relation of this table that names a relation of another one as its inverse. */
  naming(inverse: string, of: TableDefinition): string | undefined {
    return this.names.find((name) => {
      const { options, target } = Reflect.get(this.getters, name) as Relation<object, Cardinality>;
      const model = options.inverse === inverse ? shapeOf(target) : undefined;
      return model !== undefined && isOrExtends(of, model.definition);
    });
  }
}

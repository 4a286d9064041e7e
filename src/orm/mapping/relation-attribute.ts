import type { TableDefinition } from '../../schema/metadata.js';
import type { Cardinality, Relation } from './relation.js';
import { AludelError } from '../../errors.js';
import { type Condition, givenConditions } from '../../schema/expressions/conditions.js';
import { Expr } from '../../schema/expressions/expr.js';

/** A relation at the class, as `Ticket.c.comments` gives it: leads from objects of `From` to objects of `To`. */
export class RelationAttribute<From, To> {
  /** Only for the type checker; a method, so that attributes of one model never pass for another's. */
  declare readonly $from: (from: From) => void;
  /** Only for the type checker. */
  declare readonly $to: To;
  readonly table: TableDefinition;
  readonly property: string;
  /** The other name under which a query knows the table, where it has one. */
  readonly source: object | undefined;
  readonly #relation: () => Relation<To, Cardinality>;

  constructor(table: TableDefinition, property: string, relation: () => Relation<To, Cardinality>, source?: object) {
    this.table = table;
    this.source = source;
    this.property = property;
    this.#relation = relation;
  }

  /** The declaration, read when it is asked for: the model that it leads to may be declared later. */
  get relation(): Relation<To, Cardinality> {
    return this.#relation();
  }

  /**
   * True where one of the related objects, or any at all, meets the conditions: EXISTS, so that no row comes twice.
   * @example select(Ticket).where(Ticket.c.tags.any(Tag.c.name.in(['urgent'])))
   */
  any(...conditions: readonly Condition[]): Expr<boolean> {
    return this.#exists('any', 'has', conditions, (kind) => kind === 'many');
  }

  /** The same for a relation to one object: true where it is there and meets the conditions. */
  has(...conditions: readonly Condition[]): Expr<boolean> {
    return this.#exists('has', 'any', conditions, (kind) => kind !== 'many');
  }

  /** The same relation of a table under another name. */
  of(source: object): RelationAttribute<From, To> {
    return new RelationAttribute(this.table, this.property, this.#relation, source);
  }

  #exists(
    method: string,
    other: string,
    conditions: readonly Condition[],
    suits: (kind: Cardinality) => boolean,
  ): Expr<boolean> {
    const query = new RelatedExists(this, givenConditions(conditions));
    return new Expr<boolean>(
      () => {
        if (suits(this.relation.kind)) return { kind: 'query', query };
        const many = this.relation.kind === 'many';
        throw new AludelError(
          'ALUDEL_USAGE',
          `Relation "${this.property}" leads to ${many ? 'several objects' : 'one object'}: "${method}()" is for ${many ? 'one' : 'several'}.`,
          { hint: `Write .${this.property}.${other}(...).`, details: { relation: this.property } },
        );
      },
      undefined,
      'boolean',
    );
  }
}

/** A question to the related objects of a row, as part of a query. */
export class RelatedExists {
  readonly attribute: RelationAttribute<never, unknown>;
  readonly conditions: readonly Expr<boolean | null>[];

  constructor(attribute: RelationAttribute<never, unknown>, conditions: readonly Expr<boolean | null>[]) {
    this.attribute = attribute;
    this.conditions = conditions;
  }
}

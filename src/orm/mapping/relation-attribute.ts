import type { TableDefinition } from '../../schema/metadata.js';
import type { Cardinality, Relation } from './relation.js';

/** A relation at the class, as `Ticket.c.comments` gives it: leads from objects of `From` to objects of `To`. */
export class RelationAttribute<From, To> {
  /** Only for the type checker; a method, so that attributes of one model never pass for another's. */
  declare readonly $from: (from: From) => void;
  /** Only for the type checker. */
  declare readonly $to: To;
  readonly table: TableDefinition;
  readonly property: string;
  readonly #relation: () => Relation<To, Cardinality>;

  constructor(table: TableDefinition, property: string, relation: () => Relation<To, Cardinality>) {
    this.table = table;
    this.property = property;
    this.#relation = relation;
  }

  /** The declaration, read when it is asked for: the model that it leads to may be declared later. */
  get relation(): Relation<To, Cardinality> {
    return this.#relation();
  }
}

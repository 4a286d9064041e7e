import type { Operation } from '../operations/operation.js';
import { findTable, type Generation, type Schema } from '../schema/table.js';

/** A column that is meant to count, by its table and its name. */
export type Counter = readonly [key: string, generation: Generation];

/**
 * MySQL and MariaDB: a column that was added to count cannot do so before it has a key, which is an operation of its own, nor
 * while its key is exchanged. In between the database shows a plain column; what it is meant to be is kept here.
 */
export class CounterMemory {
  readonly #counters: Map<string, Generation>;

  /** With what an earlier run has kept. */
  constructor(counters: readonly Counter[] = []) {
    this.#counters = new Map(counters);
  }

  get counters(): readonly Counter[] {
    return [...this.#counters];
  }

  /** Before an operation: the counters of a table that may lose the key that they go by. */
  foresee(operation: Operation, schema: Schema | null): void {
    if (schema === null || (operation.kind !== 'dropConstraint' && operation.kind !== 'dropIndex')) return;
    for (const { name, generation } of findTable(schema, operation.table)?.columns ?? []) {
      if (generation !== null) this.#counters.set(keyOf(operation.table.name, name), generation);
    }
  }

  note(operation: Operation): void {
    if (operation.kind === 'addColumn' && operation.column.generation !== null) {
      this.#counters.set(keyOf(operation.table.name, operation.column.name), operation.column.generation);
    }
    const isPlain = operation.kind === 'alterColumn' && operation.changes.generation !== undefined;
    if (isPlain || operation.kind === 'dropColumn') {
      this.#counters.delete(keyOf(operation.table.name, operation.column));
    }
  }

  /** The schema that was read, with these columns as they are meant. */
  restore(schema: Schema): Schema {
    if (this.#counters.size === 0) return schema;
    return {
      ...schema,
      tables: schema.tables.map((table) => ({
        ...table,
        columns: table.columns.map((column) => {
          const meant = column.generation ?? this.#counters.get(keyOf(table.name, column.name)) ?? null;
          return { ...column, generation: meant };
        }),
      })),
    };
  }
}

function keyOf(table: string, column: string): string {
  return `${table}\0${column}`;
}

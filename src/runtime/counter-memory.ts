import type { Operation } from '../operations/operation.js';
import type { Generation, Schema } from '../schema/table.js';

/**
 * MySQL and MariaDB: a column that was added to count cannot do so before it has a key, which is an operation of its own.
 * In between the database shows a plain column; what it is meant to be is kept here.
 */
export class CounterMemory {
  readonly #counters: Map<string, Generation> = new Map();

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

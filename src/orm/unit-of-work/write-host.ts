import type { ObjectState } from '../mapping/entity.js';
import type { TablePart } from '../mapping/table-part.js';
import type { Active } from '../session/transaction.js';

/** Where the values go that a flush writes into objects, so that a rollback takes them back. */
export interface WriteHost {
  write(state: ObjectState, property: string, value: unknown): void;
}

/** Who writes rows, and where. */
export interface RowWriter<H extends WriteHost = WriteHost> {
  readonly host: H;
  readonly active: Active;
}

/** The same for the rows of one table. */
export interface Writing extends RowWriter {
  readonly part: TablePart;
}

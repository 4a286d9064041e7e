import type { ObjectState } from '../mapping/entity.js';

/** Where the values go that a flush writes into objects, so that a rollback takes them back. */
export interface WriteHost {
  write(state: ObjectState, property: string, value: unknown): void;
}

/** Who holds a connection of the pool, for the error of those who wait in vain. */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { QueuedConnection } from './queued-connection.js';

const OURS = `${dirname(dirname(fileURLToPath(import.meta.url)))}/`;

/** The name of a holder, or what gives it when somebody asks. */
type Label = string | (() => string);

export interface HolderFacts {
  /** The label given to `connect()`, or `file:line:column` of the call. */
  readonly who: string;
  /** Milliseconds. */
  readonly heldFor: number;
  readonly inTransaction: boolean;
}

export class Holder {
  readonly isDedicated: boolean;
  /** When it got its place, by `performance.now()`. */
  since = 0;
  connection: QueuedConnection | undefined;
  readonly #label: Label;

  constructor(label: Label = placeOfCall(), isDedicated = false) {
    this.#label = label;
    this.isDedicated = isDedicated;
  }

  /** `now` by `performance.now()`. */
  describe(now: number): HolderFacts {
    return {
      who: typeof this.#label === 'string' ? this.#label : this.#label(),
      heldFor: now - this.since,
      inTransaction: this.connection?.inTransaction ?? false,
    };
  }
}

/**
 * Where the call came from that is under way. The stack is captured now, a few frames of it, for each costs time, and made
 * into text when somebody asks.
 */
export function placeOfCall(): () => string {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 8;
  const site = new Error('call site');
  Error.stackTraceLimit = stackTraceLimit;
  return () => findCaller(site.stack ?? '');
}

/** The innermost frame outside this package and Node. */
function findCaller(stack: string): string {
  const places = stack.split('\n').flatMap((line) => /\(?((?:file:\/\/)?[^\s()]+:\d+:\d+)\)?$/.exec(line)?.[1] ?? []);
  const paths = places.map((place) => (place.startsWith('file://') ? decodeURI(place.slice(7)) : place));
  return paths.find((path) => !path.startsWith(OURS) && !path.startsWith('node:')) ?? paths.at(-1) ?? 'unknown place';
}

/** `"GET /users" for 31.2 s (in a transaction), ...`: those who hold longest first. */
export function formatHolders(holders: readonly HolderFacts[]): string {
  const shown = holders.slice(0, 5).map(({ who, heldFor, inTransaction }) => {
    return `"${who}" for ${(heldFor / 1000).toFixed(1)} s${inTransaction ? ' (in a transaction)' : ''}`;
  });
  const rest = holders.length - shown.length;
  return rest > 0 ? `${shown.join(', ')} and ${rest} others` : shown.join(', ');
}

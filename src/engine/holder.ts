/** Who holds a connection of the pool, for the error of those who wait in vain. */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { QueuedConnection } from './queued-connection.js';

const OURS = `${dirname(dirname(fileURLToPath(import.meta.url)))}/`;

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
  readonly #label: string | undefined;
  /** The stack is captured here and made into text only when somebody asks: that is the dear part. */
  readonly #site: Error | undefined;

  constructor(label: string | undefined, isDedicated: boolean) {
    this.#label = label;
    this.isDedicated = isDedicated;
    this.#site = label === undefined ? new Error('call site') : undefined;
  }

  /** `now` by `performance.now()`. */
  describe(now: number): HolderFacts {
    return {
      who: this.#label ?? findCaller(this.#site?.stack ?? ''),
      heldFor: now - this.since,
      inTransaction: this.connection?.inTransaction ?? false,
    };
  }
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

import { newRevisionId } from './file-name.js';

/** What a function for ids is told about the revision that is being made. */
export interface RevisionIdContext {
  readonly message: string;
  readonly down: readonly string[];
  readonly date: Date;
  /** The ids that are taken. */
  readonly existing: readonly string[];
}

export type RevisionIdStrategy =
  | 'hex'
  | 'timestamp'
  | 'sequence'
  | ((context: RevisionIdContext) => string | Promise<string>);

/**
 * Makes the id of a new revision. `hex`: twelve random hexadecimal digits; `timestamp`: `20261121104500`, a second later
 * where that is taken; `sequence`: one more than the highest number, with four digits or more.
 */
export async function makeRevisionId(
  strategy: RevisionIdStrategy,
  context: RevisionIdContext,
  timeZone = 'UTC',
): Promise<string> {
  if (typeof strategy === 'function') return strategy(context);
  const { existing, date } = context;
  switch (strategy) {
    case 'hex':
      return newRevisionId();
    case 'timestamp': {
      const taken = new Set(existing);
      let moment = date.getTime();
      while (taken.has(timestampOf(moment, timeZone))) moment += 1000;
      return timestampOf(moment, timeZone);
    }
    case 'sequence': {
      const numbers = existing.filter((id) => /^\d{1,15}$/u.test(id)).map(Number);
      return String(Math.max(0, ...numbers) + 1).padStart(4, '0');
    }
  }
}

function timestampOf(milliseconds: number, timeZone: string): string {
  // Swedish writes dates as ISO 8601 does.
  return new Date(milliseconds).toLocaleString('sv-SE', { timeZone }).replaceAll(/\D/gu, '');
}

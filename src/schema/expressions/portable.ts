/**
 * What every database can say, each in words of its own: a name, arguments and what else there is to know. The folders of
 * `dialects/` hold the words.
 */
import type { ColumnType } from '../types.js';

/** An amount of time; parts may be negative. Months keep the day, or the last of a shorter month. */
export interface Interval {
  readonly years?: number;
  readonly months?: number;
  readonly days?: number;
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
}

/** `week` is that of ISO 8601; `dayOfWeek` counts from Sunday, which is 0. */
export type DatePart =
  | 'year'
  | 'quarter'
  | 'month'
  | 'week'
  | 'day'
  | 'dayOfWeek'
  | 'dayOfYear'
  | 'hour'
  | 'minute'
  | 'second';

/** The names, and what each knows besides its arguments. */
export interface PortableDetails {
  /** Seconds since 1970. */
  readonly epoch: null;
  /** Seconds from the second instant to the first. */
  readonly secondsBetween: null;
  readonly shift: Interval;
  readonly extract: DatePart;
  /** The text of what stands at a path in JSON. */
  readonly jsonText: readonly (string | number)[];
  readonly cast: ColumnType;
  /** A decimal beside what is calculated. */
  readonly decimal: null;
  /** Full-text search; the detail is the configuration of the language. */
  readonly textMatches: string;
  readonly textRank: string;
}

export type PortableName = keyof PortableDetails;

/** The parts of an interval, each with its unit, in a fixed order; parts of 0 are left out. */
export function partsOfInterval(interval: Interval): [unit: string, amount: number][] {
  const units = ['years', 'months', 'days', 'hours', 'minutes', 'seconds'] as const;
  return units.flatMap((unit): [string, number][] => {
    const amount = interval[unit] ?? 0;
    if (!Number.isFinite(amount)) throw new TypeError(`The ${unit} of an interval must be a number.`);
    return amount === 0 ? [] : [[unit, amount]];
  });
}

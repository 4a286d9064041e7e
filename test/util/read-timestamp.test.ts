import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTimestamp } from '../../src/util/read-timestamp.js';

describe('the instant of a timestamp', () => {
  it.each([
    ['2026-01-31 12:30:00', '2026-01-31T12:30:00.000Z'],
    ['2026-01-31T12:30:00Z', '2026-01-31T12:30:00.000Z'],
    ['2026-01-31 12:30:00.1', '2026-01-31T12:30:00.100Z'],
    ['2026-01-31 12:30:00.123456', '2026-01-31T12:30:00.123Z'],
    ['2026-01-31 12:30:00.123456+00', '2026-01-31T12:30:00.123Z'],
    ['2026-01-31 12:30:00+02', '2026-01-31T10:30:00.000Z'],
    ['2026-01-31 12:30:00-05:30', '2026-01-31T18:00:00.000Z'],
    ['0044-03-15 12:00:00', '0044-03-15T12:00:00.000Z'],
  ])('of %s is %s', (text, instant) => {
    expect(readTimestamp(text).toISOString()).toBe(instant);
  });

  it.each(['', 'infinity', '2026-01-31 1x:30:00'])('of "%s" is no date', (text) => {
    expect(readTimestamp(text).getTime()).toBeNaN();
  });

  it('is what Date says of every instant', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true }), (date) => {
        const text = date.toISOString();
        expect(readTimestamp(text)).toEqual(date);
        expect(readTimestamp(text.replace('T', ' ').replace('Z', '+00'))).toEqual(date);
      }),
    );
  });
});

/**
 * The instant of a timestamp as databases write it: `2026-01-31 12:30:00.125`, with `Z`, `+00`, `+05:30` or nothing behind
 * it, which is UTC. Written out by hand, because a load of many rows spends most of its time here.
 */
export function readTimestamp(text: string): Date {
  const { length } = text;
  const isPlain =
    length >= 19 && text.charCodeAt(4) === DASH && text.charCodeAt(10) <= LETTER_T && text.charCodeAt(16) === COLON;
  const year = isPlain ? digits(text, 0, 4) : 0;
  // Date.UTC takes the years 0 to 99 for the twentieth century.
  if (year < 100) return readOther(text);
  let end = 19;
  let milliseconds = 0;
  if (length > 19 && text.charCodeAt(19) === DOT) {
    end = 20;
    for (let unit = 100; end < length && isDigit(text.charCodeAt(end)); end++, unit /= 10) {
      if (unit >= 1) milliseconds += (text.charCodeAt(end) - ZERO) * unit;
    }
  }
  const isUtc = end === length || text.endsWith('+00', length) || text.charCodeAt(length - 1) === LETTER_Z;
  const time = Date.UTC(
    year,
    digits(text, 5, 7) - 1,
    digits(text, 8, 10),
    digits(text, 11, 13),
    digits(text, 14, 16),
    digits(text, 17, 19),
    milliseconds,
  );
  return isUtc && end + 3 >= length && !Number.isNaN(time) ? new Date(time) : readOther(text);
}

const [DASH, DOT, ZERO, COLON, LETTER_T, LETTER_Z] = [45, 46, 48, 58, 84, 90];

function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) {
    const code = text.charCodeAt(i);
    if (!isDigit(code)) return Number.NaN;
    value = value * 10 + code - ZERO;
  }
  return value;
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= ZERO + 9;
}

/** Years before 100, offsets, and what is no timestamp at all. */
function readOther(text: string): Date {
  const whole = text.replace(' ', 'T');
  const zoned = whole.replace(/([+-]\d\d)$/, '$1:00');
  return new Date(/(?:Z|[+-]\d\d:?\d\d)$/.test(zoned) && zoned.includes('T') ? zoned : `${zoned}Z`);
}

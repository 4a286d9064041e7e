import { randomBytes } from 'node:crypto';
import { AludelError } from '../errors.js';

export interface FileNameFields {
  readonly id: string;
  readonly message: string | null;
  readonly date: Date;
  /** An IANA name such as `Europe/Berlin`. Default `UTC`. */
  readonly timeZone?: string;
  /** The most characters that the slug may have; it is cut at a `_`. Default 40. */
  readonly truncateSlugLength?: number;
  /** Default `.ts`. */
  readonly extension?: '.ts' | '.mts' | '.js' | '.mjs' | '.sql';
}

const TOKENS = ['rev', 'slug', 'year', 'month', 'day', 'hour', 'minute', 'second'];

/** A new revision id: 12 hexadecimal characters from the system's random source. */
export function newRevisionId(): string {
  return randomBytes(6).toString('hex');
}

/**
 * The file name of a revision from a template with `{rev} {slug} {year} {month} {day} {hour} {minute} {second}`.
 * Throws ALUDEL_CONFIG_INVALID for an unknown token, a template without `{rev}` or `{slug}`, or an unknown time zone.
 */
export function fileNameFor(template: string, fields: FileNameFields): string {
  const slug = slugOf(fields.message ?? '', fields.truncateSlugLength ?? 40);
  const values: Readonly<Record<string, string>> = {
    rev: fields.id,
    slug,
    ...datePartsOf(fields.date, fields.timeZone ?? 'UTC'),
  };
  if (!template.includes('{rev}') && !template.includes('{slug}')) {
    throw templateError(template, 'holds neither {rev} nor {slug}');
  }
  // Without a message the separator beside the slug goes with it.
  const shaped = slug === '' ? template.replaceAll(/[_-]?\{slug\}/gu, '') : template;
  const name = shaped.replaceAll(/\{([^{}]*)\}/gu, (_, token: string) => {
    const value = values[token];
    if (value === undefined) throw templateError(template, `holds the unknown token {${token}}`);
    return value;
  });
  // A leading dot or underscore would hide the file from the script folder.
  const stem = name.replace(/(^|\/)[._-]+(?=[^/]*$)/u, '$1');
  return `${stem === '' || stem.endsWith('/') ? `${stem}${fields.id}` : stem}${fields.extension ?? '.ts'}`;
}

/** The words of a message in lower case, joined by `_`, cut at a `_` to at most `limit` characters. */
export function slugOf(message: string, limit: number): string {
  const words =
    message
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  const slug = words.join('_');
  if (slug.length <= limit) return slug;
  const cut = slug.slice(0, limit + 1).lastIndexOf('_');
  return cut > 0 ? slug.slice(0, cut) : slug.slice(0, limit);
}

function datePartsOf(date: Date, timeZone: string): Record<string, string> {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      calendar: 'gregory',
      numberingSystem: 'latn',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
  } catch (cause) {
    throw new AludelError('ALUDEL_CONFIG_INVALID', `There is no time zone "${timeZone}".`, {
      hint: 'Use an IANA name such as "UTC" or "Europe/Berlin".',
      details: { timeZone },
      cause,
    });
  }
  return Object.fromEntries(format.formatToParts(date).map((part) => [part.type, part.value]));
}

function templateError(template: string, problem: string): AludelError {
  return new AludelError('ALUDEL_CONFIG_INVALID', `The file name template "${template}" ${problem}.`, {
    hint: `Use ${TOKENS.map((token) => `{${token}}`).join(' ')}, with at least {rev} or {slug}.`,
    details: { template },
  });
}

/** What values of config keys look like: each says whether a value will do. */

/** What may stand in braces in a `fileTemplate`. */
export const FILE_TEMPLATE_TOKENS: readonly string[] = [
  'rev',
  'slug',
  'year',
  'month',
  'day',
  'hour',
  'minute',
  'second',
];

/** What the names hold is checked on its own, so that a message can say where. Digits would change the order. */
export function isSection(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const names = Object.keys(value);
  return names.length > 0 && names.every((name) => /^[A-Za-z_][\w.-]*$/u.test(name));
}

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

export function isList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isText);
}

export function isFilledList(value: unknown): boolean {
  return isList(value) && value.length > 0;
}

export function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

export function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isPostWriteHook(value: unknown): boolean {
  if (typeof value === 'string') return ['prettier', 'oxfmt', 'biome', 'eslint'].includes(value);
  if (isFunction(value)) return true;
  if (!isObject(value) || !('command' in value) || !isText(value.command)) return false;
  const known = Object.keys(value).every((key) => key === 'command' || key === 'args');
  return known && (!('args' in value) || value.args === undefined || isTexts(value.args));
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

export function isFileTemplate(value: unknown): boolean {
  if (!isText(value) || /\\|^\/|\/$|\/\/|\.\./.test(value)) return false;
  const tokens = [...value.matchAll(/\{(.*?)\}/g)].map(([, token]) => token ?? '');
  return tokens.includes('rev') && tokens.every((token) => FILE_TEMPLATE_TOKENS.includes(token));
}

export function isTimezone(value: unknown): boolean {
  if (value === 'UTC') return true;
  if (!isText(value)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return true;
  } catch {
    return false;
  }
}

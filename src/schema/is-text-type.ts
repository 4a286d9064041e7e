import type { ColumnType } from './types.js';

/** True for a type whose values are in the character set of their table, unless the column says another. */
export function isTextType(type: ColumnType): boolean {
  if (type.kind !== 'custom') return ['char', 'varchar', 'text', 'enum', 'uuid'].includes(type.kind);
  return (
    typeof type.sql === 'string' &&
    /^(?:(?:tiny|medium|long)?text|(?:var)?char|set)\b(?!.*\bcharacter set\b)/i.test(type.sql)
  );
}

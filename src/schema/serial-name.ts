const SUFFIX = '_seq';
const LONGEST = 63 - SUFFIX.length - 1;

/** The name that PostgreSQL's `serial` gives: the longer part is cut until both fit (makeObjectName() in indexcmds.c). */
export function serialName(table: string, column: string): string {
  let [left, right] = [Buffer.byteLength(table), Buffer.byteLength(column)];
  while (left + right > LONGEST) {
    if (left > right) left--;
    else right--;
  }
  return `${cut(table, left)}_${cut(column, right)}${SUFFIX}`;
}

/** At most so many bytes, and no half character. */
function cut(text: string, bytes: number): string {
  return Buffer.from(text)
    .subarray(0, bytes)
    .toString()
    .replace(/\uFFFD+$/, '');
}

/** The databases that tests know, in the order of their speed. */
export const DIALECT_NAMES = ['sqlite', 'postgres', 'mariadb', 'mysql'] as const;

export type DialectName = (typeof DIALECT_NAMES)[number];
export type ServerName = Exclude<DialectName, 'sqlite'>;

/** The dialects under test: all, or those that `ALUDEL_TEST_DIALECTS` lists (`sqlite,postgres`). */
export function testDialects(list: string | undefined = process.env['ALUDEL_TEST_DIALECTS']): readonly DialectName[] {
  if (list === undefined || list.trim() === '') return DIALECT_NAMES;
  const names = list.split(',').map((name) => name.trim());
  for (const name of names) {
    if (!DIALECT_NAMES.some((known) => known === name)) {
      throw new Error(`ALUDEL_TEST_DIALECTS names "${name}"; it may list ${DIALECT_NAMES.join(', ')}.`);
    }
  }
  return DIALECT_NAMES.filter((name) => names.includes(name));
}

/** The environment variable with the URL of a running server of this kind. */
export function urlVariable(name: ServerName): `ALUDEL_TEST_${string}_URL` {
  return `ALUDEL_TEST_${name.toUpperCase()}_URL`;
}

/** An expression in a place of a schema, spelled in two ways by hand; `differs` says something else. */
export interface Spelled {
  readonly place: 'check' | 'default' | 'generated' | 'index' | 'where' | 'view';
  /** The type of the column, as SQL, where the place is one. */
  readonly type?: string;
  readonly spellings: readonly [string, string];
  readonly differs: string;
}

const at =
  (place: Spelled['place']) =>
  (first: string, second: string, differs: string): Spelled => ({ place, spellings: [first, second], differs });

const ofType =
  (place: 'default' | 'generated') =>
  (type: string, first: string, second: string, differs: string): Spelled => ({
    place,
    type,
    spellings: [first, second],
    differs,
  });

export const inCheck = at('check');
export const inIndex = at('index');
export const inWhere = at('where');
export const inView = at('view');
export const asDefault = ofType('default');
export const asGenerated = ofType('generated');

/**
 * The third spelling: other spaces, brackets, and outside of strings and quoted names other letters. The columns of a view
 * are called as they are written, and MySQL prints every name as it was written.
 */
export function shout({ place, spellings: [sql] }: Spelled, keepsLetters: boolean): string {
  const shouted = sql.replace(/'(?:[^']|'')*'|"[^"]*"|`[^`]*`|\s+|\w+/g, (token) => {
    if (/^\s/.test(token)) return '\n  ';
    return keepsLetters || place === 'view' || /^['"`]/.test(token) ? token : token.toUpperCase();
  });
  return place === 'check' || place === 'where' ? `((${shouted}))` : shouted;
}

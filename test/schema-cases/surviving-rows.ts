type RowValues = Readonly<Record<string, string | null>>;

/**
 * Two dumps of rows, each cut down to the tables and columns that both have: they are equal when no value was lost.
 * `ignored` holds `table.column`.
 */
export function survivingRows(before: string, after: string, ignored: readonly string[]): [string[], string[]] {
  const [left, right] = [parseRows(before), parseRows(after)];
  const cut = (rows: ReadonlyMap<string, readonly RowValues[]>): string[] =>
    [...rows]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .flatMap(([table, own]) => {
        const [mine, others] = [left.get(table), right.get(table)];
        if (mine === undefined || others === undefined) return [];
        const [one, other] = [mine[0] ?? {}, others[0] ?? {}];
        const columns = Object.keys(one).filter((name) => name in other && !ignored.includes(`${table}.${name}`));
        return [
          `${table}: ${own.length}`,
          ...own.map((row) => columns.map((name) => plain(row[name])).join(' | ')).sort(),
        ];
      });
  return [cut(left), cut(right)];
}

/** A dump of rows with the tables and columns called as after the renames. */
export function renameRows(dump: string, renames: readonly string[]): string {
  const names = renames.filter((answer) => !/^(?:enum|sequence) /.test(answer)).map((answer) => answer.split(':'));
  const tables = new Map(names.filter(([from = '']) => !from.includes('.')).map(([from = '', to = '']) => [from, to]));
  const columns = new Map(
    names.flatMap(([from = '', to = '']) => {
      const [table = '', column = ''] = from.split('.');
      return from.includes('.') ? [[`${table}.${column}`, to.split('.')[1] ?? '']] : [];
    }),
  );
  const text = [...parseRows(dump)].map(([table, rows]) => {
    const lines = rows.map((row) => {
      const renamed = Object.entries(row).map(([name, value]) => [columns.get(`${table}.${name}`) ?? name, value]);
      return `  ${JSON.stringify(Object.fromEntries(renamed))}`;
    });
    return [`${tables.get(table) ?? table} (${rows.length})`, ...lines].join('\n');
  });
  return text.join('\n');
}

function parseRows(dump: string): Map<string, RowValues[]> {
  const tables = new Map<string, RowValues[]>();
  let current: RowValues[] = [];
  for (const line of dump.split('\n').filter((text) => text !== '')) {
    if (line.startsWith('  {')) current.push(JSON.parse(line) as RowValues);
    else tables.set(line.replace(/ \(\d+\)$/, ''), (current = []));
  }
  return tables;
}

/** One spelling of what types spell apart: `true` and 1, `1.50` and `1.5`, padded text, formatted JSON. */
function plain(value: string | null | undefined): string {
  if (value === null || value === undefined || value === 'NULL') return 'NULL';
  const text = /^'(.*)'$/s.exec(value)?.[1]?.replaceAll("''", "'") ?? value;
  if (text === 'true') return '1';
  if (text === 'false') return '0';
  if (/^[\d :-]+\.0+$/.test(text) && text.includes(':')) return text.replace(/\.0+$/, '');
  if (/^-?\d+(\.\d+)?$/.test(text) && text.length < 16) return String(Number(text));
  return /^[[{]/.test(text) ? JSON.stringify(JSON.parse(text)) : text.trimEnd();
}

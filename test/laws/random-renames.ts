import fc from 'fast-check';
import type { Rename } from '../../src/autogenerate/renames/rename.js';
import { findTable, type Schema, type TableName } from '../../src/schema/table.js';

/** Answers for two schemas: swaps, chains and names that somebody else has are among them. */
export function randomRenames(from: Schema, to: Schema): fc.Arbitrary<Rename[]> {
  const namespaces = [...new Set(from.tables.map(({ namespace }) => namespace))];
  const tables = fc.tuple(
    ...namespaces.map((namespace) =>
      pairs(namesIn(from, namespace), namesIn(to, namespace)).map((found) =>
        found.map(([name, other]): Rename => ({ kind: 'table', from: { namespace, name }, to: other })),
      ),
    ),
  );
  return tables.chain((lists) => {
    const renames = lists.flat();
    const columns = fc.tuple(
      ...to.tables.map((table) => {
        const known = findTable(from, tableBefore(table, renames));
        if (known === undefined) return fc.constant([]);
        const names = table.columns.map(({ name }) => name);
        const found = pairs(
          known.columns.map(({ name }) => name),
          names,
        );
        const owner = { namespace: table.namespace, name: table.name };
        return found.map((list) =>
          list.map(([name, other]): Rename => ({ kind: 'column', table: owner, from: name, to: other })),
        );
      }),
    );
    return columns.map((own) => [...renames, ...own.flat()]);
  });
}

function tableBefore(table: TableName, renames: readonly Rename[]): TableName {
  const own = renames.filter((rename) => rename.kind === 'table' && rename.from.namespace === table.namespace);
  const found = own.find((rename) => rename.to === table.name);
  if (found?.kind === 'table') return found.from;
  // Somebody else's new name, or one that was given up.
  const isGivenUp = own.some((rename) => rename.kind === 'table' && rename.from.name === table.name);
  return isGivenUp ? { namespace: table.namespace, name: '' } : table;
}

function namesIn(schema: Schema, namespace: string | null): string[] {
  return schema.tables.filter((table) => table.namespace === namespace).map(({ name }) => name);
}

/** Some names of each side, each once. */
function pairs(from: readonly string[], to: readonly string[]): fc.Arbitrary<[string, string][]> {
  return fc
    .tuple(fc.shuffledSubarray([...from]), fc.shuffledSubarray([...to]), fc.boolean())
    .map(([left, right, isRename]) =>
      isRename
        ? left
            .slice(0, right.length)
            .map((name, at): [string, string] => [name, right[at] ?? ''])
            .filter(([name, other]) => name !== other)
        : [],
    );
}

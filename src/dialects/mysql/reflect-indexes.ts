import type { Row } from '../../engine/connection.js';
import type { Index, IndexPart, PrimaryKey } from '../../schema/table.js';
import { byName } from '../normalise-schema.js';
import { flagOf, groupRows, numberOf, textOf, textOrNull } from '../row.js';
import type { ShownIndex } from './show-create.js';
import { readExpression, unescapeCatalogText } from './spelling.js';

export interface ReadIndexes {
  readonly primaryKey: PrimaryKey | null;
  /** All others, unique ones too. */
  readonly others: Index[];
}

/** The rows of one table, a row for each part, and what SHOW CREATE TABLE says besides. */
export function readIndexes(rows: readonly Row[], shown: readonly ShownIndex[]): ReadIndexes {
  const said = new Map(shown.map((index) => [index.name, index]));
  const { method = null, storage = {} } = said.get('PRIMARY') ?? {};
  const groups = groupRows(rows, 'name');
  const key = groups.get('PRIMARY');
  groups.delete('PRIMARY');
  return {
    primaryKey:
      key === undefined
        ? null
        : {
            kind: 'primaryKey',
            name: null,
            columns: inOrder(key, storage).map((row) => textOf(row, 'column_name')),
            ...(Object.keys(storage).length === 0 ? {} : { storage }),
            ...(method === null ? {} : { method }),
            ...partsOf(key.map((row) => readPart(row, false))),
            ...(textOf(key[0] ?? {}, 'comment') === '' ? {} : { comment: textOf(key[0] ?? {}, 'comment') }),
          },
    others: [...groups.values()].map((parts) => readIndex(parts, said)).sort(byName),
  };
}

/** Only the columns of which a part counts, or that are sorted from the end. */
function partsOf(parts: readonly IndexPart[]): Pick<PrimaryKey, 'lengths' | 'descending'> {
  const columns = parts.flatMap(({ expression, ...part }) =>
    expression.kind === 'column' ? [{ ...part, name: expression.name }] : [],
  );
  const lengths = columns.flatMap(({ name, length }): [string, number][] => (length === null ? [] : [[name, length]]));
  const descending = columns.filter((part) => part.descending).map(({ name }) => name);
  return {
    ...(lengths.length === 0 ? {} : { lengths: Object.fromEntries(lengths) }),
    ...(descending.length === 0 ? {} : { descending }),
  };
}

/** A key without overlaps ends with the end of the period, and then its start. */
function inOrder(rows: readonly Row[], { withoutOverlaps }: Readonly<Record<string, string>>): readonly Row[] {
  return withoutOverlaps === undefined ? rows : [...rows.slice(0, -2), ...rows.slice(-2).toReversed()];
}

function readIndex(rows: readonly Row[], said: ReadonlyMap<string, ShownIndex>): Index {
  const row = rows[0] ?? {};
  const [name, kind, comment] = [textOf(row, 'name'), textOf(row, 'method').toLowerCase(), textOf(row, 'comment')];
  const { method = null, storage = {} } = said.get(name) ?? {};
  return {
    name,
    unique: !flagOf(row, 'non_unique'),
    // The part length that a SPATIAL index shows is its own.
    parts: inOrder(rows, storage).map((part) => readPart(part, kind === 'spatial')),
    where: null,
    // The catalog also names a method that nobody said: an engine's usual one, such as MEMORY's `hash`.
    method: kind === 'btree' || kind === 'hash' ? method : kind,
    definition: null,
    ...(Object.keys(storage).length === 0 ? {} : { storage }),
    ...(textOf(row, 'visible') === 'NO' ? { invisible: true } : {}),
    ...(comment === '' ? {} : { comment }),
  };
}

function readPart(row: Row, isSpatial: boolean): IndexPart {
  const column = textOrNull(row, 'column_name');
  const hasLength = !isSpatial && textOrNull(row, 'length') !== null;
  return {
    expression:
      column === null
        ? readExpression(unescapeCatalogText(textOf(row, 'expression')))
        : { kind: 'column', name: column },
    descending: textOf(row, 'direction') === 'D',
    length: hasLength ? numberOf(row, 'length') : null,
  };
}

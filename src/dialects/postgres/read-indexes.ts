/** Rows of `catalog.indexesOf` as indexes; keys that say nothing special are absent. */
import type { Row } from '../../engine/connection.js';
import { verbatim } from '../../schema/expressions/expression.js';
import type { Index, IndexPart } from '../../schema/table.js';
import { flagOf, listOf, textOf, textOrNull, textsOf } from '../row.js';

/** `columns` are those of its keys, `null` for an expression, and behind them what it includes. */
export function readIndex(row: Row, columns: readonly (string | null)[]): Index {
  const predicate = textOrNull(row, 'predicate');
  const comment = textOrNull(row, 'comment');
  const size = Number(row['size'] ?? columns.length);
  const include = columns.slice(size).filter((column) => column !== null);
  const storage = readStorage(row);
  return {
    name: textOf(row, 'name'),
    unique: flagOf(row, 'is_unique'),
    parts: readParts(row, columns.slice(0, size)),
    where: predicate === null ? null : verbatim(predicate),
    method: textOrNull(row, 'method'),
    definition: null,
    ...(include.length === 0 ? {} : { include }),
    ...(flagOf(row, 'nulls_not_distinct') ? { nullsNotDistinct: true as const } : {}),
    ...(flagOf(row, 'invalid') ? { invalid: true as const } : {}),
    ...(storage === null ? {} : { storage }),
    ...readOnly(row),
    ...(flagOf(row, 'inherited') ? { inherited: true as const } : {}),
    ...(comment === null ? {} : { comment }),
  };
}

/** Of an index of a partitioned table that some partitions have no part of. */
export function readOnly(row: Row): { readonly only?: readonly string[] } {
  return Array.isArray(row['only']) ? { only: textsOf(row, 'only') } : {};
}

/** `{fillfactor=70,tablespace=fast}`; `null` where there are none. */
export function readStorage(row: Row): Readonly<Record<string, string>> | null {
  const storage = textsOf(row, 'storage').map((option): [string, string] => {
    const at = option.indexOf('=');
    return [option.slice(0, at), option.slice(at + 1)];
  });
  return storage.length === 0 ? null : Object.fromEntries(storage);
}

/** pg_index.indoption: bit 0 is DESC, bit 1 NULLS FIRST; the usual pairs are 0 and 3. */
export function readParts(row: Row, columns: readonly (string | null)[]): IndexPart[] {
  const texts = listOf(row, 'texts');
  const options = textOf(row, 'options').split(' ').map(Number);
  const opclasses = listOf(row, 'opclasses');
  const collations = listOf(row, 'collations');
  return columns.map((column, i): IndexPart => {
    const option = options[i] ?? 0;
    const [opclass = null, collation = null] = [opclasses[i], collations[i]];
    return {
      expression: column === null ? verbatim(texts[i] ?? '') : { kind: 'column', name: column },
      descending: (option & 1) === 1,
      length: null,
      ...(option === 1 ? { nulls: 'last' as const } : option === 2 ? { nulls: 'first' as const } : {}),
      ...(opclass === null ? {} : { opclass }),
      ...(collation === null ? {} : { collation }),
    };
  });
}

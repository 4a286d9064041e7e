import type { IndexPart } from '../../schema/table-index.js';
import { type Doc, quote } from './document.js';
import { type Imports, renderExpr } from './render-expression.js';

/** `'name'`, or `sql\`lower(name)\`.desc().nullsLast()`: a key of an index, an element of an exclusion constraint. */
export function renderIndexPart(part: IndexPart, imports: Imports): Doc {
  const { expression, descending, nulls, opclass, collation } = part;
  const more = [
    nulls === undefined ? '' : nulls === 'first' ? '.nullsFirst()' : '.nullsLast()',
    collation === undefined ? '' : `.collate(${quote(collation)})`,
    opclass === undefined ? '' : `.opclass(${quote(opclass)})`,
  ].join('');
  if (more === '' && !descending && expression.kind === 'column') return quote(expression.name);
  const direction = descending ? '.desc()' : more === '' ? '' : '.asc()';
  return `${renderExpr(expression, imports)}${direction}${more}`;
}

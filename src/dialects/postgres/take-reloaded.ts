/**
 * A dump writes an expression as PostgreSQL prints it, and PostgreSQL may print what it reads back from that otherwise:
 * `kind IN ('a', 'b')` of a varchar gets its casts in another place. A database that came out of a dump is no other for it.
 */
import { verbatim, type VerbatimExpression } from '../../schema/expressions/expression.js';
import { findTable, type Schema, type Table } from '../../schema/table.js';
import { tablesInDoubt, takeSpelling, withoutKnownSpellings } from '../expression-differences.js';

/** Tables as PostgreSQL prints them after reading them; `null` where it refuses one. */
export type Reload = (tables: readonly Table[], schema: Schema) => Promise<readonly Table[] | null>;

/** The tables, with the live expression wherever it and their own become the same once they are read again. */
export async function takeReloaded(wanted: Schema, live: Schema, reload: Reload): Promise<Schema> {
  const pairs = tablesInDoubt(wanted, live).flatMap((table) => {
    const known = findTable(live, table);
    return known === undefined ? [] : [{ table, known }];
  });
  if (pairs.length === 0) return wanted;
  const again = await reload(
    pairs.map(({ table }) => asDumped(withoutKnownSpellings(table, live))),
    wanted,
  );
  const liveAgain = await reload(
    pairs.map(({ known }) => asDumped(withoutKnownSpellings(known, wanted))),
    live,
  );
  if (again === null || liveAgain === null) return wanted;
  const settled = new Map(
    pairs.map(({ table, known }, i) => {
      const [own, other] = [takeSpelling(table, again[i] ?? table), takeSpelling(known, liveAgain[i] ?? known)];
      return [table, takeWhereSame(table, own, known, other)];
    }),
  );
  return { ...wanted, tables: wanted.tables.map((table) => settled.get(table) ?? table) };
}

/** `wanted`, with the parts of `live` of which the two copies, read again, say the same. */
function takeWhereSame(wanted: Table, wantedAgain: Table, live: Table, liveAgain: Table): Table {
  const take = <T extends { readonly name: string | null }>(of: (table: Table) => readonly T[]): T[] =>
    of(wanted).map((part, i) => {
      const at = of(live).findIndex(({ name }) => name === part.name);
      const known = of(live)[at];
      return known !== undefined && isSame(of(wantedAgain)[i], of(liveAgain)[at]) ? known : part;
    });
  const columns = wanted.columns.map((column, i) => {
    const at = live.columns.findIndex(({ name }) => name === column.name);
    const [known, own, other] = [live.columns[at], wantedAgain.columns[i], liveAgain.columns[at]];
    if (known === undefined || own === undefined || other === undefined) return column;
    return {
      ...column,
      default: isSame(own.default, other.default) ? known.default : column.default,
      generated: isSame(own.generated, other.generated) ? known.generated : column.generated,
    };
  });
  return {
    ...wanted,
    columns,
    checks: take(({ checks }) => checks),
    indexes: take(({ indexes }) => indexes),
    ...(wanted.exclusions === undefined ? {} : { exclusions: take(({ exclusions = [] }) => exclusions) }),
  };
}

/** As a dump has it: the space leaves the cast of an array to PostgreSQL, which `keepArrayTypes` would keep as it was printed. */
function asDumped(table: Table): Table {
  const dump = (text: string): string =>
    text.replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\]\)::/g, (found) => (found === '])::' ? ']) ::' : found));
  return JSON.parse(JSON.stringify(table), (_key, value: unknown) =>
    isVerbatim(value) ? verbatim(dump(value.text)) : value,
  ) as Table;
}

function isVerbatim(value: unknown): value is VerbatimExpression {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'verbatim';
}

/** What the models wrote is kept beside an expression, and says nothing of the database. */
function isSame(one: unknown, other: unknown): boolean {
  const text = (part: unknown): string =>
    JSON.stringify(part ?? null, (key, value: unknown) => (key === 'source' ? undefined : value));
  return text(one) === text(other);
}

/**
 * What a database has, in one look at each large catalog: of the queries of `catalog.ts` most would find nothing, and to plan
 * one takes the server longer than that. Run under `search_path = ''`.
 */
import type { Row } from '../../../engine/connection.js';
import { flagOf, listOf } from '../../row.js';
import { ODD_ATTRIBUTE } from '../catalog.js';
import type { Part } from './catalog-part.js';

export const presenceOf = (parts: readonly Part[]): string => `
WITH home AS MATERIALIZED (SELECT array_agg(n.oid) AS oids FROM pg_namespace n WHERE n.nspname = ANY ($1)),
relations AS MATERIALIZED (
  SELECT bool_or(c.relkind = 'c') AS composites, bool_or(c.relkind IN ('v', 'm')) AS views, bool_or(c.relkind = 'm') AS materialized,
         bool_or(c.relacl IS NOT NULL) AS granted
  FROM pg_class c, home WHERE (c.relkind IN ('c', 'v', 'm') OR c.relacl IS NOT NULL) AND c.relnamespace = ANY (home.oids)),
types AS MATERIALIZED (
  SELECT bool_or(t.typtype = 'e') AS enums, bool_or(t.typtype = 'd') AS domains, bool_or(t.typtype = 'r') AS ranges,
         bool_or(t.typacl IS NOT NULL) AS granted
  FROM pg_type t, home WHERE (t.typtype IN ('e', 'd', 'r') OR t.typacl IS NOT NULL) AND t.typnamespace = ANY (home.oids)),
attributes AS MATERIALIZED (
  SELECT bool_or(a.attacl IS NOT NULL) AS granted, bool_or(${ODD_ATTRIBUTE}) AS odd
  FROM pg_attribute a WHERE a.attrelid >= 16384 AND (${ODD_ATTRIBUTE} OR a.attacl IS NOT NULL))
SELECT ARRAY[${parts.map(({ isThere }) => isThere).join(',\n  ')}] AS parts, attributes.odd,
  EXISTS (SELECT FROM pg_constraint o WHERE o.contype = 'x') AS exclusions
FROM home, relations, types, attributes`;

export interface Presence {
  /** The parts that may find something. */
  readonly parts: readonly Part[];
  /** True where some column or index has another collation than the usual ones, or options. */
  readonly hasOdd: boolean;
  readonly hasExclusions: boolean;
}

/** Reads the row of `presenceOf`. */
export function readPresence([row = {}]: readonly Row[], parts: readonly Part[]): Presence {
  const found = listOf(row, 'parts');
  return {
    parts: parts.filter((_, i) => found[i] === 'true'),
    hasOdd: flagOf(row, 'odd'),
    hasExclusions: flagOf(row, 'exclusions'),
  };
}

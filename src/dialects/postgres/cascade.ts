/** What DROP ... CASCADE takes along, asked beforehand: the server itself only says so when it is gone. */
import type { Connection } from '../../engine/connection.js';
import type { CascadeDrop, TakenAlong } from '../dialect.js';
import { textOf, textOrNull } from '../row.js';

/** The oid and the catalog of what a name means, by the words behind DROP. `$1` is the name as SQL writes it. */
const ROOTS: Readonly<Record<CascadeDrop['kind'], string>> = {
  TYPE: `SELECT 'pg_type'::regclass AS classid, to_regtype($1)::oid AS objid`,
  TABLE: `SELECT 'pg_class'::regclass AS classid, to_regclass($1)::oid AS objid`,
  SCHEMA: `SELECT 'pg_namespace'::regclass AS classid, to_regnamespace($1)::oid AS objid`,
  EXTENSION: `SELECT 'pg_extension'::regclass AS classid, oid AS objid FROM pg_extension WHERE ARRAY[extname::text] = parse_ident($1)`,
  COLLATION: `
    SELECT 'pg_collation'::regclass AS classid, c.oid AS objid FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace
    WHERE ARRAY[n.nspname::text, c.collname::text] = parse_ident($1)
       OR ARRAY[c.collname::text] = parse_ident($1) AND pg_collation_is_visible(c.oid)`,
  OWNED: `
    SELECT 'pg_class'::regclass AS classid, c.oid AS objid FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
    WHERE r.rolname = CASE WHEN lower($1) IN ('current_user', 'session_user', 'current_role') THEN current_user
                           ELSE (parse_ident($1))[1] END`,
};

/**
 * Tables and columns that hold rows of their own and depend on it, through as many types and objects as there are between. A
 * composite type that loses an attribute is said by the columns that are made of it.
 * https://www.postgresql.org/docs/current/catalog-pg-depend.html
 */
const taken = (root: string): string => `
WITH RECURSIVE root AS (${root}), gone (classid, objid, objsubid) AS (
  SELECT classid::oid, objid, 0 FROM root WHERE objid IS NOT NULL
  UNION
  SELECT d.classid, d.objid, d.objsubid FROM gone g
  JOIN pg_depend d ON d.refclassid = g.classid AND d.refobjid = g.objid AND (g.objsubid = 0 OR d.refobjsubid = g.objsubid)
), relation AS (
  SELECT c.oid, c.relkind, c.reltype, g.objsubid FROM gone g JOIN pg_class c ON c.oid = g.objid
  WHERE g.classid = 'pg_class'::regclass
), found (oid, attnum) AS (
  SELECT oid, objsubid FROM relation WHERE relkind IN ('r', 'p')
  UNION
  SELECT a.attrelid, a.attnum FROM relation r JOIN pg_attribute a ON a.atttypid = r.reltype AND NOT a.attisdropped
  WHERE r.relkind = 'c' AND r.objsubid <> 0
)
SELECT NULLIF(n.nspname, current_schema()) AS namespace, c.relname AS name, a.attname AS column
FROM found f JOIN pg_class c ON c.oid = f.oid AND c.relkind IN ('r', 'p') JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_attribute a ON a.attrelid = f.oid AND a.attnum = f.attnum AND f.attnum <> 0
WHERE COALESCE(a.attgenerated, '') = '' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
  AND NOT EXISTS (SELECT FROM found w WHERE w.oid = f.oid AND w.attnum = 0 AND f.attnum <> 0)
  AND NOT EXISTS (SELECT FROM pg_inherits i JOIN found w ON w.oid = i.inhparent AND w.attnum IN (0, f.attnum)
                  WHERE i.inhrelid = f.oid AND c.relispartition)
ORDER BY 1 NULLS FIRST, 2, 3`;

export async function readCascade(connection: Connection, { kind, name }: CascadeDrop): Promise<TakenAlong> {
  const root = ROOTS[kind];
  const { rows: known } = await connection.execute(`SELECT objid FROM (${root}) AS root WHERE objid IS NOT NULL`, [
    name,
  ]);
  const { rows } = await connection.execute(taken(root), [name]);
  return {
    isKnown: known.length > 0,
    parts: rows.map((row) => ({
      table: { namespace: textOrNull(row, 'namespace'), name: textOf(row, 'name') },
      column: textOrNull(row, 'column'),
    })),
  };
}

/** The catalog queries of reflection: a fixed number, whatever the number of tables. Run under `search_path = ''`. */

/** Where we are: the default namespace, and what to restore afterwards. */
export const SETTINGS: string = `
SELECT current_schema() AS namespace, current_setting('search_path') AS path,
       has_database_privilege(current_database(), 'CREATE') AS may_create,
       -- All but the server's own: pg_catalog, pg_toast, temporary ones.
       ARRAY(SELECT nspname::text FROM pg_namespace
             WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema' ORDER BY nspname) AS namespaces`;

/** Objects of an extension belong to the extension: pg_depend, deptype 'e'. */
const NOT_OF_EXTENSION = (catalog: string, oid: string): string =>
  `NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '${catalog}'::regclass AND e.objid = ${oid} AND e.deptype = 'e')`;

/** `obj_description` is a function in SQL, which the server starts anew for every row. */
const COMMENT = (catalog: string, oid: string): string =>
  `(SELECT cm.description FROM pg_description cm WHERE cm.objoid = ${oid} AND cm.classoid = '${catalog}'::regclass AND cm.objsubid = 0)`;

export const TABLES: string = `
SELECT c.oid::text AS oid, n.nspname AS namespace, c.relname AS name, ${COMMENT('pg_class', 'c.oid')} AS comment,
       c.relpersistence AS persistence,
       CASE WHEN toast.reloptions IS NULL THEN c.reloptions
            ELSE c.reloptions || (SELECT array_agg('toast.' || o) FROM unnest(toast.reloptions) o) END AS storage, c.relrowsecurity AS row_security, c.relforcerowsecurity AS forced,
       c.relreplident AS identity, NULLIF(am.amname, 'heap') AS method, ts.spcname AS tablespace,
       CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS partition_by, pg_get_expr(c.relpartbound, c.oid) AS bound,
       (SELECT array_agg(h.inhparent::text ORDER BY h.inhseqno) FROM pg_inherits h WHERE h.inhrelid = c.oid) AS parents,
       (SELECT array_agg(h.inhparent::regclass::text ORDER BY h.inhseqno) FROM pg_inherits h WHERE h.inhrelid = c.oid) AS parent_names
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_class toast ON toast.oid = c.reltoastrelid
LEFT JOIN pg_am am ON am.oid = c.relam LEFT JOIN pg_tablespace ts ON ts.oid = c.reltablespace
WHERE c.relkind IN ('r', 'p') AND n.nspname = ANY($1)
  AND ${NOT_OF_EXTENSION('pg_class', 'c.oid')}
ORDER BY n.nspname, c.relname`;

const TABLE_OIDS = `
  SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND n.nspname = ANY($1)`;

/** `major` is the server's version: a row as JSON would do without it, and takes as long as all the rest. */
export const columnsOf = (major: number): string => `
SELECT a.attrelid::text AS table_oid, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
       a.attnotnull AS not_null, pg_get_expr(d.adbin, d.adrelid) AS default_text,
       a.attidentity AS identity, a.attgenerated AS generated,
       CASE WHEN a.attcollation <> t.typcollation THEN
         CASE WHEN coln.nspname IN ('pg_catalog', $2) THEN col.collname::text
              ELSE '"' || replace(coln.nspname, '"', '""') || '"."' || replace(col.collname, '"', '""') || '"' END END AS collation,
       cm.description AS comment, a.attislocal AS local,
       CASE WHEN nn.conname <> left(r.relname || '_' || a.attname || '_not_null', 63) THEN nn.conname END AS not_null_name, a.attstorage AS storage,
       a.attstorage <> t.typstorage AS stored_otherwise, ${major >= 14 ? 'a.attcompression::text' : 'NULL'} AS compression,
       NULLIF(a.attstattarget, -1)::text AS statistics, a.attoptions AS options,
       CASE WHEN t.typtype = 'e' THEN tn.nspname END AS enum_namespace,
       CASE WHEN t.typtype = 'e' THEN t.typname END AS enum_name,
       a.attnum AS position
FROM pg_attribute a
JOIN pg_type t ON t.oid = a.atttypid
JOIN pg_namespace tn ON tn.oid = t.typnamespace
JOIN pg_class r ON r.oid = a.attrelid
LEFT JOIN pg_constraint nn ON nn.conrelid = a.attrelid AND nn.contype = 'n' AND nn.conkey = ARRAY[a.attnum]
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN pg_collation col ON col.oid = a.attcollation
LEFT JOIN pg_namespace coln ON coln.oid = col.collnamespace
LEFT JOIN pg_description cm ON cm.objoid = a.attrelid AND cm.classoid = 'pg_class'::regclass AND cm.objsubid = a.attnum
WHERE a.attrelid IN (${TABLE_OIDS}) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum`;

/** All sequences, with the column that each belongs to: deptype 'a' for serial and OWNED BY, 'i' for identity. */
export const SEQUENCES: string = `
SELECT c.oid::text AS oid, n.nspname AS namespace, c.relname AS name, format_type(s.seqtypid, NULL) AS type,
       s.seqstart::text AS start, s.seqincrement::text AS increment, s.seqmin::text AS min, s.seqmax::text AS max,
       s.seqcache::text AS cache, s.seqcycle AS cycle, ${COMMENT('pg_class', 'c.oid')} AS comment,
       d.deptype AS dependency, d.refobjid::text AS table_oid, a.attname AS column,
       tn.nspname AS table_namespace, t.relname AS table_name
FROM pg_sequence s
JOIN pg_class c ON c.oid = s.seqrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refobjsubid > 0
  AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
LEFT JOIN pg_class t ON t.oid = d.refobjid
LEFT JOIN pg_namespace tn ON tn.oid = t.relnamespace
LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
WHERE n.nspname = ANY($1) AND ${NOT_OF_EXTENSION('pg_class', 'c.oid')}
ORDER BY n.nspname, c.relname`;

/** Since PostgreSQL 18 NOT NULL stands in pg_constraint too (contype 'n'): not a constraint of ours. */
export const constraintsOf = (major: number): string => `
SELECT con.conrelid::text AS table_oid, con.conname AS name, con.contype AS type,
       (SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(con.conkey) WITH ORDINALITY k(attnum, n)
        JOIN pg_attribute a ON a.attrelid = con.conrelid AND a.attnum = k.attnum) AS columns,
       tn.nspname AS target_namespace, tc.relname AS target_name,
       (SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(con.confkey) WITH ORDINALITY k(attnum, n)
        JOIN pg_attribute a ON a.attrelid = con.confrelid AND a.attnum = k.attnum) AS target_columns,
       con.confdeltype AS on_delete, con.confupdtype AS on_update, con.condeferrable AS deferrable,
       con.condeferred AS deferred, (con.conparentid <> 0 OR NOT con.conislocal) AS inherited,
       con.conparentid = 0 AND EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = con.conindid) AS backs_index, pg_get_expr(con.conbin, con.conrelid) AS expression,
       ${major >= 18 ? 'con.conperiod' : 'false'} AS period, con.convalidated AS valid, i.indisclustered AS clustered, i.indisreplident AS replica_identity, con.connoinherit AS no_inherit, con.confmatchtype AS match,
       ${COMMENT('pg_constraint', 'con.oid')} AS comment,
       (SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(i.indkey) WITH ORDINALITY k(attnum, n)
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum WHERE k.n > i.indnkeyatts) AS include,
       ${major >= 15 ? 'COALESCE(i.indnullsnotdistinct, false)' : 'false'} AS nulls_not_distinct,
       CASE WHEN con.contype = 'x' THEN am.amname END AS method,
       CASE WHEN con.contype = 'x' THEN pg_get_expr(i.indpred, i.indrelid) END AS predicate,
       CASE WHEN con.contype = 'x' THEN
         (SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(i.indkey) WITH ORDINALITY k(attnum, n)
          LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum AND k.attnum <> 0
          WHERE k.n <= i.indnkeyatts) END AS element_columns,
       CASE WHEN con.contype = 'x' THEN
         (SELECT array_agg(pg_get_indexdef(i.indexrelid, k.n::int, false) ORDER BY k.n)
          FROM generate_series(1, i.indnkeyatts) k(n)) END AS element_texts,
       (SELECT array_agg(CASE WHEN n.nspname = 'pg_catalog' THEN o.oprname::text
                              ELSE format('OPERATOR(%I.%s)', n.nspname, o.oprname) END ORDER BY k.n)
        FROM unnest(con.conexclop) WITH ORDINALITY k(oid, n)
        JOIN pg_operator o ON o.oid = k.oid JOIN pg_namespace n ON n.oid = o.oprnamespace) AS operators,
       CASE WHEN con.contype = 'x' THEN
         (SELECT array_agg(CASE WHEN c.opcdefault THEN NULL WHEN n.nspname = 'pg_catalog' THEN quote_ident(c.opcname)
                                ELSE format('%I.%I', n.nspname, c.opcname) END ORDER BY k.n)
          FROM unnest(i.indclass) WITH ORDINALITY k(oid, n)
          JOIN pg_opclass c ON c.oid = k.oid JOIN pg_namespace n ON n.oid = c.opcnamespace) END AS opclasses
FROM pg_constraint con
LEFT JOIN pg_class tc ON tc.oid = con.confrelid
LEFT JOIN pg_namespace tn ON tn.oid = tc.relnamespace
LEFT JOIN pg_index i ON i.indexrelid = con.conindid AND con.contype IN ('p', 'u', 'x')
LEFT JOIN pg_class ic ON ic.oid = i.indexrelid
LEFT JOIN pg_am am ON am.oid = ic.relam
WHERE con.conrelid IN (${TABLE_OIDS}) AND con.contype IN ('p', 'u', 'f', 'c', 'x')
ORDER BY con.conrelid, con.conname`;

/** What an operator class is told for one column of an index, as pg_get_indexdef prints it. */
const PARAMETERS = `(SELECT ' (' || string_agg(quote_ident(split_part(o.text, '=', 1)) || '='
                                    || quote_literal(substr(o.text, strpos(o.text, '=') + 1)), ', ') || ')'
                                  FROM pg_attribute ia, unnest(ia.attoptions) o(text)
                                  WHERE ia.attrelid = i.indexrelid AND ia.attnum = k.n)`;

/** An expression has the collation of its columns, or one that is said behind it. */
const SAYS_COLLATION = `strpos(pg_get_indexdef(i.indexrelid), pg_get_indexdef(i.indexrelid, k.n::int, false) || ' COLLATE ') > 0`;

/**
 * Indexes that no constraint owns. `definition` of those that are more than the other fields can say. What is looked up for each stands in
 * a subquery by oid: joined, the planner reads all collations and operator classes once for every index.
 */
export const indexesOf = (major: number): string => `
SELECT i.indrelid::text AS table_oid, c.relname AS name, i.indisunique AS is_unique, i.indisvalid AS valid, am.amname AS method,
       pg_get_expr(i.indpred, i.indrelid) AS predicate, CASE WHEN special.exotic THEN pg_get_indexdef(i.indexrelid) END AS definition,
       ${COMMENT('pg_class', 'c.oid')} AS comment, i.indisclustered AS clustered, i.indisreplident AS replica_identity,
       EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = i.indexrelid) AS inherited,
       (SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(i.indkey) WITH ORDINALITY k(attnum, n)
        LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum AND k.attnum <> 0
        WHERE k.n <= i.indnkeyatts) AS columns,
       CASE WHEN i.indexprs IS NOT NULL THEN
         (SELECT array_agg(pg_get_indexdef(i.indexrelid, k.n::int, false) ORDER BY k.n)
          FROM generate_series(1, i.indnkeyatts) k(n)) END AS texts,
       (SELECT array_agg(o.option::int ORDER BY o.n) FROM unnest(i.indoption) WITH ORDINALITY o(option, n)) AS options,
       (SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(i.indkey) WITH ORDINALITY k(attnum, n)
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum WHERE k.n > i.indnkeyatts) AS include,
       ${major >= 15 ? 'COALESCE(i.indnullsnotdistinct, false)' : 'false'} AS nulls_not_distinct,
       c.reloptions AS storage,
       (SELECT array_agg((SELECT CASE WHEN oc.opcdefault AND p.parameters IS NULL THEN NULL
                                      WHEN n.nspname = 'pg_catalog' THEN quote_ident(oc.opcname) || COALESCE(p.parameters, '')
                                      ELSE format('%I.%I', n.nspname, oc.opcname) || COALESCE(p.parameters, '') END
                          FROM (SELECT CASE WHEN special.parametric THEN ${PARAMETERS} END AS parameters) p, pg_opclass oc JOIN pg_namespace n ON n.oid = oc.opcnamespace WHERE oc.oid = k.oid) ORDER BY k.n)
        FROM unnest(i.indclass) WITH ORDINALITY k(oid, n)) AS opclasses,
       (SELECT array_agg(CASE WHEN k.coll = 0 OR (k.attnum = 0 AND (k.coll = 100 OR NOT ${SAYS_COLLATION}))
                                OR k.coll = (SELECT a.attcollation FROM pg_attribute a
                                   WHERE a.attrelid = i.indrelid AND a.attnum = k.attnum) THEN NULL
                              ELSE (SELECT CASE WHEN n.nspname = 'pg_catalog' THEN quote_ident(co.collname)
                                                ELSE format('%I.%I', n.nspname, co.collname) END
                                    FROM pg_collation co JOIN pg_namespace n ON n.oid = co.collnamespace WHERE co.oid = k.coll)
                         END ORDER BY k.n)
        FROM unnest(i.indcollation, i.indkey) WITH ORDINALITY k(coll, attnum, n) WHERE k.n <= i.indnkeyatts) AS collations
FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_am am ON am.oid = c.relam
CROSS JOIN LATERAL (SELECT c.reltablespace <> 0 AS exotic,
        EXISTS (SELECT FROM pg_attribute ia WHERE ia.attrelid = i.indexrelid AND ia.attoptions IS NOT NULL) AS parametric) special
WHERE i.indrelid IN (${TABLE_OIDS})
  AND NOT EXISTS (SELECT FROM pg_constraint con WHERE con.conindid = i.indexrelid AND con.contype IN ('p', 'u', 'x'))
ORDER BY i.indrelid, c.relname`;

export const ENUMS: string = `
SELECT t.oid::text AS oid, n.nspname AS namespace, t.typname AS name,
       (SELECT array_agg(e.enumlabel::text ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid) AS values
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE t.typtype = 'e' AND n.nspname = ANY($1) AND ${NOT_OF_EXTENSION('pg_type', 't.oid')}
ORDER BY n.nspname, t.typname`;

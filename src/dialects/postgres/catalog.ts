/** The catalog queries of reflection: a fixed number, whatever the number of tables. Run under `search_path = ''`. */

/** Where we are: the default namespace, and what to restore afterwards. */
export const SETTINGS: string = `
SELECT current_schema() AS namespace, current_setting('search_path') AS path,
       has_database_privilege(current_database(), 'CREATE') AS may_create,
       -- All but the server's own: pg_catalog, pg_toast, temporary ones.
       ARRAY(SELECT nspname::text FROM pg_namespace
             WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema' ORDER BY nspname) AS namespaces`;

/**
 * Objects of an extension belong to the extension: pg_depend, deptype 'e'. Without a reference to the row outside, so that
 * the server asks once for all rows.
 */
const NOT_OF_EXTENSION = (catalog: string, oid: string): string =>
  `${oid} NOT IN (SELECT e.objid FROM pg_depend e
    WHERE e.refclassid = 'pg_extension'::regclass AND e.classid = '${catalog}'::regclass AND e.deptype = 'e')`;

/** `obj_description` is a function in SQL, which the server starts anew for every row. */
const COMMENT = (catalog: string, oid: string): string =>
  `(SELECT cm.description FROM pg_description cm WHERE cm.objoid = ${oid} AND cm.classoid = '${catalog}'::regclass AND cm.objsubid = 0)`;

/** Storage parameters of an index, and its tablespace behind them where that is another than the database's. */
const STORAGE = (index: string): string =>
  `${index}.reloptions || CASE WHEN ${index}.reltablespace <> 0 THEN
         (SELECT ARRAY['tablespace=' || ts.spcname] FROM pg_tablespace ts WHERE ts.oid = ${index}.reltablespace) END`;

/** Known to hang on a parent: partitions and what inherits, tables and indexes alike. */
const HAS_PARENT = (oid: string): string => `${oid} IN (SELECT h.inhrelid FROM pg_inherits h)`;

/** Of an index of a partitioned table that is not valid: the indexes of partitions that are parts of it. */
const ONLY = (index: string): string =>
  `CASE WHEN ${index}.relkind = 'I' AND NOT i.indisvalid THEN ARRAY(
         SELECT format('%I.%I', pn.nspname, pc.relname) FROM pg_inherits h JOIN pg_class pc ON pc.oid = h.inhrelid
         JOIN pg_namespace pn ON pn.oid = pc.relnamespace WHERE h.inhparent = ${index}.oid ORDER BY 1) END`;

export const TABLES: string = `
SELECT c.oid::text AS oid, n.nspname AS namespace, c.relname AS name,
       -- Of the table, as number 0, and of its columns: one look a table instead of one a column.
       (SELECT json_object_agg(cm.objsubid, cm.description) FROM pg_description cm
        WHERE cm.objoid = c.oid AND cm.classoid = 'pg_class'::regclass) AS comments,
       c.relpersistence AS persistence,
       CASE WHEN toast.reloptions IS NULL THEN c.reloptions
            ELSE c.reloptions || (SELECT array_agg('toast.' || o) FROM unnest(toast.reloptions) o) END AS storage, c.relrowsecurity AS row_security, c.relforcerowsecurity AS forced,
       c.relreplident AS identity, NULLIF(am.amname, 'heap') AS method, ts.spcname AS tablespace,
       CASE WHEN c.reloftype <> 0 THEN c.reloftype::regtype::text END AS of_type,
       CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS partition_by, pg_get_expr(c.relpartbound, c.oid) AS bound,
       CASE WHEN ${HAS_PARENT('c.oid')} THEN
         (SELECT array_agg(h.inhparent::text ORDER BY h.inhseqno) FROM pg_inherits h WHERE h.inhrelid = c.oid) END AS parents,
       CASE WHEN ${HAS_PARENT('c.oid')} THEN
         (SELECT array_agg(h.inhparent::regclass::text ORDER BY h.inhseqno) FROM pg_inherits h WHERE h.inhrelid = c.oid) END AS parent_names
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_class toast ON toast.oid = c.reltoastrelid
LEFT JOIN pg_am am ON am.oid = c.relam LEFT JOIN pg_tablespace ts ON ts.oid = c.reltablespace
WHERE c.relkind IN ('r', 'p') AND n.nspname = ANY($1)
  AND ${NOT_OF_EXTENSION('pg_class', 'c.oid')}
ORDER BY n.nspname, c.relname`;

/** First of all: joined in the end, the planner looks up every column and index of the server's own tables as well. */
const WANTED = `
wanted AS MATERIALIZED (
  SELECT c.oid, c.relname FROM pg_class c
  WHERE c.relkind IN ('r', 'p') AND c.relnamespace = ANY (ARRAY(SELECT n.oid FROM pg_namespace n WHERE n.nspname = ANY ($1))))`;

/**
 * `major` is the server's version: a row as JSON would do without it, and takes as long as all the rest. What few columns
 * have stands in one value, `rare`: each field of 10,000 rows is a millisecond of ours.
 */
export const columnsOf = (major: number): string => {
  const compression = major >= 14 ? `NULLIF(a.attcompression, '')::text` : 'NULL::text';
  const statistics = 'NULLIF(a.attstattarget, -1)::text';
  // Since PostgreSQL 18 NOT NULL has a name, which says something where it is not the usual one.
  const usualName = `left(r.relname || '_' || a.attname || '_not_null', 63)`;
  const notNullName = major >= 18 ? `NULLIF(nn.conname::text, ${usualName})` : 'NULL::text';
  const isOdd = major >= 18 ? 'nn.oid IS NOT NULL' : 'a.attnotnull AND a.attinhcount > 0';
  // Before, a table above that takes no NULL leaves no choice.
  const isInherited =
    major >= 18
      ? 'NOT nn.conislocal'
      : `(SELECT bool_or(pa.attnotnull) FROM pg_inherits h
         JOIN pg_attribute pa ON pa.attrelid = h.inhparent AND pa.attname = a.attname WHERE h.inhrelid = a.attrelid)`;
  const manner =
    major >= 18
      ? `NULLIF(concat_ws(' ', CASE WHEN nn.connoinherit THEN 'no inherit' END, CASE WHEN NOT nn.convalidated THEN 'not valid' END), '')`
      : 'NULL::text';
  const notNull = `LEFT JOIN pg_constraint nn ON nn.conrelid = r.oid AND nn.contype = 'n' AND nn.conkey[1] = a.attnum
  AND (nn.conname <> ${usualName} OR nn.connoinherit OR NOT nn.convalidated OR NOT nn.conislocal)`;
  return `
WITH ${WANTED}
SELECT a.attrelid::text AS table_oid, a.attnum AS position, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
       a.attnotnull AS not_null, a.attidentity AS identity, a.attgenerated AS generated, a.attislocal AS local,
       CASE WHEN a.atthasdef THEN (SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d
         WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum) END AS default_text,
       CASE WHEN t.typtype = 'e' THEN t.oid::text END AS enum_oid,
       CASE WHEN a.attcollation <> t.typcollation OR a.attstorage <> t.typstorage OR a.attoptions IS NOT NULL
              OR ${compression} IS NOT NULL OR ${statistics} IS NOT NULL OR ${isOdd} THEN json_build_object(
         'collation', CASE WHEN a.attcollation <> t.typcollation THEN
           (SELECT CASE WHEN cn.nspname IN ('pg_catalog', $2) THEN co.collname::text
                        ELSE '"' || replace(cn.nspname, '"', '""') || '"."' || replace(co.collname, '"', '""') || '"' END
            FROM pg_collation co JOIN pg_namespace cn ON cn.oid = co.collnamespace WHERE co.oid = a.attcollation) END,
         'storage', CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage END, 'options', a.attoptions,
         'compression', ${compression}, 'statistics', ${statistics}, 'not_null_name', ${notNullName}, 'not_null_manner', ${manner},
         'not_null_inherited', ${isInherited}) END AS rare
FROM wanted r
JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
${major >= 18 ? notNull : ''}
ORDER BY a.attrelid, a.attnum`;
};

/** All sequences, with the column that each belongs to: deptype 'a' for serial and OWNED BY, 'i' for identity. */
export const SEQUENCES: string = `
SELECT c.oid::text AS oid, n.nspname AS namespace, c.relname AS name, format_type(s.seqtypid, NULL) AS type,
       s.seqstart::text AS start, s.seqincrement::text AS increment, s.seqmin::text AS min, s.seqmax::text AS max,
       s.seqcache::text AS cache, s.seqcycle AS cycle, c.relpersistence AS persistence, ${COMMENT('pg_class', 'c.oid')} AS comment,
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

/**
 * Since PostgreSQL 18 NOT NULL stands in pg_constraint too (contype 'n'): not a constraint of ours. Columns go by their
 * numbers, `{1,2}`: what they are called is known, but for those of tables in other namespaces.
 */
export const constraintsOf = (major: number): string => `
WITH ${WANTED}
SELECT con.conrelid::text AS table_oid, con.conname AS name, con.contype AS type, con.conkey::text AS columns,
       con.confrelid::text AS target_oid, tn.nspname AS target_namespace, tc.relname AS target_name, con.confkey::text AS target_columns,
       CASE WHEN tn.nspname <> ALL ($1) THEN
         (SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(con.confkey) WITH ORDINALITY k(attnum, n)
          JOIN pg_attribute a ON a.attrelid = con.confrelid AND a.attnum = k.attnum) END AS target_names,
       ${major >= 15 ? 'con.confdelsetcols::text' : 'NULL'} AS on_delete_columns, ${major >= 18 ? 'con.conenforced' : 'true'} AS enforced,
       con.confdeltype AS on_delete, con.confupdtype AS on_update, con.condeferrable AS deferrable,
       con.condeferred AS deferred, (con.conparentid <> 0 OR NOT con.conislocal) AS inherited,
       con.conparentid = 0 AND ${HAS_PARENT('con.conindid')} AS backs_index, pg_get_expr(con.conbin, con.conrelid) AS expression,
       ${major >= 18 ? 'con.conperiod' : 'false'} AS period, con.convalidated AS valid, i.indisclustered AS clustered,
       i.indisreplident AS replica_identity, con.connoinherit AS no_inherit, con.confmatchtype AS match, ${COMMENT('pg_constraint', 'con.oid')} AS comment,
       CASE WHEN i.indnatts > i.indnkeyatts THEN
         (SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(i.indkey) WITH ORDINALITY k(attnum, n)
          JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum WHERE k.n > i.indnkeyatts) END AS include,
       ${major >= 15 ? 'COALESCE(i.indnullsnotdistinct, false)' : 'false'} AS nulls_not_distinct,
       ic.storage, ic.only,
       CASE WHEN con.contype = 'x' THEN
         (SELECT am.amname FROM pg_class ic JOIN pg_am am ON am.oid = ic.relam WHERE ic.oid = i.indexrelid) END AS method,
       CASE WHEN con.contype = 'x' THEN pg_get_expr(i.indpred, i.indrelid) END AS predicate,
       CASE WHEN con.contype = 'x' THEN
         (SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(i.indkey) WITH ORDINALITY k(attnum, n)
          LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum AND k.attnum <> 0
          WHERE k.n <= i.indnkeyatts) END AS element_columns,
       CASE WHEN con.contype = 'x' THEN
         (SELECT array_agg(pg_get_indexdef(i.indexrelid, k.n::int, false) ORDER BY k.n)
          FROM generate_series(1, i.indnkeyatts) k(n)) END AS texts,
       CASE WHEN con.contype = 'x' THEN i.indoption::text END AS options,
       CASE WHEN con.contype = 'x' THEN ${COLLATIONS} END AS collations,
       CASE WHEN con.contype = 'x' THEN
         (SELECT array_agg(CASE WHEN n.nspname = 'pg_catalog' THEN o.oprname::text
                                ELSE format('OPERATOR(%I.%s)', n.nspname, o.oprname) END ORDER BY k.n)
          FROM unnest(con.conexclop) WITH ORDINALITY k(oid, n)
          JOIN pg_operator o ON o.oid = k.oid JOIN pg_namespace n ON n.oid = o.oprnamespace) END AS operators,
       CASE WHEN con.contype = 'x' THEN
         (SELECT array_agg(CASE WHEN c.opcdefault THEN NULL WHEN n.nspname = 'pg_catalog' THEN quote_ident(c.opcname)
                                ELSE format('%I.%I', n.nspname, c.opcname) END ORDER BY k.n)
          FROM unnest(i.indclass) WITH ORDINALITY k(oid, n)
          JOIN pg_opclass c ON c.oid = k.oid JOIN pg_namespace n ON n.oid = c.opcnamespace) END AS opclasses
FROM wanted w
JOIN pg_constraint con ON con.conrelid = w.oid
LEFT JOIN pg_class tc ON tc.oid = con.confrelid
LEFT JOIN pg_namespace tn ON tn.oid = tc.relnamespace
LEFT JOIN pg_index i ON i.indexrelid = con.conindid AND con.contype IN ('p', 'u', 'x')
LEFT JOIN LATERAL (SELECT ${STORAGE('ic')} AS storage, ${ONLY('ic')} AS only FROM pg_class ic WHERE ic.oid = i.indexrelid) ic ON true
WHERE con.contype IN ('p', 'u', 'f', 'c', 'x')
ORDER BY con.conrelid, con.conname`;

/** What an operator class is told for one column of an index, as pg_get_indexdef prints it. */
const PARAMETERS = `(SELECT ' (' || string_agg(quote_ident(split_part(o.text, '=', 1)) || '='
                                    || quote_literal(substr(o.text, strpos(o.text, '=') + 1)), ', ') || ')'
                                  FROM pg_attribute ia, unnest(ia.attoptions) o(text)
                                  WHERE ia.attrelid = i.indexrelid AND ia.attnum = k.n)`;

/** An expression has the collation of its columns, or one that is said behind it. */
const SAYS_COLLATION = `strpos(pg_get_indexdef(i.indexrelid), pg_get_indexdef(i.indexrelid, k.n::int, false) || ' COLLATE ') > 0`;

/** Collations of the keys of an index that are not those of their columns. */
const COLLATIONS = `(SELECT array_agg(CASE WHEN k.coll = 0 OR (k.attnum = 0 AND (k.coll = 100 OR NOT ${SAYS_COLLATION}))
                         OR k.coll = (SELECT a.attcollation FROM pg_attribute a
                            WHERE a.attrelid = i.indrelid AND a.attnum = k.attnum) THEN NULL
                       ELSE (SELECT CASE WHEN n.nspname = 'pg_catalog' THEN quote_ident(co.collname)
                                         ELSE format('%I.%I', n.nspname, co.collname) END
                             FROM pg_collation co JOIN pg_namespace n ON n.oid = co.collnamespace WHERE co.oid = k.coll)
                           END ORDER BY k.n)
          FROM unnest(i.indcollation, i.indkey) WITH ORDINALITY k(coll, attnum, n) WHERE k.n <= i.indnkeyatts)`;
/** Of a table a column of another collation, of an index a key of another collation or with options. */
export const ODD_ATTRIBUTE = 'a.attnum > 0 AND (a.attcollation NOT IN (0, 100) OR a.attoptions IS NOT NULL)';

/**
 * Indexes that no constraint owns, with the numbers of their columns, `1 2`, of which 0 is an expression. Operator classes and collations are looked up for an index that has
 * others than the usual ones: joined, the planner reads all of them once for every index. `hasOdd` says whether there is any.
 */
export const indexesOf = (major: number, hasOdd: boolean): string => `
WITH ${WANTED},
odd AS MATERIALIZED (
  SELECT a.attrelid AS oid FROM pg_attribute a WHERE ${hasOdd ? `a.attrelid >= 16384 AND ${ODD_ATTRIBUTE}` : 'false'})
SELECT i.indrelid::text AS table_oid, c.relname AS name, i.indisunique AS is_unique, i.indisvalid OR c.relkind = 'I' AS valid, ${ONLY('c')} AS only,
       am.amname AS method,
       pg_get_expr(i.indpred, i.indrelid) AS predicate,
       ${COMMENT('pg_class', 'c.oid')} AS comment, i.indisclustered AS clustered, i.indisreplident AS replica_identity,
       ${HAS_PARENT('i.indexrelid')} AS inherited, i.indkey::text AS columns, i.indnkeyatts AS size, i.indoption::text AS options,
       CASE WHEN i.indexprs IS NOT NULL THEN
         (SELECT array_agg(pg_get_indexdef(i.indexrelid, k.n::int, false) ORDER BY k.n)
          FROM generate_series(1, i.indnkeyatts) k(n)) END AS texts,
       ${major >= 15 ? 'COALESCE(i.indnullsnotdistinct, false)' : 'false'} AS nulls_not_distinct,
       ${STORAGE('c')} AS storage,
       CASE WHEN special.parametric OR i.indclass::oid[] && (SELECT array_agg(oc.oid) FROM pg_opclass oc WHERE NOT oc.opcdefault) THEN
         (SELECT array_agg((SELECT CASE WHEN oc.opcdefault AND p.parameters IS NULL THEN NULL
                                        WHEN n.nspname = 'pg_catalog' THEN quote_ident(oc.opcname) || COALESCE(p.parameters, '')
                                        ELSE format('%I.%I', n.nspname, oc.opcname) || COALESCE(p.parameters, '') END
                            FROM (SELECT CASE WHEN special.parametric THEN ${PARAMETERS} END AS parameters) p, pg_opclass oc
                            JOIN pg_namespace n ON n.oid = oc.opcnamespace WHERE oc.oid = k.oid) ORDER BY k.n)
          FROM unnest(i.indclass) WITH ORDINALITY k(oid, n)) END AS opclasses,
       CASE WHEN special.odd THEN
         ${COLLATIONS} END AS collations
FROM wanted w
JOIN pg_index i ON i.indrelid = w.oid
JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_am am ON am.oid = c.relam
CROSS JOIN LATERAL (SELECT i.indrelid IN (SELECT oid FROM odd) OR i.indexrelid IN (SELECT oid FROM odd) AS odd) keys
CROSS JOIN LATERAL (SELECT keys.odd, keys.odd AND
        EXISTS (SELECT FROM pg_attribute ia WHERE ia.attrelid = i.indexrelid AND ia.attoptions IS NOT NULL) AS parametric) special
WHERE NOT EXISTS (SELECT FROM pg_constraint con WHERE con.conindid = i.indexrelid AND con.contype IN ('p', 'u', 'x'))
ORDER BY i.indrelid, c.relname`;

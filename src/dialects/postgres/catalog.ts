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

/** Known to have a comment, itself or one of its columns: one look at all comments instead of one for each row. */
const HAS_COMMENT = (catalog: string, oid: string): string =>
  `${oid} IN (SELECT cm.objoid FROM pg_description cm WHERE cm.objoid >= 16384 AND cm.classoid = '${catalog}'::regclass)`;

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
       CASE WHEN ${HAS_COMMENT('pg_class', 'c.oid')} THEN
         (SELECT json_object_agg(cm.objsubid, cm.description) FROM pg_description cm
          WHERE cm.objoid = c.oid AND cm.classoid = 'pg_class'::regclass) END AS comments,
       NULLIF(c.relpersistence, 'p') AS persistence,
       CASE WHEN toast.reloptions IS NULL THEN c.reloptions
            ELSE c.reloptions || (SELECT array_agg('toast.' || o) FROM unnest(toast.reloptions) o) END AS storage,
       NULLIF(c.relrowsecurity, false) AS row_security, NULLIF(c.relforcerowsecurity, false) AS forced,
       NULLIF(c.relreplident, 'd') AS identity, NULLIF(am.amname, 'heap') AS method, ts.spcname AS tablespace,
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

/** The tables of `TABLES`. First of all: joined in the end, the planner looks up every column and index of the server's own tables as well. */
const WANTED = `
wanted AS MATERIALIZED (
  SELECT c.oid FROM pg_class c
  WHERE c.relkind IN ('r', 'p') AND c.relnamespace = ANY (ARRAY(SELECT n.oid FROM pg_namespace n WHERE n.nspname = ANY ($1)))
    AND ${NOT_OF_EXTENSION('pg_class', 'c.oid')})`;

/** The oids of the tables that are wanted: the server finds their columns by the index, in their order. */
const ONE_OF_WANTED = 'ANY (ARRAY(SELECT w.oid FROM wanted w))';

/**
 * What a column surely has of its type, without a look at pg_type: nothing of a fixed length is stored in another way, and
 * text, varchar, bpchar (25, 1043, 1042), json, jsonb, bytea (114, 3802, 17) and numeric (1700) are what they always were.
 */
const AS_ITS_TYPE = `(a.attcollation = 0 AND (a.attlen > 0 OR a.attstorage = 'x' AND a.atttypid IN (114, 3802, 17) OR a.attstorage = 'm' AND a.atttypid = 1700)
        OR a.attcollation = 100 AND a.attstorage = 'x' AND a.atttypid IN (25, 1043, 1042))`;

/**
 * `major` is the server's version: a row as JSON would do without it, and takes as long as all the rest. What is usual is
 * NULL, which costs the least on both sides, and what few columns have stands in one value, `rare`.
 */
export const columnsOf = (major: number): string => {
  const compression = major >= 14 ? `NULLIF(a.attcompression, '')::text` : 'NULL::text';
  const statistics = 'NULLIF(a.attstattarget, -1)::text';
  // Since PostgreSQL 18 `notNullsOf` says it. Before, a table above that takes no NULL leaves no choice.
  const mayBeTold = major >= 18 ? 'false' : 'a.attnotnull AND a.attinhcount > 0';
  const isTold = `(SELECT bool_or(pa.attnotnull) FROM pg_inherits h
         JOIN pg_attribute pa ON pa.attrelid = h.inhparent AND pa.attname = a.attname WHERE h.inhrelid = a.attrelid)`;
  return `
WITH ${WANTED}
SELECT a.attrelid::text AS table_oid, a.attnum AS position, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
       NULLIF(a.attnotnull, false) AS not_null, NULLIF(a.attidentity, '') AS identity, NULLIF(a.attgenerated, '') AS generated,
       NULLIF(NOT a.attislocal, false) AS inherited,
       CASE WHEN a.atthasdef THEN (SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d
         WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum) END AS default_text,
       CASE WHEN a.atttypid >= 16384 THEN a.atttypid::text END AS own_type,
       CASE WHEN NOT ${AS_ITS_TYPE} OR a.attoptions IS NOT NULL OR ${compression} IS NOT NULL OR ${statistics} IS NOT NULL OR ${mayBeTold} THEN
         (SELECT CASE WHEN a.attcollation <> t.typcollation OR a.attstorage <> t.typstorage OR a.attoptions IS NOT NULL
                        OR ${compression} IS NOT NULL OR ${statistics} IS NOT NULL OR ${mayBeTold} THEN json_build_object(
            'collation', CASE WHEN a.attcollation <> t.typcollation THEN
              (SELECT CASE WHEN cn.nspname IN ('pg_catalog', $2) THEN co.collname::text
                           ELSE '"' || replace(cn.nspname, '"', '""') || '"."' || replace(co.collname, '"', '""') || '"' END
               FROM pg_collation co JOIN pg_namespace cn ON cn.oid = co.collnamespace WHERE co.oid = a.attcollation) END,
            'storage', CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage END, 'options', a.attoptions,
            'compression', ${compression}, 'statistics', ${statistics},
            'not_null_inherited', CASE WHEN ${mayBeTold} THEN ${isTold} END) END
          FROM pg_type t WHERE t.oid = a.atttypid) END AS rare
FROM pg_attribute a
WHERE a.attrelid = ${ONE_OF_WANTED} AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum`;
};

/**
 * Since PostgreSQL 18 NOT NULL has a name, which says something where it is not the usual one: by the number of a column
 * its name, its manner and its comment where it has one, and whether it is there since a table above has it. A row a table; joined to the columns, it takes the server twice as long.
 */
export const NOT_NULLS: string = `
WITH ${WANTED}
SELECT con.conrelid::text AS table_oid, json_object_agg(con.conkey[1], con.conname) AS names,
       json_object_agg(con.conkey[1], concat_ws(' ', CASE WHEN con.connoinherit THEN 'no inherit' END, CASE WHEN NOT con.convalidated THEN 'not valid' END))
         FILTER (WHERE con.connoinherit OR NOT con.convalidated) AS manners,
       json_object_agg(con.conkey[1], ${COMMENT('pg_constraint', 'con.oid')}) FILTER (WHERE ${HAS_COMMENT('pg_constraint', 'con.oid')}) AS comments,
       json_object_agg(con.conkey[1], true) FILTER (WHERE NOT con.conislocal) AS inherited
FROM pg_constraint con
WHERE con.contype = 'n' AND con.conrelid = ${ONE_OF_WANTED}
GROUP BY con.conrelid`;

/**
 * All sequences, with the number of the column that each belongs to: deptype 'a' for serial and OWNED BY, 'i' for identity.
 * `rare` is NULL for one that counts from 1 as far as its type goes and says nothing else.
 */
export const SEQUENCES: string = `
SELECT c.oid::text AS oid, n.nspname AS namespace, c.relname AS name, format_type(s.seqtypid, NULL) AS type,
       d.deptype AS dependency, d.refobjid::text AS table_oid, d.refobjsubid AS position,
       CASE WHEN (s.seqstart, s.seqincrement, s.seqmin, s.seqcache, s.seqcycle, c.relpersistence) <> (1, 1, 1, 1, false, 'p'::"char")
              OR s.seqmax <> CASE s.seqtypid WHEN 'smallint'::regtype THEN 32767 WHEN 'integer'::regtype THEN 2147483647 ELSE 9223372036854775807 END
              OR ${HAS_COMMENT('pg_class', 'c.oid')} THEN json_build_object(
         'start', s.seqstart::text, 'increment', s.seqincrement::text, 'min', s.seqmin::text, 'max', s.seqmax::text,
         'cache', s.seqcache::text, 'cycle', s.seqcycle, 'persistence', c.relpersistence, 'comment', ${COMMENT('pg_class', 'c.oid')}) END AS rare
FROM pg_sequence s
JOIN pg_class c ON c.oid = s.seqrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refobjsubid > 0
  AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
WHERE n.nspname = ANY($1) AND ${NOT_OF_EXTENSION('pg_class', 'c.oid')}
ORDER BY n.nspname, c.relname`;

/**
 * Since PostgreSQL 18 NOT NULL stands in pg_constraint too (contype 'n'): not a constraint of ours. Columns go by their
 * numbers, `{1,2}`, and tables by their oids: what they are called is known, but for those in other namespaces. What few have stands in `rare`.
 * `hasExclusions`: to plan what only exclusion constraints have takes the server as long as a third of all.
 */
export const constraintsOf = (major: number, hasExclusions: boolean): string => {
  const [deletesSome, isPeriod, isNotEnforced] = [
    major >= 15 ? 'con.confdelsetcols IS NOT NULL' : 'false',
    major >= 18 ? 'con.conperiod' : 'false',
    major >= 18 ? 'NOT con.conenforced' : 'false',
  ];
  const areNullsOne = major >= 15 ? 'COALESCE(i.indnullsnotdistinct, false)' : 'false';
  // Of keys it says nothing.
  const noInherit = `con.contype = 'c' AND con.connoinherit`;
  const isInherited = '(con.conparentid <> 0 OR NOT con.conislocal)';
  return `
WITH ${WANTED}
SELECT con.conrelid::text AS table_oid, con.conname AS name, con.contype AS type, con.conkey::text AS columns,
       NULLIF(con.confrelid, 0)::text AS target_oid, con.confkey::text AS target_columns,
       CASE WHEN con.contype = 'f' THEN NULLIF(con.confdeltype, 'a') END AS on_delete,
       CASE WHEN con.contype = 'f' THEN NULLIF(con.confupdtype, 'a') END AS on_update,
       pg_get_expr(con.conbin, con.conrelid) AS expression,
       CASE WHEN con.condeferrable OR ${isInherited} OR NOT con.convalidated OR ${noInherit} OR con.confmatchtype = 'f' OR con.contype = 'x'
              OR ${deletesSome} OR ${isPeriod} OR ${isNotEnforced} OR con.confrelid <> 0 AND target.oid IS NULL
              OR i.indisclustered OR i.indisreplident OR i.indnatts > i.indnkeyatts OR ${areNullsOne} OR ic.reloptions IS NOT NULL
              OR ic.reltablespace <> 0 OR ic.relkind = 'I' AND NOT i.indisvalid
              OR ${HAS_PARENT('con.conindid')} OR ${HAS_COMMENT('pg_constraint', 'con.oid')} OR ${HAS_COMMENT('pg_class', 'ic.oid')} THEN json_build_object(
         'target_namespace', CASE WHEN target.oid IS NULL THEN tn.nspname END, 'target_name', CASE WHEN target.oid IS NULL THEN tc.relname END,
         'target_names', CASE WHEN target.oid IS NULL THEN
           (SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(con.confkey) WITH ORDINALITY k(attnum, n)
            JOIN pg_attribute a ON a.attrelid = con.confrelid AND a.attnum = k.attnum) END,
         'on_delete_columns', ${major >= 15 ? 'con.confdelsetcols::text' : 'NULL'}, 'not_enforced', ${isNotEnforced},
         'deferrable', con.condeferrable, 'deferred', con.condeferred, 'inherited', ${isInherited},
         'backs_index', con.conparentid = 0 AND ${HAS_PARENT('con.conindid')}, 'period', ${isPeriod},
         'not_valid', NOT con.convalidated, 'clustered', i.indisclustered, 'replica_identity', i.indisreplident,
         'no_inherit', ${noInherit}, 'match', con.confmatchtype, 'comment', ${COMMENT('pg_constraint', 'con.oid')},
         'index_comment', ${COMMENT('pg_class', 'ic.oid')},
         'include', CASE WHEN i.indnatts > i.indnkeyatts THEN
           (SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(i.indkey) WITH ORDINALITY k(attnum, n)
            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum WHERE k.n > i.indnkeyatts) END,
         'nulls_not_distinct', ${areNullsOne}, 'storage', ${STORAGE('ic')}, 'only', ${ONLY('ic')}
         ${hasExclusions ? `, 'exclusion', CASE WHEN con.contype = 'x' THEN ${EXCLUSION} END` : ''}) END AS rare
FROM wanted w
JOIN pg_constraint con ON con.conrelid = w.oid
LEFT JOIN wanted target ON target.oid = con.confrelid
LEFT JOIN pg_class tc ON tc.oid = con.confrelid AND target.oid IS NULL
LEFT JOIN pg_namespace tn ON tn.oid = tc.relnamespace
LEFT JOIN pg_index i ON i.indexrelid = con.conindid AND con.contype IN ('p', 'u', 'x')
LEFT JOIN pg_class ic ON ic.oid = i.indexrelid
WHERE con.contype IN ('p', 'u', 'f', 'c', 'x')
ORDER BY con.conrelid, con.conname`;
};

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

/** What an exclusion constraint says of its index. */
const EXCLUSION = `json_build_object(
           'method', (SELECT am.amname FROM pg_am am WHERE am.oid = ic.relam), 'predicate', pg_get_expr(i.indpred, i.indrelid),
           'element_columns', (SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(i.indkey) WITH ORDINALITY k(attnum, n)
              LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum AND k.attnum <> 0
              WHERE k.n <= i.indnkeyatts),
           'texts', (SELECT array_agg(pg_get_indexdef(i.indexrelid, k.n::int, false) ORDER BY k.n)
              FROM generate_series(1, i.indnkeyatts) k(n)),
           'options', i.indoption::text, 'collations', ${COLLATIONS},
           'operators', (SELECT array_agg(CASE WHEN n.nspname = 'pg_catalog' THEN o.oprname::text
                                               ELSE format('OPERATOR(%I.%s)', n.nspname, o.oprname) END ORDER BY k.n)
              FROM unnest(con.conexclop) WITH ORDINALITY k(oid, n)
              JOIN pg_operator o ON o.oid = k.oid JOIN pg_namespace n ON n.oid = o.oprnamespace),
           'opclasses', (SELECT array_agg(CASE WHEN c.opcdefault THEN NULL WHEN n.nspname = 'pg_catalog' THEN quote_ident(c.opcname)
                                               ELSE format('%I.%I', n.nspname, c.opcname) END ORDER BY k.n)
              FROM unnest(i.indclass) WITH ORDINALITY k(oid, n)
              JOIN pg_opclass c ON c.oid = k.oid JOIN pg_namespace n ON n.oid = c.opcnamespace))`;

/** Of a table a column of another collation, of an index a key of another collation or with options; of either a statistics target. */
export const ODD_ATTRIBUTE =
  'a.attnum > 0 AND (a.attcollation NOT IN (0, 100) OR a.attoptions IS NOT NULL OR a.attstattarget >= 0)';

/** Statistics targets of the keys of an index, by their numbers. Only expressions can have one. */
const TARGETS = `(SELECT string_agg(ia.attnum || '=' || ia.attstattarget, ', ' ORDER BY ia.attnum) FROM pg_attribute ia
          WHERE ia.attrelid = i.indexrelid AND ia.attstattarget >= 0)`;

/**
 * Indexes that no constraint owns, with the numbers of their columns, `1 2`, of which 0 is an expression; what few have stands in `rare`. Operator
 * classes and collations are looked up for an index that has others than the usual ones: joined, the planner reads all of them once for every index.
 * `hasOdd` says whether there is any.
 */
export const indexesOf = (major: number, hasOdd: boolean): string => {
  const areNullsOne = major >= 15 ? 'i.indnullsnotdistinct' : 'false';
  const hasOpclass = 'i.indclass::oid[] && (SELECT array_agg(oc.oid) FROM pg_opclass oc WHERE NOT oc.opcdefault)';
  const isOdd = hasOdd ? '(i.indrelid IN (SELECT oid FROM odd) OR i.indexrelid IN (SELECT oid FROM odd))' : 'false';
  const isParametric = hasOdd
    ? `${isOdd} AND EXISTS (SELECT FROM pg_attribute ia WHERE ia.attrelid = i.indexrelid AND ia.attoptions IS NOT NULL)`
    : 'false';
  return `
WITH ${WANTED}${hasOdd ? `,\nodd AS MATERIALIZED (SELECT a.attrelid AS oid FROM pg_attribute a WHERE a.attrelid >= 16384 AND ${ODD_ATTRIBUTE})` : ''}
SELECT i.indrelid::text AS table_oid, c.relname AS name, i.indkey::text AS columns, NULLIF(i.indisunique, false) AS is_unique,
       -- 403 is btree.
       CASE WHEN c.relam <> 403 THEN (SELECT am.amname FROM pg_am am WHERE am.oid = c.relam) END AS method,
       NULLIF(i.indoption::text, '0') AS options, pg_get_expr(i.indpred, i.indrelid) AS predicate,
       CASE WHEN i.indexprs IS NOT NULL OR c.relkind = 'I' OR NOT i.indisvalid OR i.indisclustered OR i.indisreplident
              OR i.indnatts > i.indnkeyatts OR ${areNullsOne} OR c.reloptions IS NOT NULL OR c.reltablespace <> 0 OR ${hasOpclass}
              OR ${isOdd} OR ${HAS_PARENT('i.indexrelid')} OR ${HAS_COMMENT('pg_class', 'c.oid')} THEN json_build_object(
         'invalid', NOT (i.indisvalid OR c.relkind = 'I'), 'only', ${ONLY('c')}, 'comment', ${COMMENT('pg_class', 'c.oid')},
         'clustered', i.indisclustered, 'replica_identity', i.indisreplident, 'inherited', ${HAS_PARENT('i.indexrelid')},
         'size', i.indnkeyatts, 'nulls_not_distinct', ${areNullsOne}, 'storage', ${STORAGE('c')},
         'texts', CASE WHEN i.indexprs IS NOT NULL THEN
           (SELECT array_agg(pg_get_indexdef(i.indexrelid, k.n::int, false) ORDER BY k.n)
            FROM generate_series(1, i.indnkeyatts) k(n)) END,
         'opclasses', CASE WHEN ${isParametric} OR ${hasOpclass} THEN
           (SELECT array_agg((SELECT CASE WHEN oc.opcdefault AND p.parameters IS NULL THEN NULL
                                          WHEN n.nspname = 'pg_catalog' THEN quote_ident(oc.opcname) || COALESCE(p.parameters, '')
                                          ELSE format('%I.%I', n.nspname, oc.opcname) || COALESCE(p.parameters, '') END
                              FROM (SELECT CASE WHEN ${isParametric} THEN ${PARAMETERS} END AS parameters) p, pg_opclass oc
                              JOIN pg_namespace n ON n.oid = oc.opcnamespace WHERE oc.oid = k.oid) ORDER BY k.n)
            FROM unnest(i.indclass) WITH ORDINALITY k(oid, n)) END,
         'collations', CASE WHEN ${isOdd} THEN ${COLLATIONS} END,
         'statistics', CASE WHEN ${isOdd} THEN ${TARGETS} END) END AS rare
FROM wanted w
JOIN pg_index i ON i.indrelid = w.oid
JOIN pg_class c ON c.oid = i.indexrelid
WHERE NOT EXISTS (SELECT FROM pg_constraint con WHERE con.conindid = i.indexrelid AND con.contype IN ('p', 'u', 'x'))
ORDER BY i.indrelid, c.relname`;
};

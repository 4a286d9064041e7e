/** Objects that are in no namespace: parts of the union of `catalog.ts`, and a query of their own. */
import { OWN, type Part, part, unionOf } from './catalog-part.js';
import { GRANTS } from './grants.js';

/** `major` is the server's version. */
export const objectsInPlace = (major: number): readonly Part[] => [
  part({
    catalog: 'pg_cast',
    kind: `'cast'`,
    isThere: 'EXISTS (SELECT FROM pg_cast o WHERE o.oid >= 16384)',
    name: `format_type(o.castsource, NULL) || ' AS ' || format_type(o.casttarget, NULL)`,
    home: 'NULL::oid',
    qualified: `format_type(o.castsource, NULL) || ' AS ' || format_type(o.casttarget, NULL)`,
    from: 'pg_cast o',
    // The server's own have small oids. A range type brings a cast to its multirange: deptype 'i'.
    where: `o.oid >= 16384 AND NOT EXISTS (SELECT FROM pg_depend i WHERE i.classid = 'pg_cast'::regclass AND i.objid = o.oid AND i.deptype = 'i')
      AND NOT EXISTS (SELECT FROM pg_type t JOIN pg_namespace tn ON tn.oid = t.typnamespace
        WHERE t.oid IN (o.castsource, o.casttarget) AND tn.nspname <> 'pg_catalog' AND tn.nspname <> ALL($1))`,
    details: {
      function: 'CASE WHEN o.castfunc <> 0 THEN o.castfunc::regprocedure::text END',
      method: 'o.castmethod',
      context: 'o.castcontext',
    },
  }),
  part({
    catalog: 'pg_publication',
    kind: `'publication'`,
    isThere: 'EXISTS (SELECT FROM pg_publication)',
    name: 'o.pubname',
    home: 'NULL::oid',
    qualified: 'quote_ident(o.pubname)',
    from: 'pg_publication o',
    details: {
      all: 'o.puballtables',
      operations: `concat_ws(', ', CASE WHEN o.pubinsert THEN 'insert' END, CASE WHEN o.pubupdate THEN 'update' END,
        CASE WHEN o.pubdelete THEN 'delete' END, CASE WHEN o.pubtruncate THEN 'truncate' END)`,
      root: `to_jsonb(o) ->> 'pubviaroot'`,
      generated: `to_jsonb(o) ->> 'pubgencols'`,
      tables: `(SELECT jsonb_agg(jsonb_build_object('name', r.prrelid::regclass::text, 'columns', ${major < 15 ? 'NULL' : PUBLISHED_COLUMNS},
          'filter', ${major < 15 ? 'NULL' : 'pg_get_expr(r.prqual, r.prrelid)'}) ORDER BY r.prrelid::regclass::text)
        FROM pg_publication_rel r WHERE r.prpubid = o.oid)`,
      namespaces: major < 15 ? 'NULL' : PUBLISHED_NAMESPACES,
    },
  }),
  {
    isThere: 'EXISTS (SELECT FROM pg_event_trigger)',
    sql: `SELECT 'pg_event_trigger' AS class, o.oid::text AS oid, 'eventTrigger' AS kind, NULL::text AS namespace, o.evtname::text AS name,
  quote_ident(o.evtname) AS qualified, NULL::text AS relation, NULL::text AS signature,
  obj_description(o.oid, 'pg_event_trigger') AS comment, jsonb_build_object('event', o.evtevent, 'tags', o.evttags,
    'enabled', o.evtenabled, 'function', o.evtfoid::regproc::text) AS details
FROM pg_event_trigger o WHERE ${OWN('pg_event_trigger', 'o.oid')}`,
  },
  {
    isThere: `EXISTS (SELECT ${NAMESPACE_COMMENTS})`,
    sql: `SELECT 'comment' AS class, o.oid::text AS oid, 'namespaceComment' AS kind, NULL::text AS namespace, o.nspname::text AS name,
  quote_ident(o.nspname) AS qualified, NULL::text AS relation, NULL::text AS signature, NULL::text AS comment,
  jsonb_build_object('text', d.description) AS details ${NAMESPACE_COMMENTS}`,
  },
];

/** The words for public are those that it is born with. */
const NAMESPACE_COMMENTS = `
FROM pg_namespace o JOIN pg_description d ON d.objoid = o.oid AND d.classoid = 'pg_namespace'::regclass AND d.objsubid = 0
WHERE o.nspname = ANY($1) AND ${OWN('pg_namespace', 'o.oid')} AND NOT (o.nspname = 'public' AND d.description = 'standard public schema')`;

const PUBLISHED_COLUMNS = `(SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY k.n)
            FROM unnest(r.prattrs) WITH ORDINALITY k(attnum, n) JOIN pg_attribute a ON a.attrelid = r.prrelid AND a.attnum = k.attnum)`;

const PUBLISHED_NAMESPACES = `(SELECT string_agg(quote_ident(pn.nspname), ', ' ORDER BY pn.nspname)
        FROM pg_publication_namespace p JOIN pg_namespace pn ON pn.oid = p.pnnspid WHERE p.pnpubid = o.oid)`;

/** All that is in no namespace, and all privileges. */
export const allInPlace = (major: number): string => unionOf([...objectsInPlace(major), ...GRANTS]);

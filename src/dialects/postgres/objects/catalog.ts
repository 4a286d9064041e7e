/** The catalog queries of everything beside tables: one for enums and objects, one for what stands on what. Run under `search_path = ''`. */
import { collationName, type Part, part } from './catalog-part.js';
import { furtherObjects } from './catalog-further.js';
import { GRANTS } from './grants.js';
import { objectsInPlace } from './catalog-in-place.js';

const COLUMNS = `(SELECT jsonb_agg(jsonb_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
    'collation', CASE WHEN a.attcollation <> t.typcollation THEN ${collationName('a.attcollation')} END,
    'default', pg_get_expr(d.adbin, d.adrelid), 'comment', col_description(a.attrelid, a.attnum)) ORDER BY a.attnum)
  FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)`;

const RELATION = 'pg_class c ON c.oid =';

const OBJECTS: readonly Part[] = [
  {
    isThere: `EXISTS (SELECT FROM pg_extension o WHERE o.extname <> 'plpgsql')`,
    sql: `SELECT 'pg_extension' AS class, o.oid::text AS oid, 'extension' AS kind, NULL::text AS namespace, o.extname::text AS name,
  quote_ident(o.extname) AS qualified,
  NULL::text AS relation, NULL::text AS signature,
  NULLIF(obj_description(o.oid, 'pg_extension'), (SELECT a.comment FROM pg_available_extensions() a WHERE a.name = o.extname)) AS comment,
  jsonb_build_object('namespace', quote_ident(n.nspname), 'version', o.extversion) AS details
FROM pg_extension o JOIN pg_namespace n ON n.oid = o.extnamespace WHERE o.extname <> 'plpgsql'`,
  },
  part({
    catalog: 'pg_type',
    kind: `'enum'`,
    isThere: 'types.enums',
    name: 'o.typname',
    home: 'o.typnamespace',
    from: 'pg_type o',
    where: `o.typtype = 'e'`,
    details: {
      values: '(SELECT jsonb_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = o.oid)',
    },
  }),
  part({
    catalog: 'pg_type',
    kind: `'domain'`,
    isThere: 'types.domains',
    name: 'o.typname',
    home: 'o.typnamespace',
    from: 'pg_type o',
    where: `o.typtype = 'd'`,
    details: {
      type: 'format_type(o.typbasetype, o.typtypmod)',
      collation: `(SELECT CASE WHEN o.typcollation <> b.typcollation THEN ${collationName('o.typcollation')} END
        FROM pg_type b WHERE b.oid = o.typbasetype)`,
      default: 'o.typdefault',
      notNull: 'o.typnotnull',
      checks: `(SELECT jsonb_agg(jsonb_build_object('name', con.conname, 'definition', pg_get_constraintdef(con.oid),
        'comment', obj_description(con.oid, 'pg_constraint')) ORDER BY con.conname)
        FROM pg_constraint con WHERE con.contypid = o.oid AND con.contype = 'c')`,
    },
  }),
  part({
    catalog: 'pg_type',
    kind: `'compositeType'`,
    isThere: 'relations.composites',
    name: 'o.typname',
    home: 'o.typnamespace',
    from: `pg_type o JOIN ${RELATION} o.typrelid`,
    where: `o.typtype = 'c' AND c.relkind = 'c'`,
    details: { columns: COLUMNS },
  }),
  part({
    catalog: 'pg_type',
    kind: `'rangeType'`,
    isThere: 'types.ranges',
    name: 'o.typname',
    home: 'o.typnamespace',
    from: 'pg_type o JOIN pg_range r ON r.rngtypid = o.oid JOIN pg_type s ON s.oid = r.rngsubtype',
    details: {
      subtype: 'format_type(r.rngsubtype, NULL)',
      opclass: `(SELECT CASE WHEN NOT opc.opcdefault THEN format('%I.%I', on_.nspname, opc.opcname) END
        FROM pg_opclass opc JOIN pg_namespace on_ ON on_.oid = opc.opcnamespace WHERE opc.oid = r.rngsubopc)`,
      collation: `CASE WHEN r.rngcollation <> s.typcollation THEN ${collationName('r.rngcollation')} END`,
      canonical: `NULLIF(r.rngcanonical::text, '-')`,
      difference: `NULLIF(r.rngsubdiff::text, '-')`,
      multirange: `(SELECT format('%I.%I', mn.nspname, m.typname) FROM pg_type m JOIN pg_namespace mn ON mn.oid = m.typnamespace
        WHERE m.oid = (to_jsonb(r) ->> 'rngmultitypid')::oid)`,
    },
  }),
  part({
    catalog: 'pg_proc',
    kind: `CASE o.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END`,
    name: 'o.proname',
    home: 'o.pronamespace',
    signature: 'oidvectortypes(o.proargtypes)',
    from: 'pg_proc o LEFT JOIN pg_aggregate a ON a.aggfnoid = o.oid LEFT JOIN pg_language l ON l.oid = o.prolang',
    // A range type brings its own constructors: deptype 'i'.
    where: `NOT EXISTS (SELECT FROM pg_depend i WHERE i.classid = 'pg_proc'::regclass AND i.objid = o.oid AND i.deptype = 'i')`,
    details: {
      definition: `CASE WHEN o.prokind <> 'a' THEN pg_get_functiondef(o.oid) END`,
      arguments: 'pg_get_function_arguments(o.oid)',
      result: 'pg_get_function_result(o.oid)',
      aggregate: `CASE WHEN o.prokind = 'a' THEN jsonb_build_object('kind', a.aggkind, 'sfunc', a.aggtransfn::text,
        'stype', format_type(a.aggtranstype, NULL), 'sspace', NULLIF(a.aggtransspace, 0),
        'finalfunc', NULLIF(a.aggfinalfn::text, '-'), 'finalextra', a.aggfinalextra, 'finalmodify', a.aggfinalmodify,
        'combinefunc', NULLIF(a.aggcombinefn::text, '-'), 'serialfunc', NULLIF(a.aggserialfn::text, '-'),
        'deserialfunc', NULLIF(a.aggdeserialfn::text, '-'), 'initcond', a.agginitval,
        'msfunc', NULLIF(a.aggmtransfn::text, '-'), 'minvfunc', NULLIF(a.aggminvtransfn::text, '-'),
        'mstype', CASE WHEN a.aggmtranstype <> 0 THEN format_type(a.aggmtranstype, NULL) END,
        'msspace', NULLIF(a.aggmtransspace, 0), 'mfinalfunc', NULLIF(a.aggmfinalfn::text, '-'),
        'mfinalextra', a.aggmfinalextra, 'minitcond', a.aggminitval,
        'sortop', CASE WHEN a.aggsortop <> 0 THEN a.aggsortop::regoperator::text END,
        'sortname', (SELECT format('OPERATOR(%I.%s)', sn.nspname, so.oprname) FROM pg_operator so
          JOIN pg_namespace sn ON sn.oid = so.oprnamespace WHERE so.oid = a.aggsortop),
        'parallel', o.proparallel) END`,
    },
  }),
  part({
    catalog: 'pg_class',
    kind: `CASE c.relkind WHEN 'v' THEN 'view' ELSE 'materializedView' END`,
    isThere: 'relations.views',
    name: 'c.relname',
    home: 'c.relnamespace',
    from: 'pg_class c LEFT JOIN pg_am am ON am.oid = c.relam LEFT JOIN pg_tablespace ts ON ts.oid = c.reltablespace',
    oid: 'c.oid',
    where: `c.relkind IN ('v', 'm')`,
    details: {
      definition: 'pg_get_viewdef(c.oid)',
      columns: COLUMNS,
      options: 'c.reloptions',
      method: `NULLIF(am.amname, 'heap')`,
      tablespace: 'ts.spcname',
      populated: 'c.relispopulated',
    },
  }),
  part({
    catalog: 'pg_class',
    kind: `'viewIndex'`,
    isThere: 'relations.materialized',
    name: 'i.relname',
    home: 'i.relnamespace',
    from: `pg_index o JOIN pg_class i ON i.oid = o.indexrelid JOIN ${RELATION} o.indrelid`,
    oid: 'i.oid',
    relation: 'c.oid',
    where: `c.relkind = 'm'`,
    details: { definition: 'pg_get_indexdef(i.oid)', clustered: 'o.indisclustered' },
  }),
  part({
    catalog: 'pg_statistic_ext',
    kind: `'statistics'`,
    name: 'o.stxname',
    home: 'o.stxnamespace',
    from: 'pg_statistic_ext o',
    relation: 'o.stxrelid',
    details: {
      definition: 'pg_get_statisticsobjdef(o.oid)',
      target: `NULLIF(to_jsonb(o) ->> 'stxstattarget', '-1')`,
    },
  }),
  part({
    catalog: 'pg_rewrite',
    kind: `'rule'`,
    isThere: `EXISTS (SELECT FROM pg_rewrite o WHERE o.ev_class >= 16384 AND o.rulename <> '_RETURN')`,
    name: 'o.rulename',
    home: 'c.relnamespace',
    from: `pg_rewrite o JOIN ${RELATION} o.ev_class`,
    relation: 'c.oid',
    where: `o.rulename <> '_RETURN'`,
    details: { definition: 'pg_get_ruledef(o.oid)', enabled: 'o.ev_enabled' },
  }),
  part({
    catalog: 'pg_trigger',
    kind: `'trigger'`,
    isThere: 'EXISTS (SELECT FROM pg_trigger o WHERE NOT o.tgisinternal)',
    name: 'o.tgname',
    home: 'c.relnamespace',
    from: `pg_trigger o JOIN ${RELATION} o.tgrelid`,
    relation: 'c.oid',
    // Since PostgreSQL 13 the triggers of partitions name the one that they follow; before, they depend on it.
    where: `NOT o.tgisinternal AND COALESCE(to_jsonb(o) ->> 'tgparentid', '0') = '0' AND NOT EXISTS (SELECT FROM pg_depend i
      WHERE i.classid = 'pg_trigger'::regclass AND i.objid = o.oid AND i.deptype = 'P')`,
    details: { definition: 'pg_get_triggerdef(o.oid)', enabled: 'o.tgenabled' },
  }),
  part({
    catalog: 'pg_policy',
    kind: `'policy'`,
    isThere: 'EXISTS (SELECT FROM pg_policy)',
    name: 'o.polname',
    home: 'c.relnamespace',
    from: `pg_policy o JOIN ${RELATION} o.polrelid`,
    relation: 'c.oid',
    details: {
      table: 'o.polrelid::regclass::text',
      command: 'o.polcmd',
      permissive: 'o.polpermissive',
      roles: `(SELECT string_agg(r.name, ', ' ORDER BY r.name)
        FROM (SELECT CASE WHEN q = 0 THEN 'PUBLIC' ELSE q::regrole::text END AS name FROM unnest(o.polroles) q) r)`,
      using: 'pg_get_expr(o.polqual, o.polrelid)',
      check: 'pg_get_expr(o.polwithcheck, o.polrelid)',
    },
  }),
  ...furtherObjects,
];

/** `major` is the server's version. https://www.postgresql.org/docs/current/catalogs.html */
export const partsOf = (major: number): readonly Part[] => [...OBJECTS, ...objectsInPlace(major), ...GRANTS];

/** Every edge between what people have made; what an edge hangs on is resolved to the object or table that it is a part of. */
export const DEPENDENCIES: string = `
SELECT DISTINCT
  CASE WHEN r.oid IS NOT NULL AND r.rulename = '_RETURN' OR ad.oid IS NOT NULL OR i.indexrelid IS NOT NULL OR con.conrelid > 0
         OR d.classid = 'pg_class'::regclass AND t.oid IS NULL THEN 'pg_class'
       WHEN con.contypid > 0 OR t.oid IS NOT NULL THEN 'pg_type'
       WHEN member.classid IS NOT NULL THEN member.refclassid::regclass::text ELSE d.classid::regclass::text END AS class,
  COALESCE(CASE WHEN r.rulename = '_RETURN' THEN r.ev_class END, ad.adrelid, NULLIF(con.conrelid, 0), NULLIF(con.contypid, 0), t.reltype,
           CASE WHEN NOT EXISTS (SELECT FROM pg_class m WHERE m.oid = i.indrelid AND m.relkind = 'm') THEN i.indrelid END, member.refobjid, d.objid)::text AS oid,
  CASE WHEN d.refclassid = 'pg_type'::regclass AND COALESCE(et.typrelid, rt.typrelid) > 0 AND k.relkind <> 'c' THEN 'pg_class'
       WHEN d.refclassid = 'pg_class'::regclass AND kc.relkind = 'c' THEN 'pg_type'
       ELSE d.refclassid::regclass::text END AS ref_class, rc.conname AS ref_constraint,
  CASE WHEN d.refclassid = 'pg_type'::regclass AND COALESCE(et.typrelid, rt.typrelid) > 0 AND k.relkind <> 'c' THEN COALESCE(et.typrelid, rt.typrelid)
       WHEN d.refclassid = 'pg_class'::regclass AND kc.relkind = 'c' THEN kc.reltype
       ELSE COALESCE(NULLIF(rc.conrelid, 0), et.oid, d.refobjid) END::text AS ref_oid,
  a.attname AS ref_column
FROM pg_depend d
LEFT JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
LEFT JOIN pg_attrdef ad ON d.classid = 'pg_attrdef'::regclass AND ad.oid = d.objid
LEFT JOIN pg_constraint con ON d.classid = 'pg_constraint'::regclass AND con.oid = d.objid
LEFT JOIN pg_index i ON d.classid = 'pg_class'::regclass AND i.indexrelid = d.objid
LEFT JOIN pg_class t ON d.classid = 'pg_class'::regclass AND t.oid = d.objid AND t.relkind = 'c'
LEFT JOIN pg_depend member ON d.classid IN ('pg_amop'::regclass, 'pg_amproc'::regclass) AND member.classid = d.classid
  AND member.objid = d.objid AND member.refclassid IN ('pg_opclass'::regclass, 'pg_opfamily'::regclass)
LEFT JOIN pg_type rt ON d.refclassid = 'pg_type'::regclass AND rt.oid = d.refobjid
LEFT JOIN pg_type et ON et.oid = rt.typelem AND rt.typcategory = 'A'
LEFT JOIN pg_class k ON k.oid = COALESCE(et.typrelid, rt.typrelid)
LEFT JOIN pg_class kc ON d.refclassid = 'pg_class'::regclass AND kc.oid = d.refobjid
LEFT JOIN pg_constraint rc ON d.refclassid = 'pg_constraint'::regclass AND rc.oid = d.refobjid
LEFT JOIN pg_attribute a ON d.refclassid = 'pg_class'::regclass AND a.attrelid = d.refobjid AND a.attnum = d.refobjsubid AND d.refobjsubid > 0
WHERE d.refobjid >= 16384 AND d.deptype IN ('n', 'a') AND d.refclassid IN
  ('pg_class'::regclass, 'pg_type'::regclass, 'pg_proc'::regclass, 'pg_constraint'::regclass, 'pg_extension'::regclass, 'pg_trigger'::regclass,
   'pg_operator'::regclass, 'pg_opclass'::regclass, 'pg_opfamily'::regclass, 'pg_collation'::regclass, 'pg_ts_config'::regclass,
   'pg_ts_dict'::regclass)`;

/** Operators with their classes, collations, and what text search is made of: parts of the union of `catalog.ts`. */
import { type Part, part } from './catalog-part.js';

const operatorName = (oid: string): string =>
  `(SELECT format('OPERATOR(%I.%s)', xn.nspname, x.oprname) FROM pg_operator x JOIN pg_namespace xn ON xn.oid = x.oprnamespace
    WHERE x.oid = ${oid})`;

/** Operators and functions of a class, or those that a family has beside its classes. */
const members = (ofClass: string, family: string): Readonly<Record<string, string>> => {
  const belongs = (catalog: string): string => {
    const inClass = `EXISTS (SELECT FROM pg_depend d WHERE d.classid = '${catalog}'::regclass AND d.objid = m.oid
        AND d.refclassid = 'pg_opclass'::regclass`;
    return ofClass === 'none' ? `NOT ${inClass})` : `${inClass} AND d.refobjid = ${ofClass})`;
  };
  return {
    operators: `(SELECT jsonb_agg(jsonb_build_object('number', m.amopstrategy, 'name', m.amopopr::regoperator::text,
          'types', concat_ws(', ', format_type(m.amoplefttype, NULL), format_type(m.amoprighttype, NULL)),
          'order', (SELECT format('%I.%I', fn.nspname, f.opfname) FROM pg_opfamily f JOIN pg_namespace fn ON fn.oid = f.opfnamespace
            WHERE f.oid = m.amopsortfamily)) ORDER BY m.amopstrategy, m.amopopr::regoperator::text)
        FROM pg_amop m WHERE m.amopfamily = ${family} AND ${belongs('pg_amop')})`,
    functions: `(SELECT jsonb_agg(jsonb_build_object('number', m.amprocnum, 'name', m.amproc::regprocedure::text,
          'types', concat_ws(', ', format_type(m.amproclefttype, NULL), format_type(m.amprocrighttype, NULL)))
          ORDER BY m.amprocnum, m.amproc::regprocedure::text)
        FROM pg_amproc m WHERE m.amprocfamily = ${family} AND ${belongs('pg_amproc')})`,
  };
};

export const furtherObjects: readonly Part[] = [
  part({
    catalog: 'pg_operator',
    kind: `'operator'`,
    name: 'o.oprname',
    home: 'o.oprnamespace',
    qualified: `format('%I.%s', n.nspname, o.oprname)`,
    signature: `concat_ws(', ', CASE WHEN o.oprleft = 0 THEN 'NONE' ELSE format_type(o.oprleft, NULL) END,
      format_type(o.oprright, NULL))`,
    from: 'pg_operator o',
    // Zero in one that is only named, as the commutator of another.
    where: 'o.oprcode <> 0',
    details: {
      function: 'o.oprcode::regproc::text',
      left: 'CASE WHEN o.oprleft <> 0 THEN format_type(o.oprleft, NULL) END',
      right: 'format_type(o.oprright, NULL)',
      commutator: operatorName('o.oprcom'),
      negator: operatorName('o.oprnegate'),
      restrict: `NULLIF(o.oprrest::text, '-')`,
      join: `NULLIF(o.oprjoin::text, '-')`,
      hashes: 'o.oprcanhash',
      merges: 'o.oprcanmerge',
    },
  }),
  part({
    catalog: 'pg_opfamily',
    kind: `'operatorFamily'`,
    name: 'o.opfname',
    home: 'o.opfnamespace',
    signature: 'quote_ident(am.amname)',
    from: 'pg_opfamily o JOIN pg_am am ON am.oid = o.opfmethod',
    details: { method: 'quote_ident(am.amname)', ...members('none', 'o.oid') },
  }),
  part({
    catalog: 'pg_opclass',
    kind: `'operatorClass'`,
    name: 'o.opcname',
    home: 'o.opcnamespace',
    signature: 'quote_ident(am.amname)',
    from: 'pg_opclass o JOIN pg_am am ON am.oid = o.opcmethod JOIN pg_opfamily f ON f.oid = o.opcfamily JOIN pg_namespace fn ON fn.oid = f.opfnamespace',
    details: {
      method: 'quote_ident(am.amname)',
      default: 'o.opcdefault',
      type: 'format_type(o.opcintype, NULL)',
      family: `format('%I.%I', fn.nspname, f.opfname)`,
      storage: 'CASE WHEN o.opckeytype <> 0 THEN format_type(o.opckeytype, NULL) END',
      ...members('o.oid', 'o.opcfamily'),
    },
  }),
  part({
    catalog: 'pg_collation',
    kind: `'collation'`,
    name: 'o.collname',
    home: 'o.collnamespace',
    from: 'pg_collation o',
    details: {
      provider: 'o.collprovider',
      deterministic: 'o.collisdeterministic',
      locale: `COALESCE(to_jsonb(o) ->> 'colllocale', to_jsonb(o) ->> 'colliculocale')`,
      collate: 'o.collcollate',
      ctype: 'o.collctype',
      rules: `to_jsonb(o) ->> 'collicurules'`,
    },
  }),
  part({
    catalog: 'pg_ts_dict',
    kind: `'textSearchDictionary'`,
    name: 'o.dictname',
    home: 'o.dictnamespace',
    from: 'pg_ts_dict o JOIN pg_ts_template t ON t.oid = o.dicttemplate JOIN pg_namespace tn ON tn.oid = t.tmplnamespace',
    details: { template: `format('%I.%I', tn.nspname, t.tmplname)`, options: 'o.dictinitoption' },
  }),
  part({
    catalog: 'pg_ts_config',
    kind: `'textSearchConfiguration'`,
    name: 'o.cfgname',
    home: 'o.cfgnamespace',
    from: 'pg_ts_config o JOIN pg_ts_parser p ON p.oid = o.cfgparser JOIN pg_namespace pn ON pn.oid = p.prsnamespace',
    details: {
      parser: `format('%I.%I', pn.nspname, p.prsname)`,
      mappings: `(SELECT jsonb_object_agg(t.alias, t.dictionaries) FROM (
          SELECT t.alias, string_agg(format('%I.%I', dn.nspname, d.dictname), ', ' ORDER BY m.mapseqno) AS dictionaries
          FROM pg_ts_config_map m JOIN ts_token_type(o.cfgparser) t ON t.tokid = m.maptokentype
          JOIN pg_ts_dict d ON d.oid = m.mapdict JOIN pg_namespace dn ON dn.oid = d.dictnamespace
          WHERE m.mapcfg = o.oid GROUP BY t.alias) t)`,
    },
  }),
];

/**
 * Privileges as objects: what an object's own list has more, or less, than the usual one of its owner. One object is what
 * one role got on one thing; dropping it gives the privileges back.
 */
import type { Part } from './catalog-part.js';
import { type Details, textIn, type Written } from './definitions.js';

const KINDS = `('r', 'p', 'v', 'm', 'f', 'S')`;

const NOT_OF_EXTENSION = (catalog: string): string =>
  `NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '${catalog}'::regclass AND e.objid = o.oid AND e.deptype = 'e')`;

/** The list of a namespace that was there with the database. */
const BORN_WITH = `(SELECT p.initprivs FROM pg_init_privs p WHERE p.classoid = 'pg_namespace'::regclass AND p.objoid = o.oid)`;

/** Lists that are not NULL, beside the ones that NULL stands for. */
const LISTS = `
  SELECT 'pg_class' AS class, o.oid, o.relnamespace AS home, NULL::name AS column,
         CASE o.relkind WHEN 'S' THEN 'SEQUENCE ' ELSE 'TABLE ' END || o.oid::regclass::text AS target, o.relacl AS list,
         acldefault(CASE o.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", o.relowner) AS usual
  FROM pg_class o WHERE o.relacl IS NOT NULL AND o.relkind IN ${KINDS} AND ${NOT_OF_EXTENSION('pg_class')}
  UNION ALL
  SELECT 'pg_class', o.oid, o.relnamespace, a.attname, 'TABLE ' || o.oid::regclass::text, a.attacl, acldefault('c', o.relowner)
  FROM pg_attribute a JOIN pg_class o ON o.oid = a.attrelid
  WHERE a.attacl IS NOT NULL AND NOT a.attisdropped AND ${NOT_OF_EXTENSION('pg_class')}
  UNION ALL
  SELECT 'pg_proc', o.oid, o.pronamespace, NULL,
         CASE o.prokind WHEN 'p' THEN 'PROCEDURE ' ELSE 'FUNCTION ' END || o.oid::regprocedure::text, o.proacl,
         acldefault('f', o.proowner)
  FROM pg_proc o WHERE o.proacl IS NOT NULL AND ${NOT_OF_EXTENSION('pg_proc')}
  UNION ALL
  SELECT 'pg_type', o.oid, o.typnamespace, NULL, 'TYPE ' || o.oid::regtype::text, o.typacl, acldefault('T', o.typowner)
  FROM pg_type o WHERE o.typacl IS NOT NULL AND ${NOT_OF_EXTENSION('pg_type')}
  UNION ALL
  SELECT 'pg_namespace', o.oid, o.oid, NULL, 'SCHEMA ' || o.oid::regnamespace::text, o.nspacl,
         -- public has had a list of its own since it exists: pg_init_privs
         COALESCE(${BORN_WITH},
                  acldefault('n', o.nspowner))
  FROM pg_namespace o WHERE o.nspacl IS NOT NULL AND ${NOT_OF_EXTENSION('pg_namespace')}`;

const EXPLODED = `
  LATERAL (
    (SELECT x.grantee, x.privilege_type, x.is_grantable, true AS granted FROM aclexplode(l.list) x
     EXCEPT SELECT x.grantee, x.privilege_type, x.is_grantable, true FROM aclexplode(l.usual) x)
    UNION ALL
    (SELECT x.grantee, x.privilege_type, x.is_grantable, false FROM aclexplode(l.usual) x
     EXCEPT SELECT x.grantee, x.privilege_type, x.is_grantable, false FROM aclexplode(l.list) x)
  ) p`;

const ROLE = `CASE WHEN g.grantee = 0 THEN 'PUBLIC' ELSE g.grantee::regrole::text END`;

const ON_OBJECTS = `
SELECT 'grant' AS class, g.class || g.oid || ' ' || ${ROLE} || g.is_grantable || g.granted || g.of_columns AS oid, 'grant' AS kind,
       NULL::text AS namespace, ${ROLE} AS name, ${ROLE} AS qualified, NULL::text AS relation, g.target AS signature, NULL::text AS comment,
       jsonb_build_object('class', g.class, 'oid', g.oid::text, 'privileges', g.privileges, 'grantable', g.is_grantable,
                          'granted', g.granted, 'columns', g.of_columns) AS details
FROM (SELECT s.class, s.oid, s.target, s.grantee, s.is_grantable, s.granted, s.of_columns,
             string_agg(s.privilege_type || s.columns, ', ' ORDER BY s.privilege_type) AS privileges
      FROM (SELECT l.class, l.oid, l.target, p.grantee, p.is_grantable, p.granted, l.column IS NOT NULL AS of_columns, p.privilege_type,
                   COALESCE(' (' || string_agg(quote_ident(l.column), ', ' ORDER BY l.column) || ')', '') AS columns
            FROM (${LISTS}) l JOIN pg_namespace n ON n.oid = l.home AND n.nspname = ANY($1), ${EXPLODED}
            GROUP BY 1, 2, 3, 4, 5, 6, 7, 8) s
      GROUP BY 1, 2, 3, 4, 5, 6, 7) g`;

const USUAL = `
SELECT 'grant' AS class, g.oid || ' ' || ${ROLE} || g.is_grantable || g.granted AS oid, 'defaultGrant' AS kind,
       NULL::text AS namespace, ${ROLE} AS name, ${ROLE} AS qualified, NULL::text AS relation, g.target AS signature, NULL::text AS comment,
       jsonb_build_object('privileges', g.privileges, 'grantable', g.is_grantable, 'granted', g.granted) AS details
FROM (SELECT l.oid, l.target, p.grantee, p.is_grantable, p.granted,
             string_agg(p.privilege_type, ', ' ORDER BY p.privilege_type) AS privileges
      FROM (SELECT d.oid, 'FOR ROLE ' || d.defaclrole::regrole::text
              || CASE WHEN d.defaclnamespace = 0 THEN '' ELSE ' IN SCHEMA ' || d.defaclnamespace::regnamespace::text END || ' ON '
              || CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS' WHEN 'T' THEN 'TYPES'
                   WHEN 'n' THEN 'SCHEMAS' ELSE 'LARGE OBJECTS' END AS target,
              d.defaclacl AS list,
              CASE WHEN d.defaclnamespace = 0
                THEN acldefault(CASE d.defaclobjtype WHEN 'S' THEN 's' ELSE d.defaclobjtype END, d.defaclrole) END AS usual
            FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
            WHERE d.defaclnamespace = 0 OR n.nspname = ANY($1)) l, ${EXPLODED}
      GROUP BY 1, 2, 3, 4, 5) g`;

/** Two parts of the union of `catalog.partsOf`. */
export const GRANTS: readonly Part[] = [
  {
    sql: ON_OBJECTS,
    isThere: `relations.granted OR attributes.granted OR types.granted
  OR EXISTS (SELECT FROM pg_proc o WHERE o.pronamespace = ANY (home.oids) AND o.proacl IS NOT NULL)
  OR EXISTS (SELECT FROM pg_namespace o WHERE o.oid = ANY (home.oids) AND o.nspacl IS NOT NULL AND o.nspacl IS DISTINCT FROM ${BORN_WITH})`,
  },
  { sql: USUAL, isThere: 'EXISTS (SELECT FROM pg_default_acl)' },
];

/** https://www.postgresql.org/docs/current/sql-grant.html; `target` is the thing, or `FOR ROLE ... ON TABLES`. */
export function writeGrant(role: string, target: string, details: Details, isDefault: boolean): Written {
  const privileges = textIn(details, 'privileges') ?? '';
  const [scope = '', things = ''] = isDefault ? splitScope(target) : ['', target];
  const prefix = isDefault ? `ALTER DEFAULT PRIVILEGES ${scope} ` : '';
  const option = details['grantable'] === true ? ' WITH GRANT OPTION' : '';
  const grant = `${prefix}GRANT ${privileges} ON ${things} TO ${role}${option}`;
  const revoke = `${prefix}REVOKE ${privileges} ON ${things} FROM ${role}`;
  const isGranted = details['granted'] === true;
  return { definition: isGranted ? grant : revoke, parts: { revoke: isGranted ? revoke : grant } };
}

/** What tells the grants of one role on one thing apart. */
export function grantSignature(target: string, details: Details): string {
  const kind = details['granted'] === true ? (details['grantable'] === true ? ' with grant option' : '') : ' revoked';
  return `${target}${details['columns'] === true ? ' columns' : ''}${kind}`;
}

function splitScope(target: string): [string, string] {
  const at = target.lastIndexOf(' ON ');
  return [target.slice(0, at), target.slice(at + ' ON '.length)];
}

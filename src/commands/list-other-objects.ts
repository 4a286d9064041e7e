import type { Connection } from '../engine/connection.js';

/** What is in a database beside tables, types and sequences, each with its kind: `view "active_users"`. */
export async function listOtherObjects(connection: Connection): Promise<string[]> {
  const { rows } = await connection.execute(QUERIES[connection.dialect]);
  return rows.map((row) => `${String(row['kind'])} "${String(row['name'])}"`);
}

const MYSQL = `
SELECT 'view' AS kind, table_name AS name FROM information_schema.views WHERE table_schema = DATABASE()
UNION ALL SELECT lower(routine_type), routine_name FROM information_schema.routines WHERE routine_schema = DATABASE()
UNION ALL SELECT 'trigger', trigger_name FROM information_schema.triggers WHERE trigger_schema = DATABASE()
UNION ALL SELECT 'event', event_name FROM information_schema.events WHERE event_schema = DATABASE()
ORDER BY 1, 2`;

/** Objects of an extension come with it. */
const POSTGRES = `
WITH own AS (SELECT oid, nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'),
member AS (SELECT classid, objid FROM pg_depend WHERE deptype = 'e')
SELECT kind, name FROM (
  SELECT CASE c.relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END AS kind, c.oid::regclass::text AS name,
         'pg_class'::regclass AS class, c.oid
  FROM pg_class c WHERE c.relkind IN ('v', 'm') AND c.relnamespace IN (SELECT oid FROM own)
  UNION ALL
  SELECT CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END,
         p.oid::regprocedure::text, 'pg_proc'::regclass, p.oid
  FROM pg_proc p WHERE p.pronamespace IN (SELECT oid FROM own)
  UNION ALL
  SELECT 'trigger', t.tgname || ' of ' || t.tgrelid::regclass::text, 'pg_trigger'::regclass, t.oid
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
  WHERE NOT t.tgisinternal AND c.relnamespace IN (SELECT oid FROM own)
  UNION ALL
  SELECT CASE t.typtype WHEN 'd' THEN 'domain' WHEN 'r' THEN 'range type' ELSE 'composite type' END,
         t.oid::regtype::text, 'pg_type'::regclass, t.oid
  FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
  WHERE (t.typtype IN ('d', 'r') OR (t.typtype = 'c' AND c.relkind = 'c')) AND t.typnamespace IN (SELECT oid FROM own)
  UNION ALL
  SELECT 'policy', p.polname || ' of ' || p.polrelid::regclass::text, 'pg_policy'::regclass, p.oid FROM pg_policy p
  UNION ALL
  SELECT 'extension', e.extname, 'pg_extension'::regclass, e.oid FROM pg_extension e WHERE e.extname <> 'plpgsql'
) AS found
WHERE NOT EXISTS (SELECT FROM member WHERE member.classid = found.class AND member.objid = found.oid)
ORDER BY kind COLLATE "C", name COLLATE "C"`;

const SQLITE = `
SELECT type AS kind, name FROM sqlite_master WHERE type IN ('view', 'trigger')
UNION ALL SELECT 'virtual table', name FROM pragma_table_list WHERE schema = 'main' AND type = 'virtual'
ORDER BY 1, 2`;

const QUERIES: Readonly<Record<Connection['dialect'], string>> = {
  postgres: POSTGRES,
  mysql: MYSQL,
  mariadb: MYSQL,
  sqlite: SQLITE,
};

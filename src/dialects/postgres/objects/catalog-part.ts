/** What the queries of all kinds of objects have in common. */

/** Objects of an extension belong to the extension: pg_depend, deptype 'e'. */
export const OWN = (catalog: string, oid: string): string =>
  `NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '${catalog}'::regclass AND e.objid = ${oid} AND e.deptype = 'e')`;

/** One SELECT of the union. */
export interface Part {
  readonly sql: string;
  /** A condition in the terms of `presenceOf`, which may only be false where the SELECT would find nothing. */
  readonly isThere: string;
}

/** `name` is the object's, `home` its namespace's oid, `relation` the oid of what it belongs to. */
export const part = (values: {
  readonly catalog: string;
  readonly kind: string;
  readonly name: string;
  readonly home: string;
  readonly from: string;
  readonly where?: string;
  readonly details: Readonly<Record<string, string>>;
  readonly oid?: string;
  readonly relation?: string;
  readonly signature?: string;
  /** How statements call it. Default: both names, quoted where they have to be. */
  readonly qualified?: string;
  /** Default: something of the catalog is in one of the namespaces. */
  readonly isThere?: string;
}): Part => {
  const { catalog, kind, name, home, from, where = 'true', details, oid = 'o.oid' } = values;
  const pairs = Object.entries(details).map(([key, value]) => `'${key}', ${value}`);
  const isThere = values.isThere ?? `EXISTS (SELECT FROM ${catalog} o WHERE ${home} = ANY (home.oids))`;
  const sql = `SELECT '${catalog}' AS class, ${oid}::text AS oid, ${kind} AS kind, n.nspname::text AS namespace, ${name}::text AS name,
  ${values.qualified ?? `format('%I.%I', n.nspname, ${name})`} AS qualified,
  ${values.relation ?? 'NULL'}::text AS relation, ${values.signature ?? 'NULL'}::text AS signature,
  obj_description(${oid}, '${catalog}') AS comment, jsonb_build_object(${pairs.join(', ')}) AS details
FROM ${from} LEFT JOIN pg_namespace n ON n.oid = ${home}
WHERE (n.nspname = ANY($1) OR ${home} IS NULL) AND ${OWN(catalog, oid)} AND (${where})`;
  return { sql, isThere };
};

/** The parts as one query; its parameter is taken by parts that do not look at namespaces, too. */
export const unionOf = (parts: readonly Part[]): string =>
  `WITH asked AS (SELECT $1::name[])\n${parts.map(({ sql }) => sql).join('\nUNION ALL\n')}`;

/** The name of a collation, as the type regcollation would give it, which PostgreSQL 12 has not. */
export const collationName = (oid: string): string =>
  `(SELECT CASE WHEN cn.nspname = 'pg_catalog' THEN quote_ident(co.collname) ELSE format('%I.%I', cn.nspname, co.collname) END
    FROM pg_collation co JOIN pg_namespace cn ON cn.oid = co.collnamespace WHERE co.oid = ${oid})`;

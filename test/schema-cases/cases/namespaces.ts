/** Tables in other namespaces: PostgreSQL alone has these. */
import { check, enumeration, foreignKey, index, integer, type MetaData, sql, text } from 'aludel';
import type { SchemaCase } from '../schema-case.js';

const except = {
  sqlite: { reason: 'has no namespaces', code: 'ALUDEL_OPERATION_UNSUPPORTED' },
  mysql: { reason: 'a schema is a database' },
  mariadb: { reason: 'a schema is a database' },
};

function across(m: MetaData, values: readonly string[]): void {
  m.table('plain', { id: integer().primaryKey(), s: enumeration('app.status', values) });
  m.table(
    'app.users',
    {
      id: integer().primaryKey(),
      s: enumeration('app.status', values).serverDefault('on'),
      kind: enumeration('kind', ['x', 'y']),
    },
    (c) => [check('known', c.s.in(['on', 'off'])), index(c.s).where(c.s.eq('on'))],
  );
  m.table(
    'app.notes',
    { id: integer().primaryKey().serial(), userId: integer().references('users.id'), plainId: integer() },
    (c) => [foreignKey([c.plainId], 'plain', ['id'], { onDelete: 'cascade' })],
  );
  m.table(
    { namespace: 'Odd Name', name: 'my.table' },
    { id: integer().primaryKey(), userId: integer() },
    (c) => [foreignKey([c.userId], 'app.users', ['id'])],
    { comment: 'odd' },
  );
}

function dotted(m: MetaData, more: readonly string[]): void {
  const namespace = 'a. "b"';
  m.sequence({ namespace, name: 's."q"' }, { ownedBy: { table: { namespace, name: 't.1' }, column: 'n' } });
  m.table(
    { namespace, name: 't.1' },
    {
      id: integer().primaryKey().name('i.d'),
      mood: enumeration({ namespace, name: "mood's" }, ['ok', ...more]),
      other: enumeration({ namespace, name: "mood's" }, ['ok', ...more])
        .notNull()
        .serverDefault('ok'),
      alone: enumeration({ namespace, name: 'o.k' }, ['x']),
      n: integer().serverDefault(sql`nextval('"a. ""b"""."s.""q"""')`),
    },
  );
}

/** A function whose callers have its namespace in their search_path. */
function beside(m: MetaData, id: number): void {
  m.table('app.tasks', { id: integer().primaryKey(), done: integer() });
  const body = `DECLARE task tasks%ROWTYPE; BEGIN SELECT * INTO task FROM tasks WHERE id = ${id}; RETURN task.done; END`;
  m.object('function', 'app.is_done', {
    definition: `CREATE FUNCTION app.is_done() RETURNS integer LANGUAGE plpgsql AS $$ ${body} $$`,
  });
}

export const NAMESPACES: readonly SchemaCase[] = [
  {
    name: 'namespaces: tables, enums and foreign keys across them change',
    from: (m) => across(m, ['on', 'off']),
    to: (m) => {
      across(m, ['off', 'on', 'idle']);
      m.table('app.more', {
        id: integer().primaryKey(),
        s: enumeration('more.status', ['on']).notNull().serverDefault('on'),
      });
    },
    rows: [
      `INSERT INTO plain (id, s) VALUES (1, 'on')`,
      `INSERT INTO app.users (id, s, kind) VALUES (1, 'off', 'x')`,
      `INSERT INTO app.notes (user_id, plain_id) VALUES (1, 1)`,
      `INSERT INTO "Odd Name"."my.table" (id, user_id) VALUES (1, 1)`,
    ],
    except,
  },
  {
    name: 'namespaces: dots and quotes in all names',
    from: (m) => dotted(m, []),
    to: (m) => dotted(m, ["it's", 'a "b"']),
    except,
  },
  {
    name: 'namespaces: two tables of one name',
    from: (m) => {
      m.table('app.t', { id: integer().primaryKey(), a: text() });
      m.table('t', { id: integer().primaryKey(), a: text() });
    },
    to: (m) => {
      m.table('app.t', { id: integer().primaryKey(), a: text().notNull().serverDefault('app').index() });
      m.table('t', { id: integer().primaryKey().serial(), b: text().comment('plain') });
    },
    rows: ["INSERT INTO app.t (id, a) VALUES (1, 'x')", 'INSERT INTO t (id) VALUES (1)'],
    except,
  },
  {
    name: 'namespaces: bodies that name what stands beside them alone',
    from: (m) => beside(m, 1),
    to: (m) => beside(m, 2),
    except,
  },
];

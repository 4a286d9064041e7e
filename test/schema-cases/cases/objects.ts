/** Views, functions, triggers and the other objects beside tables. */
import { customType, fn, index, integer, type MetaData, numeric, select, sql, text, varchar, when } from 'aludel';
import type { SchemaCase } from '../schema-case.js';

const rows = ["INSERT INTO t (id, a, b) VALUES (1, 1, 'x'), (2, 2, 'y')"];
const columns = { id: integer().primaryKey(), a: integer(), b: varchar(20) };
const table = (m: MetaData) => void m.table('t', columns);

const onlyPostgres = (what: string) =>
  ({
    sqlite: { reason: `SQLite has no ${what}` },
    mysql: { reason: `MySQL has no ${what}` },
    mariadb: { reason: `MariaDB has no ${what}` },
  }) as const;

const doubled = {
  postgres: 'BEGIN NEW.a := NEW.a * 2; RETURN NEW; END',
  mysql: 'SET NEW.a = NEW.a * 2',
  mariadb: 'SET NEW.a = NEW.a * 2',
  sqlite: 'UPDATE t SET a = a * 2 WHERE id = NEW.id',
};

/** What sets `a` on each database, in its own way. */
function doubling(m: MetaData, factor: number): void {
  const body = (sqlText: string): string => sqlText.replace('2', String(factor));
  m.function('double_a', {
    returns: 'trigger',
    language: 'plpgsql',
    body: { postgres: body(doubled.postgres) },
  });
  m.trigger('doubling', {
    table: 't',
    timing: 'before',
    events: ['insert'],
    execute: 'double_a()',
    body: { mysql: body(doubled.mysql), mariadb: body(doubled.mariadb) },
  });
  m.trigger('doubling_after', {
    table: 't',
    timing: 'after',
    events: ['insert'],
    body: { sqlite: body(doubled.sqlite) },
  });
}

function constant(m: MetaData, name: string): void {
  const definition = `CREATE FUNCTION ${name}() RETURNS integer DETERMINISTIC RETURN 1`;
  const postgres = `CREATE FUNCTION ${name}() RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$`;
  m.object('function', name, { definition: { postgres, mysql: definition, mariadb: definition } });
}

/** Triggers that change the same column, on the servers that run them in the order in which they were made. */
function counting(m: MetaData, triggers: Readonly<Record<string, string>>, step = 1): void {
  for (const [name, order] of Object.entries(triggers)) {
    const definition = `CREATE TRIGGER ${name} BEFORE INSERT ON t FOR EACH ROW ${order} SET NEW.a = NEW.a + ${step}`;
    m.object('trigger', name, { table: 't', definition: { mysql: definition, mariadb: definition } });
  }
}

const onlyMysql = {
  sqlite: { reason: 'SQLite says no order of triggers' },
  postgres: { reason: 'PostgreSQL runs triggers by their names' },
} as const;

export const OBJECTS: readonly SchemaCase[] = [
  {
    name: 'keeps the order of triggers where one in the midst changes',
    from: (m) => {
      table(m);
      counting(m, { c: '', a: 'FOLLOWS c', b: 'FOLLOWS a', d: 'PRECEDES c' });
    },
    to: (m) => {
      table(m);
      counting(m, { c: '', a: 'FOLLOWS c', b: 'FOLLOWS `a`', d: 'PRECEDES c' }, 2);
      m.trigger('e', {
        table: 't',
        timing: 'before',
        events: ['insert'],
        body: { mysql: 'SET NEW.a = 0', mariadb: 'SET NEW.a = 0' },
      });
    },
    rows,
    except: onlyMysql,
  },
  {
    name: 'puts triggers into another order',
    from: (m) => {
      table(m);
      counting(m, { a: '', b: '', c: '' });
    },
    to: (m) => {
      table(m);
      counting(m, { a: 'FOLLOWS b', b: '', z: 'PRECEDES b' });
    },
    rows,
    except: onlyMysql,
  },
  {
    name: 'adds a view, another spelling of which is the same',
    from: table,
    to: (m) => {
      table(m);
      m.view('big', sql`SELECT id, b FROM t WHERE a > 1 AND b IN ('x', 'y')`);
    },
    rows,
  },
  {
    name: 'makes views of queries, and changes them as other views',
    from: (m) => {
      const { c } = m.table('t', columns);
      m.view('big', select(c.id, c.b).where(c.a.gt(1), c.b.in(["it's", 'y'])));
    },
    to: (m) => {
      const t = m.table('t', columns);
      const { c } = t;
      const sums = select({ b: c.b, total: fn.sum(c.a) })
        .groupBy(c.b)
        .cte('sums');
      m.view(
        'big',
        select({ id: c.id, size: when(c.a.gt(sums.c.total.dividedBy(2)), 'big').else('small') }).join(
          sums,
          sums.c.b.eq(c.b),
        ),
      );
      m.view(
        'some',
        select({ n: fn.count(), half: fn.cast(fn.sum(c.a).dividedBy(2), numeric(9, 2)) }).where(
          c.id.in(select(c.id).where(c.a.isNotNull())),
        ),
      );
    },
    rows,
  },
  {
    name: 'changes a view, adds one that stands on it and drops another',
    from: (m) => {
      table(m);
      m.view('first', sql`SELECT id, a FROM t`);
      m.view('old', sql`SELECT id FROM first WHERE a = 1`);
    },
    to: (m) => {
      table(m);
      m.view('first', sql`SELECT id, a + 1 AS a, b FROM t`);
      m.view('a_second', sql`SELECT count(*) AS n FROM first`);
    },
    rows,
  },
  {
    name: 'changes and drops columns under views that stand on each other',
    from: (m) => {
      m.table('t', { ...columns, gone: integer() });
      m.view('v', sql`SELECT id, a, b FROM t`);
      m.view('w', sql`SELECT max(a) AS most FROM v`);
    },
    to: (m) => {
      m.table('t', { ...columns, a: integer().notNull().serverDefault(7), b: varchar(40) });
      m.view('v', sql`SELECT id, a, b FROM t`);
      m.view('w', sql`SELECT max(a) AS most FROM v`);
    },
    rows,
  },
  {
    name: 'drops a table with the view over it, and makes both anew',
    from: (m) => {
      table(m);
      m.table('extra', { id: integer().primaryKey() });
      m.view('over', sql`SELECT id FROM extra`);
      m.view('stays', sql`SELECT id FROM t`);
    },
    to: (m) => {
      table(m);
      m.view('stays', sql`SELECT id FROM t`);
    },
    rows,
  },
  {
    name: 'renames a table and a column under a view and a trigger',
    from: (m) => {
      table(m);
      doubling(m, 2);
      m.view('v', sql`SELECT id, a FROM t`);
    },
    to: (m) => {
      m.table('t2', { id: integer().primaryKey(), a2: integer().renamedFrom('a'), b: varchar(20) }, undefined, {
        renamedFrom: 't',
      });
      m.view('v', sql`SELECT id, a2 FROM t2`);
      m.trigger('kept', {
        table: 't2',
        timing: 'after',
        events: ['insert'],
        execute: 'double_a()',
        body: { mysql: 'SET @n = 1', mariadb: 'SET @n = 1', sqlite: 'SELECT 1' },
      });
      m.function('double_a', { returns: 'trigger', language: 'plpgsql', body: { postgres: 'BEGIN RETURN NULL; END' } });
    },
    rows,
  },
  {
    name: 'renames a table under a view that another one stands on, unchanged',
    from: (m) => {
      table(m);
      m.view('v', sql`SELECT id, a FROM t`);
      m.view('w', sql`SELECT id FROM v`);
    },
    to: (m) => {
      m.table('t2', columns, undefined, { renamedFrom: 't' });
      m.view('v', sql`SELECT id, a FROM t2`);
      m.view('w', sql`SELECT id FROM v`);
    },
    rows,
  },
  {
    name: 'renames a table and a column, and makes others of their names under the same view',
    from: (m) => {
      table(m);
      m.table('u', columns);
      m.view('v', sql`SELECT id FROM t`);
      m.view('w', sql`SELECT id, a FROM u`);
    },
    to: (m) => {
      m.table('t2', columns, undefined, { renamedFrom: 't' });
      table(m);
      m.table('u', { id: integer().primaryKey(), a2: integer().renamedFrom('a'), b: varchar(20), a: integer() });
      m.view('v', sql`SELECT id FROM t`);
      m.view('w', sql`SELECT id, a FROM u`);
    },
    renames: ['t:t2', 'u.a:u.a2'],
    rows,
  },
  {
    name: 'changes a view away from a table, a column, a view and a function that go',
    from: (m) => {
      table(m);
      m.table('u', columns);
      m.view('gone', sql`SELECT id FROM t`);
      constant(m, 'unity');
      constant(m, 'kept');
      m.view('over_table', sql`SELECT u.id FROM u`);
      m.view('over_column', sql`SELECT id, b FROM t`);
      m.view('over_view', sql`SELECT id FROM gone`);
      m.view('over_function', {
        postgres: 'SELECT unity() AS n FROM t',
        mysql: 'SELECT unity() AS n FROM t',
        mariadb: 'SELECT unity() AS n FROM t',
        sqlite: 'SELECT 1 AS n FROM t',
      });
    },
    to: (m) => {
      m.table('t', { id: integer().primaryKey(), a: integer() });
      constant(m, 'kept');
      m.view('over_table', sql`SELECT t.id FROM t`);
      m.view('over_column', sql`SELECT id, 'x' AS b FROM t`);
      m.view('over_view', sql`SELECT id FROM t`);
      m.view('over_function', sql`SELECT 1 AS n FROM t`);
    },
    rows,
  },
  {
    name: 'keeps check options',
    from: (m) => {
      table(m);
      m.view('checked', 'SELECT id, a FROM t WHERE a > 0', { checkOption: 'local' });
    },
    to: (m) => {
      table(m);
      m.view('checked', 'SELECT id, a FROM t WHERE a > 0', { checkOption: 'cascaded' });
    },
    rows,
    sameOn: ['sqlite'],
  },
  {
    name: 'keeps the rights of the asker',
    from: (m) => {
      table(m);
      m.view('checked', 'SELECT id, a FROM t WHERE a > 0');
    },
    to: (m) => {
      table(m);
      m.view('checked', 'SELECT id, a FROM t WHERE a > 0', { securityInvoker: true });
    },
    rows,
    sameOn: ['sqlite'],
    // https://www.postgresql.org/docs/15/release-15.html
    sincePostgres: 15,
  },
  {
    name: 'adds, changes and drops triggers with what they call',
    from: (m) => {
      table(m);
      doubling(m, 2);
    },
    to: (m) => {
      table(m);
      doubling(m, 3);
    },
    rows,
  },
  {
    name: 'changes the body of a function and adds one that calls it',
    from: (m) => {
      table(m);
      m.function('plus', {
        args: 'n integer',
        returns: 'integer',
        attributes: 'IMMUTABLE',
        body: { postgres: 'SELECT n + 1' },
      });
      m.function('plus_one', {
        args: 'n INT',
        returns: 'INT',
        attributes: 'DETERMINISTIC',
        body: { mysql: 'RETURN n + 1', mariadb: 'RETURN n + 1' },
      });
    },
    to: (m) => {
      table(m);
      m.function('plus', {
        args: 'n integer',
        returns: 'integer',
        attributes: 'IMMUTABLE',
        body: { postgres: 'SELECT n + 2' },
      });
      m.function('a_twice', {
        args: 'n integer',
        returns: 'bigint',
        body: { postgres: 'SELECT plus(plus(n))::bigint' },
      });
      m.function('plus_one', {
        args: 'n INT',
        returns: 'INT',
        attributes: 'DETERMINISTIC',
        body: { mysql: 'RETURN n + 2', mariadb: 'RETURN n + 2' },
      });
    },
    rows,
    except: { sqlite: { reason: 'SQLite has no routines' } },
  },
  {
    name: 'adds a materialized view with its indexes, then changes its query',
    from: (m) => {
      table(m);
      m.view('kept', sql`SELECT id, a FROM t`, {
        materialized: true,
        indexes: [index('ux_kept', ['id'], { unique: true })],
      });
    },
    to: (m) => {
      table(m);
      m.view('kept', sql`SELECT id, a, b FROM t`, {
        materialized: true,
        indexes: [index('ux_kept', ['id'], { unique: true }), index('ix_kept_b', ['b'])],
        comment: 'read anew every night',
      });
    },
    rows,
    except: onlyPostgres('materialized views'),
  },
  {
    name: 'changes a domain under the column that has it',
    from: (m) => {
      m.object('domain', 'code', { definition: "CREATE DOMAIN code AS text CHECK (VALUE <> '')" });
      m.object('compositeType', 'pair', { definition: 'CREATE TYPE pair AS (a integer, b text)' });
      table(m);
    },
    to: (m) => {
      m.object('domain', 'code', {
        definition: "CREATE DOMAIN code AS text DEFAULT 'x' NOT NULL CONSTRAINT short CHECK (length(VALUE) < 9)",
        comment: 'a short code',
      });
      m.object('compositeType', 'pair', { definition: 'CREATE TYPE pair AS (a integer, b text, c numeric(10,2))' });
      table(m);
    },
    rows,
    except: onlyPostgres('domains'),
  },
  {
    name: 'makes a table of a domain that has a constraint called like a view of the table',
    from: (m) => void m.table('kept', { id: integer().primaryKey() }),
    to: (m) => {
      m.table('kept', { id: integer().primaryKey() });
      m.object('domain', 'code', { definition: "CREATE DOMAIN code AS text CONSTRAINT codes CHECK (VALUE <> '')" });
      m.table('t', { id: integer().primaryKey(), c: customType('code') });
      m.object('view', 'codes', { definition: 'CREATE VIEW codes AS SELECT id, c FROM t' });
    },
    except: onlyPostgres('domains'),
  },
  {
    name: 'makes a domain of another type anew',
    from: (m) => {
      m.object('domain', 'code', { definition: 'CREATE DOMAIN code AS varchar(20)' });
      table(m);
    },
    to: (m) => {
      m.object('domain', 'code', { definition: 'CREATE DOMAIN code AS bigint' });
      table(m);
    },
    rows,
    except: onlyPostgres('domains'),
  },
  {
    name: 'secures rows by policies, and changes them',
    from: (m) => {
      m.table('t', columns, undefined, { options: { postgres: { rowSecurity: true } } });
      m.object('policy', 'own', { table: 't', definition: 'CREATE POLICY own ON t FOR SELECT USING (a > 0)' });
    },
    to: (m) => {
      m.table('t', columns, undefined, { options: { postgres: { rowSecurity: true, forceRowSecurity: true } } });
      m.object('policy', 'own', { table: 't', definition: 'CREATE POLICY own ON t FOR SELECT USING (a > 1)' });
      m.object('policy', 'write', {
        table: 't',
        definition: 'CREATE POLICY write ON t AS RESTRICTIVE FOR INSERT TO PUBLIC WITH CHECK (b IS NOT NULL)',
      });
    },
    rows,
    except: onlyPostgres('row-level security'),
  },
  {
    name: 'changes storage parameters and the rest of a table',
    from: (m) => void m.table('t', columns, undefined, { options: { postgres: { 'storage fillfactor': '70' } } }),
    to: (m) =>
      void m.table('t', { ...columns, c: text() }, undefined, {
        options: {
          postgres: {
            unlogged: true,
            'storage fillfactor': '80',
            'columnStatistics a': '500',
            replicaIdentity: 'FULL',
          },
        },
      }),
    rows,
    except: onlyPostgres('storage parameters'),
  },
  {
    name: 'changes the row format, the engine and the partitions of a table',
    from: (m) =>
      void m.table('t', columns, undefined, {
        options: { mysql: { rowFormat: 'COMPACT' }, mariadb: { rowFormat: 'COMPACT' } },
      }),
    to: (m) =>
      void m.table('t', columns, undefined, {
        options: {
          mysql: { rowFormat: 'DYNAMIC', partitionBy: 'HASH (`id`)\nPARTITIONS 4' },
          mariadb: { rowFormat: 'DYNAMIC', partitionBy: 'HASH (`id`)\nPARTITIONS 4' },
        },
      }),
    rows,
    except: {
      sqlite: { reason: 'SQLite has no row formats' },
      postgres: { reason: 'PostgreSQL has no row formats' },
    },
  },
  {
    name: 'makes a table strict',
    from: (m) => void m.table('t', { id: integer().primaryKey(), a: integer(), b: text() }),
    to: (m) =>
      void m.table('t', { id: integer().primaryKey(), a: integer(), b: text() }, undefined, {
        options: { sqlite: { strict: true } },
      }),
    rows,
    sameOn: ['postgres', 'mysql', 'mariadb'],
  },
  {
    name: 'adds and changes an event',
    from: (m) => {
      table(m);
      m.object('event', 'tidy', {
        definition: {
          mysql: "CREATE EVENT tidy ON SCHEDULE EVERY 1 DAY STARTS '2035-01-01 00:00:00' DO DELETE FROM t WHERE a < 0",
          mariadb:
            "CREATE EVENT tidy ON SCHEDULE EVERY 1 DAY STARTS '2035-01-01 00:00:00' DO DELETE FROM t WHERE a < 0",
        },
      });
    },
    to: (m) => {
      table(m);
      const definition =
        "CREATE EVENT tidy ON SCHEDULE EVERY 2 HOUR STARTS '2035-01-01 00:00:00' DISABLE COMMENT 'rare' DO DELETE FROM t WHERE a < 0";
      m.object('event', 'tidy', { definition: { mysql: definition, mariadb: definition } });
    },
    rows,
    except: { sqlite: { reason: 'SQLite has no events' }, postgres: { reason: 'PostgreSQL has no events' } },
  },
];

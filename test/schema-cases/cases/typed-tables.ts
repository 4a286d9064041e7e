/** Tables of PostgreSQL that are of a composite type, and what it keeps beside tables. */
import { check, index, integer, type MetaData, primaryKey, sql, text } from 'aludel';
import type { SchemaCase } from '../schema-case.js';

const except = {
  sqlite: { reason: 'SQLite has no composite types' },
  mysql: { reason: 'MySQL has no composite types' },
  mariadb: { reason: 'MariaDB has no composite types' },
} as const;

const withoutTablespaces = {
  sqlite: { reason: 'SQLite has no tablespaces' },
  mysql: { reason: 'tablespaces are of other kinds' },
  mariadb: { reason: 'tablespaces are of other kinds' },
} as const;

const withoutUnlogged = {
  sqlite: { reason: 'SQLite has no sequences' },
  mysql: { reason: 'MySQL has no sequences' },
  mariadb: { reason: 'MariaDB keeps all sequences' },
} as const;

function person(m: MetaData, attributes = 'id integer, name text'): void {
  m.object('compositeType', 'person', { definition: `CREATE TYPE person AS (${attributes})` });
}

const ofPerson = { options: { postgres: { ofType: 'public.person' } } };

const rows = [`INSERT INTO "people" VALUES (1, 'ada')`];

export const TYPED_TABLES: readonly SchemaCase[] = [
  {
    name: 'makes tables of a composite type, whatever they are called',
    from: (m) => void m.table('kept', { id: integer().primaryKey() }),
    to: (m) => {
      m.table('kept', { id: integer().primaryKey() });
      person(m);
      m.table('a_people', { id: integer(), name: text() }, undefined, ofPerson);
      m.table(
        'people',
        { id: integer().notNull(), name: text().notNull().serverDefault('none').comment('Theirs') },
        (c) => [primaryKey(['id']), check('short', sql`length(name) < 9`), index('ix_people', [c.name])],
        ofPerson,
      );
    },
    except,
  },
  {
    name: 'puts a table under a composite type, and takes another one from it, with their rows',
    from: (m) => {
      person(m);
      m.table('people', { id: integer(), name: text() });
      m.table('others', { id: integer(), name: text() }, undefined, ofPerson);
    },
    to: (m) => {
      person(m);
      m.table('people', { id: integer(), name: text().notNull() }, undefined, ofPerson);
      m.table('others', { id: integer(), name: text(), more: text() }, undefined, {
        options: { postgres: { ofType: false } },
      });
    },
    rows,
    except,
  },
  {
    name: 'makes a sequence that is not kept over a crash, and keeps another one from now on',
    from: (m) => {
      m.table('kept', { id: integer().primaryKey() });
      m.sequence('fast', { unlogged: true });
      m.sequence('slow');
    },
    to: (m) => {
      m.table('kept', { id: integer().primaryKey() });
      m.sequence('fast');
      m.sequence('slow', { unlogged: true, increment: 2 });
      m.sequence('other', { unlogged: true });
    },
    sincePostgres: 15,
    except: withoutUnlogged,
  },
  {
    name: 'takes the usual tablespace and access method for none',
    from: (m) => void m.table('t', { id: integer() }),
    to: (m) =>
      void m.table(
        't',
        { id: integer().notNull() },
        (c) => [index('ix_t', [c.id], { storage: { tablespace: 'pg_default' } })],
        { options: { postgres: { tablespace: 'pg_default', method: 'heap' } } },
      ),
    except: withoutTablespaces,
  },
];

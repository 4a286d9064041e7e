/** What MySQL and MariaDB keep of tables, columns and keys besides their shape: where and how they lie. */
import { index, integer, type MetaData, primaryKey, sql, text, varchar } from 'aludel';
import type { TableOptions } from '../../../src/schema/table.js';
import type { SchemaCase } from '../schema-case.js';

const except = {
  sqlite: { reason: 'SQLite has nothing of the kind' },
  postgres: { reason: 'PostgreSQL has nothing of the kind' },
};

const onlyMysql = { ...except, mariadb: { reason: 'MariaDB has nothing of the kind' } };

const plain = (m: MetaData, options: TableOptions = {}): void =>
  void m.table('t', { id: integer().primaryKey(), note: varchar(20) }, undefined, {
    options: { mysql: options, mariadb: options },
  });

const COMPRESSED = { options: { mysql: { rowFormat: 'COMPRESSED' }, mariadb: { rowFormat: 'COMPRESSED' } } };

const ROWS = ["INSERT INTO t (id, note) VALUES (1, 'x')"];

const books = (m: MetaData, name: string, options: TableOptions): void =>
  void m.table(name, { id: integer() }, (c) => [index(`ix_${name}`, [c.id])], {
    options: { mysql: options, mariadb: options },
  });

const united = (m: MetaData, options: TableOptions): void => {
  for (const name of ['y2025', 'y2026']) books(m, name, { engine: 'MyISAM' });
  books(m, 'years', { engine: 'MRG_MyISAM', ...options });
};

export const MYSQL_OPTIONS: readonly SchemaCase[] = [
  {
    name: 'moves a table to another tablespace, and lets it grow in steps',
    from: (m) => plain(m, { tablespace: 'innodb_system', statsPersistent: '0' }),
    to: (m) => plain(m, { tablespace: 'innodb_file_per_table', autoextendSize: '4194304', statsPersistent: false }),
    rows: ROWS,
    except: onlyMysql,
  },
  {
    name: 'gives a table a secondary engine, and attributes for it',
    from: (m) => plain(m),
    to: (m) => plain(m, { secondaryEngine: 'rapid', secondaryEngineAttribute: `{"a": "it's \\\\ \\"so\\""}` }),
    rows: ROWS,
    except: onlyMysql,
  },
  {
    name: 'says where columns lie, and keeps it when they change',
    from: (m) =>
      m.table(
        't',
        { id: integer().primaryKey(), a: integer(), b: varchar(20).serverDefault('x'), c: text() },
        undefined,
        {
          options: {
            mysql: {
              'columnAttributes a': 'SECONDARY_ENGINE_ATTRIBUTE \'{"a": 1}\'',
              'columnAttributes b': 'STORAGE DISK COLUMN_FORMAT FIXED',
            },
          },
        },
      ),
    to: (m) =>
      m.table(
        't',
        {
          id: integer().primaryKey(),
          a: integer().comment('counted'),
          name: varchar(30).notNull().serverDefault('x'),
          c: text(),
        },
        undefined,
        {
          options: {
            mysql: {
              'columnAttributes a': 'SECONDARY_ENGINE_ATTRIBUTE \'{"a": 1}\'',
              'columnAttributes name': 'STORAGE DISK COLUMN_FORMAT FIXED',
              'columnAttributes c': 'NOT SECONDARY',
              'columnInvisible c': true,
            },
          },
        },
      ),
    renames: ['t.b:t.name'],
    rows: ["INSERT INTO t (id, a, b) VALUES (1, 2, 'y')"],
    except: onlyMysql,
  },
  {
    name: 'sorts a primary key from the end, with a comment and blocks of its own',
    from: (m) =>
      void m.table('t', { a: integer(), b: integer(), c: varchar(20) }, (k) => [primaryKey([k.a, k.b])], COMPRESSED),
    to: (m) =>
      void m.table(
        't',
        { a: integer(), b: integer(), c: varchar(20) },
        (k) => [primaryKey([k.b, k.c], { descending: ['b', 'c'], storage: { keyBlockSize: '4' }, comment: "it's" })],
        COMPRESSED,
      ),
    rows: ["INSERT INTO t (a, b, c) VALUES (1, 2, 'x')"],
    except,
  },
  {
    name: 'changes the comment of a primary key that counts',
    from: (m) => void m.table('t', { id: integer().autoincrement() }, (k) => [primaryKey([k.id], { comment: 'old' })]),
    to: (m) => void m.table('t', { id: integer().autoincrement() }, (k) => [primaryKey([k.id], { comment: 'new' })]),
    rows: ['INSERT INTO t (id) VALUES (5)'],
    afterwards: ['INSERT INTO t () VALUES ()'],
    except,
  },
  {
    name: 'gives an index attributes for its engine',
    from: (m) => void m.table('t', { id: integer().primaryKey(), a: integer() }, (c) => [index('ix_t', [c.a])]),
    to: (m) =>
      void m.table('t', { id: integer().primaryKey(), a: integer() }, (c) => [
        index('ix_t', [c.a, sql`(a + 1)`], { storage: { attributes: 'SECONDARY_ENGINE_ATTRIBUTE \'{"y": 1}\'' } }),
      ]),
    rows: ['INSERT INTO t (id, a) VALUES (1, 2)'],
    except: onlyMysql,
  },
  {
    name: 'unites tables, and then others',
    from: (m) => united(m, { union: '(y2025)', insertMethod: 'LAST' }),
    to: (m) => united(m, { union: '(`y2025`, `y2026`)', insertMethod: 'FIRST' }),
    rows: ['INSERT INTO years (id) VALUES (1)'],
    afterwards: ['INSERT INTO years (id) VALUES (2)'],
    except,
  },
  {
    name: 'makes a table of Aria that forgets what a crash takes (MariaDB)',
    from: (m) => plain(m, { engine: 'Aria', transactional: '1' }),
    to: (m) => plain(m, { engine: 'Aria', transactional: '0', rowFormat: 'DYNAMIC', delayKeyWrite: '1' }),
    rows: ROWS,
    except: { ...except, mysql: { reason: 'MySQL has no Aria' } },
  },
  {
    name: 'tells MyISAM what to expect',
    from: (m) => plain(m, { engine: 'MyISAM', minRows: '3', packKeys: '1', checksum: '1' }),
    to: (m) =>
      plain(m, {
        engine: 'MyISAM',
        minRows: false,
        packKeys: false,
        checksum: false,
        maxRows: '99',
        avgRowLength: '77',
        delayKeyWrite: '1',
        rowFormat: 'FIXED',
      }),
    rows: ROWS,
    except,
  },
];

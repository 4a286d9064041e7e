/** Uniques, checks and foreign keys. */
import {
  check,
  customType,
  foreignKey,
  type ForeignKeyOptions,
  integer,
  type MetaData,
  primaryKey,
  sql,
  text,
  unique,
  varchar,
} from 'aludel';
import type { SchemaCase } from '../schema-case.js';

const ONLY_POSTGRES = {
  sqlite: { reason: 'PostgreSQL has them', code: 'ALUDEL_OPERATION_UNSUPPORTED' },
  mysql: { reason: 'PostgreSQL has them', code: 'ALUDEL_OPERATION_UNSUPPORTED' },
  mariadb: { reason: 'PostgreSQL has them', code: 'ALUDEL_OPERATION_UNSUPPORTED' },
} as const;

const rows = ["INSERT INTO t (id, a, b) VALUES (1, 1, 'x'), (2, 2, 'y')"];
const columns = { id: integer().primaryKey(), a: integer(), b: varchar(20) };
type Args = Parameters<MetaData['table']>[2];
const table = (m: MetaData, args?: Args) => void m.table('t', columns, args);

const ACTIONS = ['no action', 'restrict', 'cascade', 'set null', 'set default'] as const;

function parentAndChildren(m: MetaData, options: (action: (typeof ACTIONS)[number]) => ForeignKeyOptions): void {
  m.table('p', { id: integer().primaryKey() });
  for (const action of ACTIONS) {
    m.table(`c_${action.replace(' ', '_')}`, { id: integer().primaryKey(), pId: integer() }, (c) => [
      foreignKey([c.pId], 'p', ['id'], options(action)),
    ]);
  }
}

const noSetDefault = 'InnoDB refuses SET DEFAULT';

export const CONSTRAINTS: readonly SchemaCase[] = [
  {
    name: 'adds, changes and drops uniques',
    from: (m) => table(m, (c) => [unique([c['a'] ?? 'a'], { name: 'goes' }), unique(['b'], { name: 'changes' })]),
    to: (m) => table(m, () => [unique(['b', 'a'], { name: 'changes' }), unique(['b'])]),
    rows,
  },
  {
    name: 'renames a unique by dropping and adding it',
    from: (m) => table(m, () => [unique(['a'], { name: 'one' })]),
    to: (m) => table(m, () => [unique(['a'], { name: 'two' })]),
    rows,
  },
  {
    name: 'adds, changes and drops checks',
    from: (m) =>
      table(m, () => [check('goes', sql`a > 0`), check('changes', sql`a < 100`), check('stays', sql`length(b) > 0`)]),
    to: (m) =>
      table(m, () => [
        check('changes', sql`a < 200`),
        check('stays', sql`length(b) > 0`),
        check('nasty', sql`b <> ${"it's \\ ${x} `"} AND b NOT LIKE '%--%'`),
        check('list', sql`a IN (1, 2, 3) OR a IS NULL`),
      ]),
    rows,
  },
  {
    name: 'builds checks from columns',
    from: (m) => void m.table('t', columns),
    to: (m) =>
      void m.table('t', columns, (c) => [
        check('plain', c.a.gte(0)),
        check('several', c.a.lt(100).and(sql`b <> 'z'`, c.b.isNotNull())),
        check('either', c.a.isNull().or(c.a.in([1, 2, 3]))),
        check(
          'text',
          c.b
            .like('%')
            .not()
            .or(c.b.notIn(["it's", 'q'])),
        ),
      ]),
    rows,
  },
  {
    name: 'creates foreign keys with every action on delete',
    from: (m) => void m.table('p', { id: integer().primaryKey() }),
    to: (m) => parentAndChildren(m, (onDelete) => ({ onDelete })),
    rows: ['INSERT INTO p (id) VALUES (1)'],
    afterwards: ['INSERT INTO c_cascade (id, p_id) VALUES (1, 1)'],
    except: { mysql: { reason: noSetDefault }, mariadb: { reason: noSetDefault } },
  },
  {
    name: 'changes the actions of foreign keys under rows',
    from: (m) => parentAndChildren(m, () => ({ onUpdate: 'cascade' })),
    to: (m) => parentAndChildren(m, (action) => ({ onDelete: action, onUpdate: action })),
    rows: [
      'INSERT INTO p (id) VALUES (1)',
      ...ACTIONS.map((action) => `INSERT INTO c_${action.replace(' ', '_')} (id, p_id) VALUES (1, 1)`),
    ],
    except: { mysql: { reason: noSetDefault }, mariadb: { reason: noSetDefault } },
  },
  {
    name: 'makes a key that acts in another way with the words of the models',
    from: (m) => {
      m.table('p', { id: integer().primaryKey(), n: integer() });
      m.table('c', {
        id: integer().primaryKey(),
        a: integer().references('p.id', { onDelete: 'cascade', onUpdate: 'no action' }),
        b: integer().references('p.id', { onDelete: 'cascade' }),
        kept: integer().references('p.id', { onUpdate: 'no action' }),
      });
    },
    to: (m) => {
      m.table('p', { id: integer().primaryKey(), n: integer() });
      m.table('c', {
        id: integer().primaryKey(),
        a: integer().references('p.id', { onDelete: 'no action', onUpdate: 'no action' }),
        b: integer().references('p.id', { onDelete: 'set null', onUpdate: 'no action' }),
        kept: integer().references('p.id', { onUpdate: 'no action' }),
      });
    },
  },
  {
    name: 'adds and drops foreign keys',
    from: (m) => {
      m.table('p', { id: integer().primaryKey() });
      m.table('c', {
        id: integer().primaryKey(),
        goes: integer().references('p.id', { onDelete: 'cascade' }),
        comes: integer(),
      });
    },
    to: (m) => {
      m.table('p', { id: integer().primaryKey() });
      m.table('c', {
        id: integer().primaryKey(),
        goes: integer(),
        comes: integer().references('p.id', { onDelete: 'set null' }),
        more: integer().references('p.id'),
      });
    },
    rows: ['INSERT INTO p (id) VALUES (1), (2)', 'INSERT INTO c (id, goes, comes) VALUES (1, 1, 2), (2, NULL, 1)'],
    afterwards: ['INSERT INTO c (id, goes, comes) VALUES (3, 1, 2)'],
  },
  {
    name: 'refers by several columns, to itself, and to a unique',
    from: (m) => {
      m.table('p', { a: integer().primaryKey(), b: integer().primaryKey(), code: varchar(10).notNull().unique() });
      m.table('c', { id: integer().primaryKey(), a: integer(), b: integer(), code: varchar(10), parent: integer() });
    },
    to: (m) => {
      m.table('p', { a: integer().primaryKey(), b: integer().primaryKey(), code: varchar(10).notNull().unique() });
      m.table(
        'c',
        {
          id: integer().primaryKey(),
          a: integer(),
          b: integer(),
          code: varchar(10).references('p.code', { name: 'by_code' }),
          parent: integer().references('c.id', { onDelete: 'cascade' }),
        },
        (c) => [foreignKey([c.a, c.b], 'p', ['a', 'b'], { onDelete: 'cascade', onUpdate: 'cascade' })],
      );
    },
    rows: [
      "INSERT INTO p (a, b, code) VALUES (1, 2, 'x')",
      "INSERT INTO c (id, a, b, code, parent) VALUES (1, 1, 2, 'x', NULL), (2, 1, 2, 'x', 1)",
    ],
  },
  {
    name: 'makes foreign keys deferrable and stops it',
    from: (m) => {
      m.table('p', { id: integer().primaryKey() });
      m.table('c', {
        id: integer().primaryKey(),
        x: integer().references('p.id', { deferrable: 'deferred' }),
        y: integer().references('p.id'),
      });
    },
    to: (m) => {
      m.table('p', { id: integer().primaryKey() });
      m.table('c', {
        id: integer().primaryKey(),
        x: integer().references('p.id'),
        y: integer().references('p.id', { deferrable: 'deferred' }),
      });
    },
    rows: ['INSERT INTO p (id) VALUES (1)', 'INSERT INTO c (id, x, y) VALUES (1, 1, 1)'],
    except: { mysql: { reason: 'no deferrable constraints' }, mariadb: { reason: 'no deferrable constraints' } },
  },
  {
    name: 'makes a foreign key deferrable from the start of statements',
    from: (m) => {
      m.table('p', { id: integer().primaryKey() });
      m.table('c', { id: integer().primaryKey(), x: integer().references('p.id') });
    },
    to: (m) => {
      m.table('p', { id: integer().primaryKey() });
      m.table('c', { id: integer().primaryKey(), x: integer().references('p.id', { deferrable: 'immediate' }) });
    },
    sameOn: ['sqlite'],
    rows: ['INSERT INTO p (id) VALUES (1)', 'INSERT INTO c (id, x) VALUES (1, 1)'],
    except: { mysql: { reason: 'no deferrable constraints' }, mariadb: { reason: 'no deferrable constraints' } },
  },
  {
    name: 'creates and drops tables that refer to each other in a circle of two and of three',
    from: (m) => void m.table('lone', { id: integer().primaryKey() }),
    to: (m) => {
      m.table('lone', { id: integer().primaryKey() });
      m.table('a', { id: integer().primaryKey(), bId: integer().references('b.id') });
      m.table('b', { id: integer().primaryKey(), aId: integer().references('a.id', { onDelete: 'cascade' }) });
      m.table('x', { id: integer().primaryKey(), yId: integer().references('y.id') });
      m.table('y', { id: integer().primaryKey(), zId: integer().references('z.id') });
      m.table('z', { id: integer().primaryKey(), xId: integer().references('x.id') });
    },
    afterwards: ['INSERT INTO a (id) VALUES (1)', 'INSERT INTO b (id, a_id) VALUES (1, 1)', 'UPDATE a SET b_id = 1'],
  },
  {
    name: 'drops one table of a circle',
    from: (m) => {
      m.table('a', { id: integer().primaryKey(), bId: integer().references('b.id') });
      m.table('b', { id: integer().primaryKey(), aId: integer().references('a.id') });
    },
    to: (m) => void m.table('a', { id: integer().primaryKey(), bId: integer() }),
    rows: ['INSERT INTO a (id) VALUES (1), (2)'],
  },
  {
    name: 'drops a column with an index, a unique, a check and a foreign key on it',
    from: (m) => {
      m.table('p', { id: integer().primaryKey() });
      m.table('t', { id: integer().primaryKey(), x: integer().references('p.id').unique().index(), y: text() }, (c) => [
        check('x_small', c.x.lt(100)),
        unique([c.x, c.y], { name: 'both' }),
      ]);
    },
    to: (m) => {
      m.table('p', { id: integer().primaryKey() });
      m.table('t', { id: integer().primaryKey(), y: text() });
    },
    rows: ['INSERT INTO p (id) VALUES (1)', "INSERT INTO t (id, x, y) VALUES (1, 1, 'a'), (2, NULL, 'b')"],
    except: {
      mysql: { reason: 'TEXT takes no unique without a length' },
      mariadb: { reason: 'TEXT takes no unique without a length' },
    },
  },
  {
    name: 'alters a parent under children that would cascade',
    from: (m) => {
      m.table('p', {
        id: integer().primaryKey(),
        name: varchar(10),
        up: integer().references('p.id', { onDelete: 'cascade' }),
      });
      m.table('c', {
        id: integer().primaryKey(),
        pId: integer().notNull().references('p.id', { onDelete: 'cascade' }),
      });
      m.table('g', {
        id: integer().primaryKey(),
        cId: integer().notNull().references('c.id', { onDelete: 'cascade', onUpdate: 'cascade' }),
      });
    },
    to: (m) => {
      m.table(
        'p',
        {
          id: integer().primaryKey(),
          name: varchar(20).notNull().serverDefault('x'),
          up: integer().references('p.id', { onDelete: 'cascade' }),
        },
        (c) => [check('named', c.name.ne(''))],
      );
      m.table(
        'c',
        {
          id: integer().primaryKey(),
          pId: integer().notNull().references('p.id', { onDelete: 'cascade' }),
          note: varchar(5).notNull().serverDefault(''),
        },
        (c) => [unique([c.pId, c.id])],
      );
      m.table('g', {
        id: integer().primaryKey(),
        cId: integer().notNull().references('c.id', { onDelete: 'cascade', onUpdate: 'cascade' }),
      });
    },
    rows: [
      "INSERT INTO p (id, name, up) VALUES (1, 'a', NULL), (2, 'b', 1)",
      'INSERT INTO c (id, p_id) VALUES (1, 1), (2, 1), (3, 2)',
      'INSERT INTO g (id, c_id) VALUES (1, 1), (2, 3)',
    ],
  },
  {
    name: 'checks that are not enforced, for a while or at all',
    from: (m) => table(m, () => [check('on', sql`a > 0`), check('off', sql`b <> 'y'`, { notEnforced: true })]),
    to: (m) => table(m, () => [check('on', sql`a > 0`, { notEnforced: true }), check('off', sql`b <> 'z'`)]),
    sincePostgres: 18,
    rows,
    except: {
      sqlite: { reason: 'SQLite enforces every check', code: 'ALUDEL_OPERATION_UNSUPPORTED' },
      mariadb: { reason: 'MariaDB enforces every check', code: 'ALUDEL_OPERATION_UNSUPPORTED' },
    },
  },
  {
    name: 'foreign keys that are not enforced, and those that empty some of their columns only',
    from: (m) => pairsOfKeys(m, { onDelete: 'set null', onDeleteColumns: ['b'] }),
    to: (m) => pairsOfKeys(m, { onDelete: 'set default', notEnforced: true }),
    sincePostgres: 18,
    rows: ['INSERT INTO p (a, b) VALUES (1, 2)', 'INSERT INTO t (id, a, b) VALUES (1, 1, 2)'],
    except: ONLY_POSTGRES,
  },
  {
    name: 'keys of periods',
    from: (m) => stays(m, false),
    to: (m) => stays(m, true),
    sincePostgres: 18,
    except: ONLY_POSTGRES,
  },
  {
    name: 'storage parameters of keys',
    from: (m) => table(m, () => [unique(['a'], { name: 'uq', storage: { fillfactor: '70' } })]),
    to: (m) =>
      void m.table('t', { ...columns, id: integer().notNull() }, (c) => [
        primaryKey([c.id], { name: 'pk_t', storage: { fillfactor: '60' } }),
        unique([c.a], { name: 'uq' }),
      ]),
    rows,
    sameOn: ['sqlite'],
  },
];

function pairsOfKeys(m: MetaData, options: ForeignKeyOptions): void {
  m.table('p', { a: integer().notNull(), b: integer().notNull() }, (c) => [primaryKey([c.a, c.b])]);
  m.table('t', { id: integer().primaryKey(), a: integer(), b: integer() }, (c) => [
    foreignKey([c.a, c.b], 'p', ['a', 'b'], { name: 'fk', ...options }),
  ]);
}

function stays(m: MetaData, isLater: boolean): void {
  const [room, during] = [customType('int4range'), customType('daterange')];
  m.table('rooms', { room: room.notNull(), during: during.notNull(), at: during.notNull() }, (c) => [
    primaryKey([c.room, isLater ? c.at : c.during], { name: 'rooms_key', period: true }),
  ]);
  m.table('stays', { room, during }, (c) => [
    unique([c.room, c.during], { name: 'uq', period: true }),
    foreignKey([c.room, c.during], 'rooms', ['room', isLater ? 'at' : 'during'], { name: 'stays_room', period: true }),
  ]);
}

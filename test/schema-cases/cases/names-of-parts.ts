/** What PostgreSQL keeps of parts that other databases have no words for. */
import { customType, enumeration, exclusion, index, integer, type MetaData, sql, text, unique } from 'aludel';
import type { SchemaCase } from '../schema-case.js';

const onPostgresOnly = { sameOn: ['sqlite', 'mysql', 'mariadb'] } as const satisfies Partial<SchemaCase>;
const since18 = { ...onPostgresOnly, sincePostgres: 18 } as const satisfies Partial<SchemaCase>;
const rows = ["INSERT INTO t (id, name) VALUES (1, 'one')"];
const code = 'ALUDEL_OPERATION_UNSUPPORTED';
const forAll = { reason: 'NOT NULL holds for all rows', code };
const notElsewhere = { sqlite: forAll, mysql: forAll, mariadb: forAll };
const noSequence = { reason: 'one column of a key counts', code: 'ALUDEL_TYPE_UNSUPPORTED' };
const noSequences = { sqlite: noSequence, mysql: noSequence, mariadb: noSequence };
const reason = 'the database has no such thing';

export const NAMES_OF_PARTS: readonly SchemaCase[] = [
  {
    name: 'names of parts: an enum keeps its comment while its type is swapped',
    from: (m) => void m.table('t', { id: integer(), s: enumeration('status', ['a', 'b'], { comment: 'first' }) }),
    to: (m) => void m.table('t', { id: integer(), s: enumeration('status', ['b', 'a'], { comment: 'first' }) }),
    rows: ["INSERT INTO t (id, s) VALUES (1, 'a')"],
  },
  {
    name: 'names of parts: comments of enums come, change and go',
    from: (m) => {
      m.table('t', {
        id: integer(),
        s: enumeration('status', ['a']),
        u: enumeration('unit', ['m'], { comment: "it's" }),
      });
      m.enumeration('alone', ['x'], { comment: 'old' });
    },
    to: (m) => {
      m.table('t', {
        id: integer(),
        s: enumeration('status', ['a'], { comment: 'new' }),
        u: enumeration('unit', ['m']),
      });
      m.enumeration('alone', ['x'], { comment: 'other' });
    },
    ...onPostgresOnly,
  },
  {
    name: 'names of parts: the sequence of an identity column is called otherwise and counts on',
    from: (m) => void m.table('t', { id: integer().primaryKey().identity({ sequence: 'old 100%' }), name: text() }),
    to: (m) => void m.table('t', { id: integer().primaryKey().identity({ sequence: 'numbers' }), name: text() }),
    rows: ["INSERT INTO t (name) VALUES ('one')"],
    afterwards: ["INSERT INTO t (name) VALUES ('two')"],
    ...onPostgresOnly,
  },
  {
    name: 'names of parts: sequences of identity columns get, change and lose a comment',
    from: (m) =>
      void m.table('t', {
        id: integer().identity({ comment: 'first' }),
        n: integer().identity({ comment: 'gone', sequence: 'ns' }),
        o: integer().identity(),
        p: integer(),
      }),
    to: (m) =>
      void m.table('t', {
        id: integer().identity({ comment: "it's %s 100%" }),
        n: integer().identity({ sequence: 'ns' }),
        o: integer().identity({ comment: 'new' }),
        p: integer().identity({ comment: 'counts now' }),
        q: integer().identity({ comment: 'is new' }),
      }),
    rows: ['INSERT INTO t (p) VALUES (1)'],
    except: noSequences,
  },
  {
    name: 'names of parts: NOT NULL is called otherwise',
    from: (m) => void m.table('t', { id: integer().notNull('first'), name: text(), n: text().notNull() }),
    to: (m) => void m.table('t', { id: integer().notNull('second'), name: text(), n: text().notNull('third') }),
    rows: ["INSERT INTO t (id, n) VALUES (1, 'one')"],
    ...since18,
  },
  {
    name: 'names of parts: a column becomes required for new rows only, under a name',
    from: (m) => void m.table('t', { id: integer(), name: text() }),
    to: (m) => void m.table('t', { id: integer(), name: text().notNull('has_name', 'not valid') }),
    rows,
    sincePostgres: 18,
    except: { sqlite: { reason }, mysql: { reason }, mariadb: { reason } },
  },
  {
    name: 'names of parts: NOT NULL holds for all rows, and no longer for children',
    from: (m) => void m.table('t', { id: integer().notNull('n', 'not valid'), name: text().notNull() }),
    to: (m) => void m.table('t', { id: integer().notNull('n'), name: text().notNull(null, 'no inherit') }),
    rows,
    sincePostgres: 18,
    except: notElsewhere,
  },
  {
    name: 'names of parts: exclusion constraints carry columns, storage parameters and orders',
    from: (m) =>
      void m.table('t', { id: integer(), name: text(), at: customType('int4range') }, (c) => [
        exclusion([[c.id, '=']], { name: 'ex', method: 'btree', include: ['name'] }),
      ]),
    to: (m) =>
      void m.table('t', { id: integer(), name: text(), at: customType('int4range') }, (c) => [
        exclusion(
          [
            [c.id.desc().nullsLast(), '='],
            [c.name.asc().collate('"C"').opclass('text_pattern_ops'), '='],
          ],
          { name: 'ex', method: 'btree', include: ['at'], storage: { fillfactor: '70' } },
        ),
      ]),
    except: { sqlite: { reason }, mysql: { reason }, mariadb: { reason } },
  },
  {
    name: 'names of parts: storage parameters keep their order',
    from: (m) =>
      void m.table('t', { id: integer() }, () => [], {
        options: { postgres: { 'storage toast_tuple_target': '200', 'storage fillfactor': '80' } },
      }),
    to: (m) =>
      void m.table('t', { id: integer() }, () => [], {
        options: {
          postgres: {
            'storage parallel_workers': '2',
            'storage toast_tuple_target': '200',
            'storage fillfactor': '70',
          },
        },
      }),
    ...onPostgresOnly,
  },
  {
    name: 'names of parts: the index behind a key has a comment of its own, which goes and comes with it',
    from: (m) =>
      void m.table(
        't',
        { id: integer().primaryKey(), a: integer(), b: integer() },
        () => [unique(['a'], { name: 'k' })],
        {
          options: { postgres: { 'indexComment k': "it's", 'indexComment pk_t': 'old', replicaIdentity: 'NOTHING' } },
        },
      ),
    to: (m) =>
      void m.table(
        't',
        { id: integer().primaryKey(), a: integer().notNull(), b: integer().notNull() },
        () => [unique(['a', 'b'], { name: 'k' })],
        {
          options: {
            postgres: { 'indexComment k': "it's", 'indexComment pk_t': 'new', replicaIdentity: 'USING INDEX "k"' },
          },
        },
      ),
    rows: ['INSERT INTO t (id, a, b) VALUES (1, 1, 1)'],
  },
  {
    name: 'names of parts: replica identity and order follow an index that is made anew',
    from: (m) => marked(m, ['a']),
    to: (m) => marked(m, ['a', 'b']),
    rows: ['INSERT INTO t (id, a, b) VALUES (1, 1, 1)'],
  },
  {
    name: 'names of parts: NOT NULL has a comment, and loses and gets back its name',
    from: (m) =>
      void m.table('t', { id: integer().notNull(), name: text().notNull('must'), other: text() }, () => [], {
        options: { postgres: { 'columnNotNullComment id': 'first', 'columnNotNullComment name': '$aludel$' } },
      }),
    to: (m) =>
      void m.table('t', { id: integer().notNull(), name: text(), other: text().notNull() }, () => [], {
        options: { postgres: { 'columnNotNullComment id': "it's", 'columnNotNullComment other': 'new' } },
      }),
    sincePostgres: 18,
  },
  {
    name: 'names of parts: an expression of an index has a statistics target',
    from: (m) => counted(m, true, { 'indexStatistics i': '2=500' }),
    to: (m) => counted(m, false, { 'indexStatistics i': '2=100' }),
    rows,
    except: { mysql: { reason: 'expressions in indexes' }, mariadb: { reason: 'expressions in indexes' } },
  },
];

function marked(m: MetaData, columns: string[]): void {
  m.table(
    't',
    { id: integer(), a: integer().notNull(), b: integer().notNull() },
    () => [unique(columns, { name: 'k' })],
    { options: { postgres: { replicaIdentity: 'USING INDEX "k"', clusterOn: 'k' } } },
  );
}

function counted(m: MetaData, isLower: boolean, options: Readonly<Record<string, string>>): void {
  m.table(
    't',
    { id: integer(), name: text() },
    (c) => [index('i', [c.id, isLower ? sql`lower(name)` : sql`upper(name)`])],
    {
      options: { postgres: options },
    },
  );
}

/** Partitions of PostgreSQL: tables that follow another one. */
import { check, foreignKey, index, integer, type MetaData, primaryKey, sql, type TableArg, text, unique } from 'aludel';
import type { SchemaCase } from '../schema-case.js';

const except = {
  sqlite: { reason: 'SQLite has no partitions' },
  mysql: { reason: 'partitions are no tables' },
  mariadb: { reason: 'partitions are no tables' },
} as const;

interface Part {
  readonly of: string;
  readonly bound?: string;
  /** The column beside the key. */
  readonly column?: string;
  readonly renamedFrom?: string;
}

const columns = (column: string, renamedFrom: string | undefined) => ({
  id: integer().notNull(),
  [column]: renamedFrom === undefined ? text() : text().renamedFrom(renamedFrom),
});

function parted(m: MetaData, name: string, { column = 'note', from }: { column?: string; from?: string[] } = {}): void {
  m.table(name, columns(column, from?.[1]), () => [primaryKey(['id'])], {
    options: { postgres: { partitionBy: 'RANGE (id)' } },
    ...(from?.[0] === undefined ? {} : { renamedFrom: from[0] }),
  });
}

function part(m: MetaData, name: string, { of, bound = 'FROM (1) TO (9)', column = 'note', renamedFrom }: Part): void {
  const options = { postgres: { partitionOf: `public.${of} FOR VALUES ${bound}` } };
  m.table(name, columns(column, renamedFrom), (c) => [index(`own_${name}`, [c[column] ?? sql`id`])], {
    options,
  });
}

/** Two tables that a partition can move between: of one name, a check says more in the second one. */
function guarded(m: MetaData): void {
  m.table('targets', { id: integer().primaryKey() });
  const parts = { id: integer().notNull(), note: text(), target: integer() };
  const options = { options: { postgres: { partitionBy: 'RANGE (id)' } } };
  m.table(
    'events',
    parts,
    () => [
      primaryKey(['id']),
      foreignKey(['target'], 'targets', ['id'], { name: 'fk_events' }),
      check('short', sql`length(note) < 10`),
      check('events_alone', sql`id > 0`),
      index('ix_events_note', ['note']),
    ],
    options,
  );
  m.table(
    'others',
    parts,
    () => [primaryKey(['id']), check('short', sql`length(note) < 20`), toTargets('fk_others')],
    options,
  );
}

/** Referred to by one name or another: to a foreign key, what it is called is nothing. */
function toTargets(name: string): TableArg {
  return foreignKey(['target'], 'targets', ['id'], { name });
}

function guardedPart(m: MetaData, of: string, own: () => TableArg[] = () => []): void {
  const parts = { id: integer().notNull(), note: text(), target: integer() };
  const options = { postgres: { partitionOf: `public.${of} FOR VALUES FROM (1) TO (9)` } };
  m.table('first', parts, (c) => [index('own_first', [c.target]), ...own()], { options });
}

function keyedColumns() {
  return { id: integer().notNull(), note: text().notNull(), target: integer().notNull() };
}

/** A table whose partitions have a primary key, a unique constraint and an index from it. */
function keyed(m: MetaData, name: string, key = ['id'], only = ['id', 'target']): void {
  const options = { options: { postgres: { partitionBy: 'RANGE (id)' } } };
  m.table(name, keyedColumns(), () => [primaryKey(key), unique(only), index(`ix_${name}`, ['note'])], options);
}

function withPart(m: MetaData): void {
  keyed(m, 'events');
  keyedPart(m, 'events');
}

function referred(m: MetaData, by: string): void {
  const options = { options: { postgres: { partitionBy: `${by} (id)` } } };
  m.table('events', { id: integer().primaryKey(), next: integer().references('events.id') }, undefined, options);
  m.table('notes', { id: integer().primaryKey(), eventId: integer().references('events.id') });
}

function keyedPart(m: MetaData, of: string): void {
  m.table('first', keyedColumns(), undefined, {
    options: { postgres: { partitionOf: `public.${of} FOR VALUES FROM (1) TO (9)` } },
  });
}

const rows = [`INSERT INTO "events" VALUES (1, 'one'), (2, 'two')`];

function commented(m: MetaData, said: { readonly comment?: string }): void {
  const parts = { id: integer().notNull(), note: text() };
  m.table('events', parts, () => [index('ix_events_note', ['note'], said)], {
    options: { postgres: { partitionBy: 'RANGE (id)' } },
  });
  m.table('events_1', parts, () => [index('events_1_note_idx', ['note'], { inherited: true, ...said })], {
    options: { postgres: { partitionOf: 'public.events FOR VALUES FROM (1) TO (9)' } },
  });
}

export const PARTITIONS: readonly SchemaCase[] = [
  {
    name: 'an index of a partitioned table and that of a partition get comments',
    from: (m) => commented(m, {}),
    to: (m) => commented(m, { comment: 'said' }),
    rows: ["INSERT INTO events (id, note) VALUES (1, 'one')"],
    except,
  },
  {
    name: 'partitions: a table that was one, and counts by a sequence of the table that goes, stays',
    from: (m) => {
      m.table('events', { id: integer().serial(), kind: integer() }, () => [], {
        options: { postgres: { partitionBy: 'LIST (kind)' } },
      });
      m.table(
        'few',
        {
          id: integer()
            .notNull()
            .serverDefault(sql`nextval('events_id_seq')`),
          kind: integer(),
        },
        () => [],
        {
          options: { postgres: { partitionOf: 'public.events FOR VALUES IN (1)' } },
        },
      );
    },
    to: (m) => void m.table('few', { id: integer().notNull(), kind: integer() }),
    rows: ['INSERT INTO few (kind) VALUES (1)'],
    except,
  },
  {
    name: 'makes a partitioned table before its partitions, whatever they are called',
    from: (m) => void m.table('kept', { id: integer().primaryKey() }),
    to: (m) => {
      m.table('kept', { id: integer().primaryKey() });
      parted(m, 'events');
      part(m, 'aa_first', { of: 'events' });
      part(m, 'zz_second', { of: 'events', bound: 'FROM (9) TO (20)' });
    },
    except,
  },
  {
    name: 'drops a partitioned table with its partitions and brings them back',
    from: (m) => {
      m.table('kept', { id: integer().primaryKey() });
      parted(m, 'events');
      part(m, 'aa_first', { of: 'events' });
    },
    to: (m) => void m.table('kept', { id: integer().primaryKey() }),
    rows,
    except,
  },
  {
    name: 'renames a partitioned table and a column under a partition',
    from: (m) => {
      parted(m, 'events');
      part(m, 'first', { of: 'events' });
    },
    to: (m) => {
      parted(m, 'happenings', { column: 'remark', from: ['events', 'note'] });
      part(m, 'first', { of: 'happenings', column: 'remark', renamedFrom: 'note' });
    },
    renames: ['events:happenings', 'events.note:happenings.remark'],
    rows,
    dumpDiffersOn: { postgres: 'a NOT NULL that a partition calls otherwise keeps its name' },
    except,
  },
  {
    name: 'moves a partition to a table with other columns',
    from: (m) => {
      parted(m, 'events');
      parted(m, 'others', { column: 'remark' });
      part(m, 'first', { of: 'events' });
    },
    to: (m) => {
      parted(m, 'events');
      parted(m, 'others', { column: 'remark' });
      part(m, 'first', { of: 'others', column: 'remark' });
    },
    rows,
    dumpDiffersOn: { postgres: 'its NOT NULL is called after the table that it was made for' },
    except,
  },
  {
    name: 'moves a partition between tables with other checks and foreign keys',
    from: (m) => {
      guarded(m);
      guardedPart(m, 'events');
    },
    to: (m) => {
      guarded(m);
      guardedPart(m, 'others');
    },
    rows: ["INSERT INTO first VALUES (1, 'one', NULL), (2, 'two', NULL)"],
    dumpDiffersOn: { postgres: 'its NOT NULL is called after the table that it was made for' },
    except,
  },
  {
    name: 'makes partitions with defaults of their own, and changes one',
    from: (m) => ownDefaults(m, 'one'),
    to: (m) => ownDefaults(m, 'another'),
    except,
  },
  {
    name: 'gives the parts of a partition names of their own, and takes them back with those of the table',
    from: (m) => {
      parted(m, 'events');
      part(m, 'events_1', { of: 'events' });
    },
    to: (m) => {
      m.table('events', columns('note', undefined), () => [primaryKey(['id']), index('ix_note_id', ['note', 'id'])], {
        options: { postgres: { partitionBy: 'RANGE (id)' } },
      });
      m.table(
        'events_1',
        columns('note', undefined),
        () => [index('own_events_1', ['note']), index('mine', ['note', 'id'], { inherited: true })],
        { options: { postgres: { partitionOf: 'public.events FOR VALUES FROM (1) TO (9)' } } },
      );
    },
    rows: ["INSERT INTO events (id, note) VALUES (1, 'one')"],
    except,
  },
  {
    name: 'makes a partition with a key of its own over what its table requires',
    from: (m) => void m.table('other', { id: integer() }),
    to: (m) => {
      m.table('events', columns('note', undefined), undefined, {
        options: { postgres: { partitionBy: 'RANGE (id)' } },
      });
      m.table('first', columns('note', undefined), () => [primaryKey(['id'])], {
        options: { postgres: { partitionOf: 'public.events FOR VALUES FROM (1) TO (9)' } },
      });
    },
    except,
  },
  {
    name: 'makes an index of a partitioned table of which one partition has no part',
    from: (m) => void m.table('other', { id: integer() }),
    to: (m) => {
      m.table('events', columns('note', undefined), () => [index('ix_note', ['note'], { only: ['public.mine'] })], {
        options: { postgres: { partitionBy: 'RANGE (id)' } },
      });
      const partitions = { first: 'FROM (1) TO (9)', second: 'FROM (9) TO (19)' };
      for (const [name, bound] of Object.entries(partitions)) {
        const parts = name === 'first' ? [index('mine', ['note'], { inherited: true })] : [];
        m.table(name, columns('note', undefined), () => parts, {
          options: { postgres: { partitionOf: `public.events FOR VALUES ${bound}` } },
        });
      }
    },
    except,
  },
  {
    name: 'attaches a table with its rows, and its own keys and indexes become parts of those of the table',
    from: (m) => {
      keyed(m, 'events');
      m.table('first', keyedColumns(), () => [
        primaryKey(['id']),
        unique(['id', 'target']),
        index('ix_first', ['note']),
      ]);
    },
    to: withPart,
    rows: ["INSERT INTO first VALUES (1, 'one', 1), (2, 'two', 2)"],
    dumpDiffersOn: { postgres: 'what the table has keeps its name' },
    except,
  },
  {
    name: 'attaches a table that lacks the keys and indexes of the table, and takes them back',
    from: (m) => {
      keyed(m, 'events');
      m.table('first', keyedColumns());
    },
    to: withPart,
    rows: ["INSERT INTO first VALUES (1, 'one', 1), (2, 'two', 2)"],
    except,
  },
  {
    name: 'moves a partition to a table with another primary key, unique and index',
    from: (m) => {
      keyed(m, 'events');
      keyed(m, 'others', ['id', 'target'], ['id']);
      keyedPart(m, 'events');
    },
    to: (m) => {
      keyed(m, 'events');
      keyed(m, 'others', ['id', 'target'], ['id']);
      keyedPart(m, 'others');
    },
    rows: ["INSERT INTO first VALUES (1, 'one', 1), (2, 'two', 2)"],
    except,
  },
  {
    name: 'moves a partition with a foreign key of its own to a table that demands the same',
    from: (m) => {
      guarded(m);
      guardedPart(m, 'events', () => [toTargets('fk_first')]);
    },
    to: (m) => {
      guarded(m);
      guardedPart(m, 'others');
    },
    rows: ["INSERT INTO first VALUES (1, 'one', NULL), (2, 'two', NULL)"],
    dumpDiffersOn: { postgres: 'its NOT NULL is called after the table that it was made for' },
    except,
  },
  {
    name: 'takes a partition out of its table with its rows, keys and indexes',
    from: withPart,
    to: (m) => {
      keyed(m, 'events');
      const args = () => [primaryKey(['id']), unique(['id', 'target']), index('ix_first', ['note'])];
      m.table('first', keyedColumns(), args, { options: { postgres: { partitionOf: false } } });
    },
    rows: ["INSERT INTO first VALUES (1, 'one', 1), (2, 'two', 2)"],
    except,
  },
  {
    name: 'partitions a table otherwise, which another one refers to',
    from: (m) => referred(m, 'RANGE'),
    to: (m) => referred(m, 'HASH'),
    except,
  },
  {
    name: 'makes a partitioned table that refers to a table that refers to its partition',
    from: (m) => void m.table('kept', { id: integer().primaryKey() }),
    to: (m) => {
      m.table('kept', { id: integer().primaryKey() });
      m.table(
        'events',
        { id: integer().notNull(), b: integer() },
        () => [primaryKey(['id']), foreignKey(['b'], 'between', ['id'])],
        {
          options: { postgres: { partitionBy: 'RANGE (id)' } },
        },
      );
      m.table('between', { id: integer().primaryKey(), f: integer().references('first.id') });
      m.table('first', { id: integer().notNull(), b: integer() }, undefined, {
        options: { postgres: { partitionOf: 'public.events FOR VALUES FROM (1) TO (9)' } },
      });
    },
    except,
  },
];

function ownDefaults(m: MetaData, value: string): void {
  const parts = { id: integer().notNull(), note: text().serverDefault('usual') };
  m.table('events', parts, undefined, { options: { postgres: { partitionBy: 'RANGE (id)' } } });
  m.table('first', { ...parts, note: text().serverDefault(value) }, undefined, {
    options: { postgres: { partitionOf: 'public.events FOR VALUES FROM (1) TO (9)' } },
  });
}

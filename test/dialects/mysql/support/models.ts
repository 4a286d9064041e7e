import { buildSchema } from '../../../../src/schema/build-schema.js';
import { sql } from '../../../../src/schema/expressions/sql-template.js';
import { fn } from '../../../../src/schema/expressions/functions.js';
import {
  bigint,
  boolean,
  bytes,
  char,
  customType,
  date,
  double,
  enumeration,
  integer,
  json,
  jsonb,
  numeric,
  real,
  smallint,
  text,
  time,
  timestamp,
  uuid,
  varchar,
} from '../../../../src/schema/columns.js';
import { MetaData } from '../../../../src/schema/metadata.js';
import { check, foreignKey, primaryKey, unique } from '../../../../src/schema/table-args.js';
import { index } from '../../../../src/schema/index-arg.js';
import type { Schema } from '../../../../src/schema/table.js';

/** Every type and kind of constraint; `isMariadb` leaves out what MariaDB has not. */
export function firstModels(isMariadb: boolean): Schema {
  const metadata = new MetaData();
  metadata.table(
    'users',
    {
      id: integer().primaryKey(),
      email: varchar(190).notNull().unique().comment('where "mail" goes; it\'s \\ unique'),
      name: varchar(100).notNull().default('x').serverDefault(''),
      isActive: boolean().notNull().serverDefault(true),
      status: enumeration('user_status', ['open', "it's", 'a,b']).notNull().serverDefault("it's"),
      createdAt: timestamp({ withTimezone: true }).notNull().serverDefault(fn.now()),
      updatedAt: timestamp({ precision: 3 }).serverDefault(fn.now()).onUpdateNow(),
      deletedAt: timestamp({ withTimezone: true, precision: 0 }),
    },
    (c) => [index(c.status, c.createdAt.desc()), check('name_short', sql`char_length(${c.name}) < ${50}`)],
    { comment: "people's accounts" },
  );
  metadata.table(
    'tickets',
    {
      id: bigint().primaryKey(),
      creatorId: integer().notNull().references('users.id', { onDelete: 'cascade' }),
      assigneeId: integer().references('users.id', { onDelete: 'set null', onUpdate: 'restrict' }).index(),
      title: varchar(500).notNull(),
      slug: varchar(60)
        .collate('utf8mb4_bin')
        .generatedAs(sql`lower(concat('t-', ${sql`title`}))`),
      parentId: bigint().references('tickets.id'),
    },
    (c) => [
      index('ix_tickets_title', [c.title], { lengths: { title: 20 } }),
      index('ix_tickets_open', [c.parentId, c.creatorId]).where(c.assigneeId.isNull()),
      unique([c.creatorId, c.slug]),
      ...(isMariadb ? [] : [index('ix_tickets_lower', [sql`lower(title)`])]),
      index('ft_tickets_title', [c.title]).using('fulltext'),
    ],
  );
  metadata.table('ticket_tags', { ticketId: bigint().notNull(), tag: varchar(20).notNull(), note: text() }, (c) => [
    primaryKey([c.ticketId, c.tag]),
    foreignKey([c.ticketId], 'tickets', ['id'], { onDelete: 'cascade', onUpdate: 'cascade' }),
    check('tag', c.tag.in(['a', "b'c", 'ü\\']).and(c.note.like('x%'))),
  ]);
  metadata.table('everything', {
    id: uuid().primaryKey(),
    small: smallint().serverDefault(-3),
    whole: integer().serverDefault(0),
    large: bigint().serverDefault(9223372036854775807n),
    single: real().serverDefault(1.5),
    precise: double().serverDefault(0.1),
    price: numeric(10, 2).notNull().serverDefault('1.5'),
    exact: numeric(),
    yes: boolean().serverDefault(false),
    fixed: char(3).serverDefault('abc'),
    key36: char(36),
    digits: varchar(10).serverDefault('12'),
    nasty: varchar(100).serverDefault('it\'s a "q" \\ back\nnew ünïcödé %'),
    fromNumber: varchar(10).serverDefault(sql`7`),
    long: text().serverDefault("te'xt"),
    raw: bytes(),
    day: date().serverDefault('2020-01-02'),
    dayNow: date().serverDefault(sql`(curdate())`),
    clock: time().serverDefault('10:11:12'),
    clock0: time({ precision: 0 }),
    local: timestamp().serverDefault(new Date('2020-01-02T03:04:05.678Z')),
    local0: timestamp({ precision: 0 }).serverDefault(sql`CURRENT_TIMESTAMP`),
    instant: timestamp({ withTimezone: true, precision: 3 }).serverDefault(sql`NOW()`),
    doc: json().serverDefault({ a: "b'c", n: [1] }),
    doc2: jsonb(),
    token: varchar(40).serverDefault(sql`uuid()`),
    computed: varchar(90).serverDefault(sql`concat('a''b', '\\\\', 'ü', 1 + 2)`),
    unsigned: customType('INT UNSIGNED').serverDefault(5),
    medium: customType('mediumtext'),
    flags: customType("set('x','Y')").serverDefault('x,Y'),
    bits: customType('bit(3)').serverDefault(sql`b'101'`),
    year: customType('year'),
    binary: customType('varbinary(20)').serverDefault(sql`'abc'`),
    grade: enumeration('grade', ['a', 'ü\\']).serverDefault('ü\\'),
    sum: integer().generatedAs(sql`whole + small`),
    kind: varchar(10).generatedAs(sql`case when whole > 0 then 'pos' else 'neg' end`),
  });
  metadata.table('cycle_a', {
    id: integer().primaryKey(),
    bId: integer().references('cycle_b.id'),
  });
  metadata.table('cycle_b', {
    id: integer().primaryKey(),
    aId: integer().references('cycle_a.id').unique(),
  });
  return buildSchema([metadata]);
}

/** The same application later: a change of every kind. */
export function secondModels(isMariadb: boolean): Schema {
  const metadata = new MetaData();
  metadata.table(
    'users',
    {
      id: integer().primaryKey(),
      email: varchar(200).notNull().unique().comment('an address'),
      name: varchar(100).serverDefault('nobody'),
      isActive: boolean().notNull().serverDefault(false),
      status: enumeration('user_status', ['open', "it's", 'new', 'a,b']).notNull().serverDefault('new'),
      createdAt: timestamp({ withTimezone: true }).notNull().serverDefault(fn.now()).index(),
      updatedAt: timestamp({ precision: 3 }),
      age: integer().notNull().serverDefault(18),
    },
    (c) => [index(c.status), check('name_short', sql`char_length(${c.name}) < ${60}`)],
    { comment: 'accounts' },
  );
  metadata.table(
    'tickets',
    {
      id: bigint().primaryKey(),
      creatorId: integer().notNull().references('users.id', { onDelete: 'cascade' }),
      assigneeId: integer().references('users.id', { onDelete: 'set null' }),
      title: varchar(500).notNull(),
      slug: varchar(60).generatedAs(sql`upper(concat('t-', ${sql`title`}))`),
      parentId: bigint(),
    },
    (c) => [
      index('ix_tickets_title', [c.title], { lengths: { title: 30 } }),
      ...(isMariadb ? [] : [index('ix_tickets_lower', [sql`upper(title)`])]),
      index('ix_tickets_assignee', [c.assigneeId, c.title], { lengths: { title: 5 } }),
    ],
  );
  metadata.table(
    'ticket_tags',
    {
      id: integer().primaryKey(),
      ticketId: bigint().notNull(),
      tag: varchar(20).notNull(),
      note: text().notNull(),
    },
    (c) => [
      foreignKey([c.ticketId], 'tickets', ['id']),
      unique([c.tag, c.ticketId]),
      check('tag', c.tag.in(['a', "b'c", 'new'])),
    ],
  );
  metadata.table('extra', {
    id: integer().primaryKey(),
    userId: integer().notNull().references('users.id'),
  });
  metadata.table('cycle_a', {
    id: integer().primaryKey(),
    bId: integer().references('cycle_b.id').index(),
  });
  metadata.table('cycle_b', {
    id: integer().primaryKey(),
    aId: integer().references('cycle_a.id'),
  });
  return buildSchema([metadata]);
}

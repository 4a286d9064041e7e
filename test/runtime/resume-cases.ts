/** Revisions of three operations of a kind, as the bodies of `upgrade` and `downgrade`. */
export interface ResumeCase {
  readonly name: string;
  /** The revision before. */
  readonly setup: string;
  readonly upgrade: string;
  readonly downgrade: string;
  /** Raw DDL: the database cannot be asked about it, and a person has to be. */
  readonly isRaw?: boolean;
  /** True where the bodies await something. */
  readonly isAsync?: boolean;
}

const table = (name: string, more = ''): string => `op.createTable('${name}', [
  column('id', integer(), { nullable: false }),
  column('n', integer()),
  column('word', varchar(40)),
  ${more}
  primaryKey(['id'], { name: 'pk_${name}' }),
]);
op.execute("INSERT INTO ${name} (id, n, word) VALUES (1, 10, 'a'), (2, 20, 'b')");
`;
const three = (body: (name: string) => string): string => ['a', 'b', 'c'].map(body).join('\n');
const TABLES = three((name) => table(name));
const through = (...sentences: string[]): string =>
  sentences.map((sentence) => `await op.db.${sentence}.execute();`).join('\n');
const alter =
  (changes: string) =>
  (name: string): string =>
    `op.alterColumn('${name}', 'word', ${changes});`;

/** Objects as `op` takes them, of which no table shows anything. */
const trigger = (name: string, on: string, n: number): string =>
  `{ kind: 'trigger', name: '${name}', table: '${on}',
    definition: 'CREATE TRIGGER ${name} BEFORE INSERT ON ${on} FOR EACH ROW SET NEW.n = ${n}' }`;
const event = (body: string): string =>
  `{ kind: 'event', name: 'ev', definition: "CREATE EVENT ev ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01' DO ${body}" }`;
const FUNCTION = `{ kind: 'function', name: 'f', definition: 'CREATE FUNCTION f() RETURNS int DETERMINISTIC RETURN 1' }`;

export const resumeCases: readonly ResumeCase[] = [
  {
    name: 'tables created and dropped',
    setup: '',
    upgrade: three(
      (name) => `op.createTable('${name}', [column('id', integer(), { nullable: false }), primaryKey(['id'])]);`,
    ),
    downgrade: three((name) => `op.dropTable('${name}');`),
  },
  {
    name: 'tables that change names',
    setup: table('a') + table('b', `column('x', integer()),`),
    upgrade: `op.renameTable('a', 'tmp'); op.renameTable('b', 'a'); op.renameTable('tmp', 'b');`,
    downgrade: `op.renameTable('a', 'tmp'); op.renameTable('b', 'a'); op.renameTable('tmp', 'b');`,
  },
  {
    name: 'columns added and dropped',
    setup: table('a'),
    upgrade: `op.addColumn('a', column('x', integer())); op.addColumn('a', column('y', varchar(9), { serverDefault: 'q' }));
      op.addColumn('a', column('z', integer(), { nullable: false, serverDefault: 7 }));`,
    downgrade: `op.dropColumn('a', 'x'); op.dropColumn('a', 'z'); op.dropColumn('a', 'y');`,
  },
  {
    name: 'columns that count',
    setup: three(
      (name) => `op.createTable('${name}', [column('w', varchar(9))]); op.execute("INSERT INTO ${name} VALUES ('q')");`,
    ),
    upgrade: three(
      (name) => `op.addColumn('${name}', column('id', integer(), { nullable: false, autoincrement: true }));
        op.createPrimaryKey('pk_${name}', '${name}', ['id']);`,
    ),
    downgrade: three(
      (name) => `op.dropConstraint('pk_${name}', '${name}', { type: 'primaryKey' });
      op.dropColumn('${name}', 'id');`,
    ),
  },
  {
    name: 'keys that columns count by',
    setup: `op.createTable('a', [column('id', integer(), { nullable: false, autoincrement: true }),
      column('n', integer(), { nullable: false }), primaryKey(['id'], { name: 'pk_a' })]);
      op.execute('INSERT INTO a (n) VALUES (7), (8)');`,
    upgrade: `op.dropConstraint('pk_a', 'a', { type: 'primaryKey' }); op.addColumn('a', column('x', integer()));
      op.createPrimaryKey('pk_a', 'a', ['id', 'n']);`,
    downgrade: `op.dropConstraint('pk_a', 'a', { type: 'primaryKey' }); op.dropColumn('a', 'x');
      op.createPrimaryKey('pk_a', 'a', ['id']);`,
  },
  {
    name: 'columns that change names',
    setup: table('a'),
    upgrade: `op.alterColumn('a', 'n', { name: 'tmp' }); op.alterColumn('a', 'word', { name: 'n' });
      op.alterColumn('a', 'tmp', { name: 'word' });`,
    downgrade: `op.alterColumn('a', 'n', { name: 'tmp' }); op.alterColumn('a', 'word', { name: 'n' });
      op.alterColumn('a', 'tmp', { name: 'word' });`,
  },
  {
    name: 'columns renamed and changed at once',
    setup: TABLES,
    upgrade: three(alter(`{ name: 'text', type: varchar(80), nullable: false }`)),
    downgrade: three(
      (name) => `op.alterColumn('${name}', 'text', { name: 'word', type: varchar(40), nullable: true });`,
    ),
  },
  {
    name: 'types',
    setup: TABLES,
    upgrade: three(alter('{ type: varchar(300) }')),
    downgrade: three(alter('{ type: varchar(40) }')),
  },
  {
    name: 'columns that become required',
    setup: TABLES,
    upgrade: three(alter('{ nullable: false }')),
    downgrade: three(alter('{ nullable: true }')),
  },
  {
    name: 'defaults and comments of columns',
    setup: TABLES,
    upgrade: three(alter(`{ serverDefault: 'none', comment: 'says it' }`)),
    downgrade: three(alter('{ serverDefault: null, comment: null }')),
  },
  {
    name: 'computed columns that become plain',
    setup: three((name) => table(name, "column('twice', integer(), { generatedAs: sql`n * 2`, virtual: true }),")),
    upgrade: three((name) => `op.alterColumn('${name}', 'twice', { generatedAs: null });`),
    downgrade: three((name) => `op.alterColumn('${name}', 'twice', { generatedAs: sql\`n * 2\`, virtual: true });`),
  },
  {
    name: 'indexes',
    setup: table('a'),
    upgrade: `op.createIndex('ix_n', 'a', ['n']); op.createIndex('ux', 'a', ['word'], { unique: true });
      op.createIndex('ix_both', 'a', ['word', 'n']);`,
    downgrade: `op.dropIndex('ix_n', 'a'); op.dropIndex('ux', 'a'); op.dropIndex('ix_both', 'a');`,
  },
  {
    name: 'unique constraints',
    setup: table('a'),
    upgrade: `op.createUniqueConstraint('uq_1', 'a', ['n']); op.createUniqueConstraint('uq_2', 'a', ['word']);
      op.createUniqueConstraint('uq_3', 'a', ['word', 'n']);`,
    downgrade: `op.dropConstraint('uq_3', 'a'); op.dropConstraint('uq_1', 'a'); op.dropConstraint('uq_2', 'a');`,
  },
  {
    name: 'foreign keys',
    setup:
      TABLES +
      `op.execute('UPDATE b SET n = id'); op.execute('UPDATE c SET n = id'); op.execute('UPDATE a SET n = id');`,
    upgrade: `op.createForeignKey('fk_1', 'b', ['n'], 'a', ['id'], { onDelete: 'cascade' });
      op.createForeignKey('fk_2', 'c', ['n'], 'a', ['id']); op.createForeignKey('fk_3', 'a', ['n'], 'b', ['id']);`,
    downgrade: `op.dropConstraint('fk_3', 'a'); op.dropConstraint('fk_1', 'b'); op.dropConstraint('fk_2', 'c');`,
  },
  {
    name: 'checks',
    setup: table('a'),
    upgrade: `op.createCheckConstraint('ck_1', 'a', sql\`n > 0\`); op.createCheckConstraint('ck_2', 'a', sql\`id > 0\`);
      op.createCheckConstraint('ck_3', 'a', sql\`word <> ''\`);`,
    downgrade: `op.dropConstraint('ck_2', 'a'); op.dropConstraint('ck_1', 'a'); op.dropConstraint('ck_3', 'a');`,
  },
  {
    name: 'primary keys',
    setup: three((name) => `op.createTable('${name}', [column('id', integer(), { nullable: false })]);`),
    upgrade: three((name) => `op.createPrimaryKey('pk_${name}', '${name}', ['id']);`),
    downgrade: three((name) => `op.dropConstraint('pk_${name}', '${name}', { type: 'primaryKey' });`),
  },
  {
    name: 'comments of tables',
    setup: TABLES,
    upgrade: three((name) => `op.setTableComment('${name}', 'the ${name}');`),
    downgrade: three((name) => `op.setTableComment('${name}', null);`),
  },
  {
    name: 'values of enums',
    setup: three((name) => `op.createTable('${name}', [column('e', enumeration('mood', ['sad', 'ok']))]);`),
    upgrade: three((name) => `op.alterColumn('${name}', 'e', { type: enumeration('mood', ['ok', 'glad']) });`),
    downgrade: three((name) => `op.alterColumn('${name}', 'e', { type: enumeration('mood', ['sad', 'ok']) });`),
  },
  {
    name: 'names of indexes and constraints',
    setup:
      TABLES +
      `op.execute('UPDATE b SET n = id'); op.createIndex('ix_1', 'a', ['n']); op.createIndex('ix_2', 'a', ['word']);
      op.createForeignKey('fk_1', 'b', ['n'], 'a', ['id']); op.createUniqueConstraint('uq_1', 'c', ['n']);`,
    upgrade: `op.renameConstraint('fk_1', 'b', 'fk_2'); op.renameIndex('ix_1', 'a', 'tmp'); op.renameIndex('ix_2', 'a', 'ix_1');
      op.renameIndex('tmp', 'a', 'ix_2');`,
    downgrade: `op.renameConstraint('uq_1', 'c', 'uq_2'); op.renameConstraint('uq_2', 'c', 'uq_1'); op.renameIndex('ix_1', 'a', 'tmp');
      op.renameIndex('ix_2', 'a', 'ix_1'); op.renameIndex('tmp', 'a', 'ix_2'); op.renameConstraint('fk_2', 'b', 'fk_1');`,
  },
  {
    name: 'triggers, functions and events',
    setup: TABLES + `op.createObject(${trigger('tr_1', 'a', 1)}); op.createObject(${event('DELETE FROM a')});`,
    upgrade: `op.replaceObject(${trigger('tr_1', 'a', 2)}, ${trigger('tr_1', 'a', 1)}); op.createObject(${trigger('tr_2', 'b', 1)});
      op.replaceObject(${event('DELETE FROM b')}, ${event('DELETE FROM a')}); op.createObject(${FUNCTION});`,
    downgrade: `op.dropObject({ kind: 'function', name: 'f' }); op.dropObject({ kind: 'trigger', name: 'tr_2', table: 'b' });
      op.replaceObject(${event('DELETE FROM a')}, ${event('DELETE FROM b')});
      op.replaceObject(${trigger('tr_1', 'a', 1)}, ${trigger('tr_1', 'a', 2)});`,
  },
  {
    name: 'raw triggers and procedures',
    setup: TABLES,
    upgrade: `op.execute('CREATE TRIGGER tr_1 BEFORE INSERT ON a FOR EACH ROW SET NEW.n = 1');
      op.execute('CREATE PROCEDURE p() DELETE FROM a'); op.execute('DROP PROCEDURE p');`,
    downgrade: `op.execute('CREATE PROCEDURE p() DELETE FROM a'); op.execute('DROP PROCEDURE p'); op.execute('DROP TRIGGER tr_1');`,
    isRaw: true,
  },
  {
    name: 'raw definitions',
    setup: table('a'),
    upgrade: `op.execute('CREATE VIEW v AS SELECT id, n FROM a'); op.execute('ALTER TABLE a ADD COLUMN x int');
      op.execute('CREATE INDEX ix_n ON a (n)');`,
    downgrade: `op.execute('DROP INDEX ix_n ON a'); op.execute('ALTER TABLE a DROP COLUMN x'); op.execute('DROP VIEW v');`,
    isRaw: true,
  },
  {
    name: 'rows',
    setup: table('a'),
    upgrade: `op.execute("INSERT INTO a (id, n) VALUES (3, 30)"); op.execute('UPDATE a SET n = n + 1');
      op.execute("UPDATE a SET word = concat(coalesce(word, ''), 'x')");`,
    downgrade: `op.execute('UPDATE a SET n = n - 1'); op.execute('DELETE FROM a WHERE n = 20');
      op.execute('UPDATE a SET n = n * 2');`,
  },
  {
    name: 'definitions and rows by turns',
    setup: table('a'),
    upgrade: `op.addColumn('a', column('x', integer())); op.execute('UPDATE a SET x = coalesce(x, 0) + n');
      op.alterColumn('a', 'x', { nullable: false }); op.execute('UPDATE a SET x = x + 1');`,
    downgrade: `op.execute('UPDATE a SET n = n + x'); op.dropColumn('a', 'x'); op.execute('UPDATE a SET n = n + 1');`,
  },
  {
    name: 'rows through op.db',
    setup: table('a'),
    upgrade: through(
      `insertInto('a').values({ id: 3, n: 30 })`,
      `updateTable('a').set({ n: sql\`n + 1\`, word: 'x' })`,
      `updateTable('a').set({ n: sql\`n * 2\` }).where('id', '>', 1)`,
    ),
    downgrade: through(
      `updateTable('a').set({ n: sql\`n - 1\` })`,
      `deleteFrom('a').where('id', '=', 2)`,
      `updateTable('a').set({ n: sql\`n * 2\` })`,
    ),
    isAsync: true,
  },
  {
    name: 'rows that are read through op.db, and others that follow from them',
    setup: table('a') + table('b'),
    upgrade: `const rows = await op.db.selectFrom('a').select(['id', 'n']).orderBy('id').execute();
      for (const { id, n } of rows) {
        await op.db.updateTable('b').set((eb) => ({ n: eb('n', '+', n) })).where('id', '=', id).execute();
      }
      op.addColumn('b', column('x', integer()));
      ${through("updateTable('b').set({ x: sql`coalesce(x, 0) + n` })")}`,
    downgrade: `const rows = await op.db.selectFrom('a').select(['id', 'n']).orderBy('id').execute();
      for (const { id, n } of rows) {
        await op.db.updateTable('b').set((eb) => ({ n: eb('n', '-', n) })).where('id', '=', id).execute();
      }
      op.dropColumn('b', 'x');`,
    isAsync: true,
  },
  {
    name: 'a transaction of op.db between other changes',
    setup: table('a'),
    upgrade: `op.execute('UPDATE a SET n = n + 1');
      await op.db.transaction().execute(async (db) => {
        await db.insertInto('a').values({ id: 3, n: 1 }).execute();
        await db.updateTable('a').set({ n: sql\`n * 2\` }).execute();
      });
      ${through("updateTable('a').set({ n: sql`n + 1` })")}`,
    downgrade: `await op.db.transaction().execute(async (db) => {
        await db.updateTable('a').set({ n: sql\`n - 1\` }).execute();
        await db.deleteFrom('a').where('id', '=', 3).execute();
        await db.updateTable('a').set({ n: sql\`n * 2\` }).execute();
      });`,
    isAsync: true,
  },
  {
    name: 'definitions through op.db',
    setup: table('a'),
    upgrade: through(...['x', 'y', 'z'].map((name) => `schema.alterTable('a').addColumn('${name}', 'integer')`)),
    downgrade: through(...['z', 'x', 'y'].map((name) => `schema.alterTable('a').dropColumn('${name}')`)),
    isRaw: true,
    isAsync: true,
  },
];

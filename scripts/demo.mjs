/**
 * `npm run demo`: the main job on SQLite, in a temporary folder that is removed at the end. Every command is really run,
 * and what is shown is what it printed. A wrong exit code or an output that is not expected ends the demo with 1.
 */
import { deepStrictEqual } from 'node:assert';
import { buildIfNeeded, DemoProject } from './demo-project.mjs';

const TICKET = `import { check, enumeration, integer, sql, varchar } from 'aludel';
import { Base } from './base.js';

export class Ticket extends Base.table('tickets', {
  id: integer().primaryKey(),
  title: varchar(500).notNull(),
  status: enumeration('ticket_status', ['open', 'closed']).notNull().serverDefault('open').index(),
  creatorId: integer().notNull().references('users.id', { onDelete: 'cascade' }).index(),
}) {
  static override tableArgs = () => [check('title_given', sql\`length(\${Ticket.c.title}) > \${0}\`)];
}
`;

buildIfNeeded();
const project = new DemoProject();
try {
  demonstrate(project);
} catch (error) {
  console.error(`The demo failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  project.remove();
}

/** @param {DemoProject} demo */
function demonstrate(demo) {
  demo.say('An empty project with the packages "aludel" and "better-sqlite3".');
  demo.run(['init'], { prints: ['created  migrate.config.ts', 'Next: npx aludel revision'] });
  demo.show('models/user.ts', ["Base.table('users'"]);

  demo.say('The first revision, made by comparing the models with the empty database.');
  demo.run(['revision', '--autogenerate', '-m', 'create users'], { prints: ['+ create table "users"', 'Wrote '] });
  demo.showNewRevision(["op.createTable('users'", "op.dropTable('users')"]);
  demo.run(['upgrade', 'head'], { prints: ['Running upgrade base ->', 'The database is at '] });

  demo.withDatabase((database) => {
    database.prepare('INSERT INTO users (email, name) VALUES (?, ?)').run('ada@example.com', 'Ada');
  });
  demo.say('"users" has a row now. Then the models change: a wider column, a new column, a new table.');
  demo.change('models/user.ts', (text) =>
    text
      .replace('import { fn', 'import { boolean, fn')
      .replace('name: varchar(100),', 'name: varchar(200),\n  isAdmin: boolean().notNull().serverDefault(false),'),
  );
  demo.change('models/ticket.ts', () => TICKET);
  demo.run(['check'], {
    exitCode: 3,
    prints: ['create table "tickets"', 'add column "is_admin" to "users"', 'alter column "name" of "users"'],
  });
  demo.run(['revision', '--autogenerate', '-m', 'add tickets'], { prints: ['+ create table "tickets"', 'Wrote '] });
  demo.showNewRevision(["op.createTable('tickets'", "op.addColumn('users'", "op.alterColumn('users', 'name'"]);
  demo.run(['upgrade', 'head'], { prints: [', add tickets', 'The database is at '] });
  expectUser(demo, { email: 'ada@example.com', name: 'Ada', is_admin: 0 });
  demo.run(['history'], { prints: ['(head), add tickets', 'base ->'] });

  demo.say('One step back, and forward again.');
  demo.run(['downgrade', '-1'], { exitCode: 2, errors: ['ALUDEL_DATA_LOSS', 'drop column "is_admin" of "users"'] });
  demo.say('Going back would drop a column that holds values: it has to be meant.');
  demo.run(['downgrade', '-1', '--allow-loss'], {
    errors: ['which holds a value in 1 row'],
    prints: ['Running downgrade', ', add tickets'],
  });
  expectUser(demo, { email: 'ada@example.com', name: 'Ada' });
  demo.run(['check'], { exitCode: 3, errors: ['ALUDEL_NOT_AT_HEAD'] });
  demo.run(['upgrade', 'head'], { prints: ['Running upgrade', ', add tickets'] });
  demo.run(['check'], { prints: ['The database is what the models say.'] });
  expectUser(demo, { email: 'ada@example.com', name: 'Ada', is_admin: 0 });
  demo.say('The row that was put into "users" is still there.');
}

/**
 * The row of "users" is what it was, but for the columns that come and go.
 * @param {DemoProject} demo
 * @param {Record<string, unknown>} expected
 */
function expectUser(demo, expected) {
  const rows = demo.withDatabase((database) => database.prepare('SELECT * FROM users').all());
  deepStrictEqual(
    rows.map(({ id: _id, created_at: _createdAt, ...rest }) => rest),
    [expected],
  );
}

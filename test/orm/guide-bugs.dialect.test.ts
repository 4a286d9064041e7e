/**
 * The bugs in the guides' own code (section 1.8 of the reference on SQLAlchemy), each with the better behaviour here. Those
 * without a test below have one in test/examples/support-desk.dialect.test.ts:
 *
 * - a raw string that is executed: "runs SQL as text where it is asked to"
 * - QueuePool on an async engine: "takes the pool options of the guide"
 * - audit sessions that are never flushed: "assigns in bulk in two statements, and the audit log says so in a third"
 * - naive `utcnow()` minus an aware column: "has instants alone: what is stored and what is now can be subtracted"
 * - count and page over a join with tags: "searches in three statements; a ticket with two of the tags counts once"
 * - enums by name: "stores enumerations by their values, and refuses others by type"
 * - a fixture that commits and then rolls back: "leaves nothing of a test that commits"
 * - `scalar_one() or 0`: "gives null for an average of nothing, not zero"
 * - interval arithmetic of PostgreSQL alone: "counts and averages in four statements, the same on every database"
 * - LIKE without escaping: "takes what users type as it is: % and _ are no patterns"
 */
import { describe, expect, it } from 'vitest';
import { col, createEngine, declarativeBase, fn, integer, select, sessionMaker, varchar, when } from 'aludel';
import { compareSchemas } from '../../src/autogenerate/compare/compare-schemas.js';
import { findIndexWarnings } from '../../src/commands/find-index-warnings.js';
import { loadDialect } from '../../src/connect.js';
import { buildSchema } from '../../src/schema/build-schema.js';
import { createDatabase, dialects, type TestDialect } from '../support/databases.js';

const Base = declarativeBase();
class User extends Base.table('users', {
  id: integer().primaryKey(),
  email: varchar(100).notNull().unique(),
  name: varchar(100).notNull(),
  age: integer(),
}) {}
Base.register(User);

async function withDatabase(dialect: TestDialect, use: (url: string) => Promise<void>): Promise<void> {
  const database = await createDatabase(dialect);
  try {
    await use(database.url);
  } finally {
    await database.drop();
  }
}

describe.each(dialects)('$name', (dialect) => {
  it('counts by fn alone, and the type checker knows its functions', () =>
    withDatabase(dialect, async (url) => {
      const engine = createEngine(url);
      await Base.metadata.createAll(engine);
      const count: number = await sessionMaker(engine).begin((s) => s.one(select(fn.count(User.c.id))));
      expect(count).toBe(0);
      // @ts-expect-error: no such function; those of the database have an underscore, or take their type: fn.x_y<number>()
      expect(fn.cuont).toBeUndefined();
      await engine.dispose();
    }));

  it('says cases by a chain, which a list of pairs cannot be taken for', () =>
    withDatabase(dialect, async (url) => {
      const engine = createEngine(url);
      await Base.metadata.createAll(engine);
      const group = when(User.c.age.lt(18), 'child').else('grown');
      const groups: string[] = await sessionMaker(engine).begin(async (s) => {
        s.add(new User({ email: 'a', name: 'a', age: 7 }), new User({ email: 'b', name: 'b', age: 70 }));
        return s.all(select(group).from(User).orderBy(User.c.age));
      });
      expect(groups).toEqual(['child', 'grown']);
      // @ts-expect-error: a list of conditions and values
      expect(() => when([[User.c.age.lt(18), 'child']])).toBeTypeOf('function');
      await engine.dispose();
    }));

  it('refuses a default that reads a column before anything is sent, and says what to write', () =>
    withDatabase(dialect, async (url) => {
      const wrong = declarativeBase();
      class Parcel extends wrong.table('parcels', {
        id: integer().primaryKey(),
        weight: integer().notNull(),
        size: varchar(10).serverDefault(when(col<number>('weight').gt(10), 'large').else('small')),
      }) {}
      wrong.register(Parcel);
      const engine = createEngine(url);
      // MySQL and MariaDB have such defaults.
      if (dialect.family === 'mysql') await wrong.metadata.createAll(engine);
      else {
        await expect(wrong.metadata.createAll(engine)).rejects.toMatchObject({
          code: 'ALUDEL_MODELS_INVALID',
          message: 'The default of column "size" in table "parcels" reads the column "weight".',
          hint: expect.stringContaining('.generatedAs(...)') as string,
        });
      }
      await engine.dispose();
    }));

  it('lets nobody use a first row that may not be there', () =>
    withDatabase(dialect, async (url) => {
      const engine = createEngine(url);
      await Base.metadata.createAll(engine);
      await sessionMaker(engine).begin(async (s) => {
        const first = await s.first(select(User));
        // @ts-expect-error: there may be no row
        expect(() => first.name).toThrow(TypeError);
        await expect(s.one(select(User))).rejects.toMatchObject({ name: 'RowCountError' });
      });
      await engine.dispose();
    }));

  it('makes one unique key of unique(), no index beside a key, and finds the same again', () =>
    withDatabase(dialect, async (url) => {
      const engine = createEngine(url);
      await Base.metadata.createAll(engine);
      const connection = await engine.connect();
      const rules = await loadDialect(connection.dialect);
      const live = await rules.reflect(connection, { namespaces: [], ignoredTables: [] });
      const wanted = rules.normalise(buildSchema([Base.metadata]), connection.server);
      const [users] = live.tables;
      expect(users?.indexes).toEqual([]);
      expect(users?.uniques.map(({ columns }) => columns)).toEqual([['email']]);
      const canonical = await rules.canonicalise(connection, wanted, live);
      expect(compareSchemas(live, canonical, rules.capabilities)).toEqual([]);
      expect(findIndexWarnings(live, rules)).toEqual([]);
      await connection.close();
      await engine.dispose();
    }));

  it('warns of an index on a primary key and of one that a unique key begins with', async () => {
    const twice = declarativeBase();
    class Tag extends twice.table('tags', {
      id: integer().primaryKey().index(),
      name: varchar(50).unique().index('ix_tags_name'),
    }) {}
    twice.register(Tag);
    const rules = await loadDialect(dialect.name);
    const schema = rules.normalise(buildSchema([twice.metadata]), rules.assumedServer);
    expect(findIndexWarnings(schema, rules).map(({ rule, name }) => [rule, name])).toEqual([
      ['redundant-index', 'ix_tags_id'],
      ['redundant-index', 'ix_tags_name'],
    ]);
  });
});

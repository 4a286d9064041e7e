/** The unit of work among models that extend each other: which table comes when, and what moves between classes. */
import { describe, expect, it } from 'vitest';
import { declarativeBase, integer, many, maybeOne, select, varchar, version } from 'aludel';
import { dialects } from '../../support/databases.js';
import { useDatabase } from './fixture.js';

const Base = declarativeBase();

class Person extends Base.table(
  'people',
  {
    id: integer().primaryKey(),
    kind: varchar(20).notNull().default('person'),
    email: varchar(30).unique(),
    bossId: integer().references('people.id'),
    v: version(),
  },
  {
    get boss() {
      return maybeOne(Person, { inverse: 'team' });
    },
    get team() {
      return many(Person, { inverse: 'boss' });
    },
  },
  { polymorphic: { on: 'kind', as: 'person' } },
) {}

class Manager extends Base.child(
  Person,
  { as: 'manager', table: 'managers' },
  { level: integer(), officeId: integer().references('offices.id') },
  {
    get office() {
      return maybeOne(Office, { inverse: 'managers', fk: () => Manager.c.officeId });
    },
  },
) {}

class Engineer extends Base.child(Person, { as: 'engineer', table: 'engineers' }, { language: varchar(20).unique() }) {}

/** Its head is one of its managers: the tables refer to each other. */
class Office extends Base.table(
  'offices',
  { id: integer().primaryKey(), headId: integer().references('managers.id') },
  {
    get managers() {
      return many(Manager, { inverse: 'office', fk: () => Manager.c.officeId });
    },
    get head() {
      return maybeOne(Manager, { fk: () => Office.c.headId });
    },
  },
) {}

/** Its key is that of the person. */
class Profile extends Base.table(
  'profiles',
  { id: integer().primaryKey().references('people.id'), text: varchar(20) },
  {
    get person() {
      return maybeOne(Person);
    },
  },
) {}

Base.register(Person, Manager, Engineer, Office, Profile);

describe.each(dialects)('$name', (dialect) => {
  const { db, taken, rows } = useDatabase(dialect, Base);

  it('writes a boss of one class before the team of others', async () => {
    await db().begin(async (s) => {
      const boss = new Manager({ level: 1 });
      s.add(new Engineer({ language: 'a', boss }), new Engineer({ language: 'b', boss }), boss, new Person({ boss }));
    });
    expect(taken()).toEqual(['INSERT people', 'INSERT managers', 'INSERT people', 'INSERT engineers']);
    expect(await rows('SELECT kind, boss_id FROM people ORDER BY id')).toEqual([
      ['manager', null],
      ['engineer', 1],
      ['engineer', 1],
      ['person', 1],
    ]);
  });

  it('opens a circle between a table and that of a child', async () => {
    await db().begin(async (s) => {
      const office = new Office({});
      office.head.set(new Manager({ level: 1, office }));
      s.add(office);
    });
    expect(taken()).toEqual(['INSERT people', 'INSERT managers', 'INSERT offices', 'UPDATE managers']);
    await db().begin(async (s) => s.delete(await s.getOne(Office, 1), await s.getOne(Manager, 1)));
    expect(taken().filter((each) => !each.startsWith('SELECT'))).toEqual([
      'UPDATE offices',
      'DELETE managers',
      'DELETE people',
      'DELETE offices',
    ]);
    expect(await rows('SELECT id FROM people')).toEqual([]);
  });

  it('deletes a circle of bosses of several classes, one of whom is the boss of nobody else', async () => {
    await db().begin(async (s) => {
      const [one, two, alone] = [new Manager({}), new Engineer({}), new Person({})];
      s.add(one, two, alone);
      await s.flush();
      one.boss.set(two);
      two.boss.set(one);
      alone.boss.set(alone);
    });
    await db().begin(async (s) => s.delete(...(await s.all(select(Person)))));
    expect(await rows('SELECT id FROM people')).toEqual([]);
    expect(await rows('SELECT id FROM engineers')).toEqual([]);
  });

  it('exchanges unique values of the parent between objects of different children', async () => {
    await db().begin(async (s) => s.add(new Manager({ email: 'a' }), new Engineer({ email: 'b', language: 'x' })));
    await db().begin(async (s) => {
      const [manager, engineer] = [await s.getOne(Manager, 1), await s.getOne(Engineer, 2)];
      [manager.email, engineer.email] = ['b', 'a'];
    });
    expect(await rows('SELECT email, v FROM people ORDER BY id')).toEqual([
      ['b', 2],
      ['a', 2],
    ]);
    taken();
    await db().begin(async (s) => {
      s.delete(await s.getOne(Engineer, 2));
      s.add(new Engineer({ email: 'a', language: 'x' }));
    });
    const written = taken().filter((each) => !each.startsWith('SELECT'));
    expect(written).toEqual(['DELETE engineers', 'DELETE people', 'INSERT people', 'INSERT engineers']);
  });

  it('lets an object of another class take a key over (26: no UPDATE, since the tables differ)', async () => {
    await db().begin(async (s) => s.add(new Manager({ id: 5, level: 1 })));
    await db().begin(async (s) => {
      s.delete(await s.getOne(Manager, 5));
      s.add(new Engineer({ id: 5, language: 'x' }));
    });
    expect(await rows('SELECT id, kind FROM people')).toEqual([[5, 'engineer']]);
    expect(await rows('SELECT id FROM managers')).toEqual([]);
    expect(await rows('SELECT id FROM engineers')).toEqual([[5]]);
  });

  it('gives a new row the key of the row of a child that it belongs to', async () => {
    await db().begin(async (s) => {
      const profile = new Profile({ text: 'first' });
      profile.person.set(new Engineer({ language: 'x' }));
      s.add(profile);
    });
    expect(taken()).toEqual(['INSERT people', 'INSERT engineers', 'INSERT profiles']);
    await db().begin(async (s) => {
      const [person, old] = [await s.getOne(Engineer, 1), await s.getOne(Profile, 1)];
      s.delete(old);
      const profile = new Profile({ text: 'second' });
      profile.person.set(person);
      s.add(profile);
    });
    expect(taken().filter((each) => !each.startsWith('SELECT'))).toEqual(['UPDATE profiles']);
    expect(await rows('SELECT id, text FROM profiles')).toEqual([[1, 'second']]);
  });
});

/** Models that extend others: in the table of their parent, or in a table of their own beside it. */
import { describe, expect, it } from 'vitest';
import {
  declarativeBase,
  fn,
  integer,
  many,
  maybeOne,
  select,
  selectin,
  StaleRowError,
  timestamp,
  toObject,
  unique,
  varchar,
  version,
} from 'aludel';
import { buildSchema } from '../../../src/schema/build-schema.js';
import { dialects } from '../../support/databases.js';
import { useDatabase } from './fixture.js';

const Base = declarativeBase();

class Company extends Base.table(
  'companies',
  { id: integer().primaryKey(), name: varchar(50).notNull() },
  {
    get employees() {
      return many(Employee, { inverse: 'company', cascade: 'all, delete-orphan', orderBy: () => Employee.c.name });
    },
    get engineers() {
      return many(Engineer, { viewOnly: true, fk: () => Employee.c.companyId, orderBy: () => Engineer.c.id });
    },
  },
) {}

class Employee extends Base.table(
  'employees',
  {
    id: integer().primaryKey(),
    kind: varchar(20).notNull().default('employee'),
    name: varchar(50).notNull(),
    companyId: integer().references('companies.id'),
    v: version(),
    editedAt: timestamp().onUpdate(fn.now()),
  },
  {
    get company() {
      return maybeOne(Company, { inverse: 'employees' });
    },
    get tools() {
      return many(Tool, { inverse: 'owner', orderBy: () => Tool.c.id });
    },
  },
  { polymorphic: { on: 'kind', as: 'employee' } },
) {
  get shout() {
    return this.name.toUpperCase();
  }
}

/** In the parent's table. */
class Manager extends Base.child(Employee, { as: 'manager' }, { reports: integer() }) {
  static override tableArgs = () => [unique([Manager.c.reports, Manager.c.name], { name: 'uq_reports' })];
}

/** In a table of its own. */
class Engineer extends Base.child(
  Employee,
  { as: 'engineer', table: 'engineers' },
  {
    field: varchar(50).notNull(),
    grade: integer().notNull().serverDefault(1),
    mentorId: integer().references('engineers.id'),
  },
  {
    get mentor() {
      return maybeOne(Engineer, { inverse: 'students', fk: () => Engineer.c.mentorId });
    },
    get students() {
      return many(Engineer, { inverse: 'mentor', fk: () => Engineer.c.mentorId });
    },
  },
) {}

/** A table beside it that calls a column the same. */
class Artist extends Base.child(Employee, { as: 'artist', table: 'artists' }, { field: varchar(50).notNull() }) {}

/** A child of a child, in the table of that. */
class Architect extends Base.child(Engineer, { as: 'architect' }, { buildings: integer() }) {}

class Tool extends Base.table(
  'tools',
  { id: integer().primaryKey(), name: varchar(20), ownerId: integer().references('employees.id') },
  {
    get owner() {
      return maybeOne(Employee, { inverse: 'tools' });
    },
  },
) {}

Base.register(Company, Employee, Manager, Engineer, Artist, Architect, Tool);

describe.each(dialects)('$name', (dialect) => {
  const { db, taken, rows } = useDatabase(dialect, Base);

  async function hire(): Promise<void> {
    await db().begin(async (s) => {
      const company = new Company({ name: 'Works' });
      s.add(
        new Employee({ name: 'Ann', company }),
        new Manager({ name: 'Bea', reports: 3, company }),
        new Engineer({ name: 'Cid', field: 'bridges', company }),
        new Artist({ name: 'Dan', field: 'oil', company }),
        new Architect({ name: 'Eve', field: 'towers', buildings: 2, company }),
      );
    });
  }

  it('writes the rows of all classes, those of the parent first, one statement a table and list of columns', async () => {
    await hire();
    const sent = taken();
    // SQLite takes rows one by one: so its keys are told.
    const inserts = sent.filter((statement) => statement.startsWith('INSERT'));
    expect(inserts.filter((statement, i) => statement !== inserts[i - 1])).toEqual([
      'INSERT companies',
      'INSERT employees',
      'INSERT engineers',
      'INSERT artists',
      'INSERT engineers',
    ]);
    expect(await rows('SELECT kind, name, reports FROM employees ORDER BY name')).toEqual([
      ['employee', 'Ann', null],
      ['manager', 'Bea', 3],
      ['engineer', 'Cid', null],
      ['artist', 'Dan', null],
      ['architect', 'Eve', null],
    ]);
    expect(await rows('SELECT field, buildings, grade FROM engineers ORDER BY field')).toEqual([
      ['bridges', null, 1],
      ['towers', 2, 1],
    ]);
  });

  it('reads objects of every class through the parent, in one statement', async () => {
    await hire();
    taken();
    await db().begin(async (s) => {
      const found = await s.all(select(Employee).orderBy(Employee.c.name));
      expect(taken()).toHaveLength(1);
      expect(found.map(({ constructor }) => constructor.name)).toEqual([
        'Employee',
        'Manager',
        'Engineer',
        'Artist',
        'Architect',
      ]);
      const [ann, bea, cid, dan, eve] = found;
      expect(bea instanceof Manager && bea.reports).toBe(3);
      expect(cid instanceof Engineer && [cid.field, cid.grade, cid.shout]).toEqual(['bridges', 1, 'CID']);
      expect(dan instanceof Artist && dan.field).toBe('oil');
      expect(eve instanceof Engineer && eve instanceof Architect && [eve.field, eve.buildings]).toEqual(['towers', 2]);
      expect(Object.keys(ann === undefined ? {} : toObject(ann))).toEqual([
        'id',
        'kind',
        'name',
        'companyId',
        'v',
        'editedAt',
      ]);
      expect(await s.all(select(Employee).where(Manager.c.reports.gt(1)))).toEqual([bea]);
    });
  });

  it('reads a class with those that extend it, and no other', async () => {
    await hire();
    await db().begin(async (s) => {
      const names = async (query: Promise<readonly { readonly name: string }[]>) =>
        (await query).map(({ name }) => name);
      expect(await names(s.all(select(Manager)))).toEqual(['Bea']);
      expect(await names(s.all(select(Engineer).where(Engineer.c.name.ne('x')).orderBy(Engineer.c.id)))).toEqual([
        'Cid',
        'Eve',
      ]);
      expect(await names(s.all(select(Architect).where(Architect.c.buildings.eq(2))))).toEqual(['Eve']);
      const cid = await s.one(select(Engineer).where(Engineer.c.field.eq('bridges')));
      expect(await s.get(Employee, cid.id)).toBe(cid);
      expect(await s.get(Engineer, cid.id)).toBe(cid);
      expect(await s.get(Architect, cid.id)).toBeNull();
      expect(s.peek(Manager, cid.id)).toBeUndefined();
    });
  });

  it('updates only the table that holds what changed, and counts the version in that of the parent', async () => {
    await hire();
    await db().begin(async (s) => {
      const cid = await s.one(select(Engineer).where(Engineer.c.field.eq('bridges')));
      taken();
      cid.grade = 5;
      await s.flush();
      expect(taken().filter((each) => each.startsWith('UPDATE'))).toEqual(['UPDATE employees', 'UPDATE engineers']);
      expect(cid.v).toBe(2);
      expect(cid.editedAt).toBeInstanceOf(Date);
      cid.name = 'Sid';
      await s.flush();
      expect(taken().filter((each) => each.startsWith('UPDATE'))).toEqual(['UPDATE employees']);
    });
    expect(await rows('SELECT name, grade, v FROM employees e JOIN engineers g ON g.id = e.id ORDER BY e.id')).toEqual([
      ['Sid', 5, 3],
      ['Eve', 1, 1],
    ]);
  });

  it('sees that another session has changed a row of a child', async () => {
    await hire();
    const mine = db()();
    const cid = await mine.one(select(Engineer).where(Engineer.c.field.eq('bridges')));
    await mine.commit();
    await db().begin(async (s) => {
      (await s.getOne(Engineer, cid.id)).grade = 7;
    });
    cid.grade = 8;
    await expect(mine.commit()).rejects.toThrow(StaleRowError);
    await mine.close();
  });

  it('deletes the row of the child before that of the parent', async () => {
    await hire();
    await db().begin(async (s) => {
      const found = await s.all(select(Employee));
      taken();
      s.delete(...found);
    });
    expect(taken().filter((statement) => statement.startsWith('DELETE'))).toEqual([
      'DELETE engineers',
      'DELETE artists',
      'DELETE employees',
    ]);
    expect(await rows('SELECT * FROM employees')).toEqual([]);
    expect(await rows('SELECT * FROM engineers')).toEqual([]);
  });

  it('follows relations of the parent, of the child, and to the child', async () => {
    await hire();
    await db().begin(async (s) => {
      const company = await s.one(select(Company).options(selectin(Company.c.employees, selectin(Employee.c.tools))));
      expect(company.employees.map(({ name }) => name)).toEqual(['Ann', 'Bea', 'Cid', 'Dan', 'Eve']);
      expect((await company.engineers.load()).map(({ field }) => field)).toEqual(['bridges', 'towers']);
      const [, , cid, , eve] = company.employees;
      if (!(cid instanceof Engineer) || !(eve instanceof Architect)) throw new Error('they are engineers');
      cid.students.add(eve);
      cid.tools.add(new Tool({ name: 'saw' }));
      expect(eve.mentor.value).toBe(cid);
    });
    await db().begin(async (s) => {
      const tool = await s.one(select(Tool).options(selectin(Tool.c.owner)));
      const cid = tool.owner.value;
      expect(cid).toBeInstanceOf(Engineer);
      const students = cid instanceof Engineer ? await cid.students.load() : [];
      expect([...students].map((student) => [student.constructor.name, student.name])).toEqual([['Architect', 'Eve']]);
      s.delete(await s.one(select(Company)));
      const [saw] = await s.all(select(Tool));
      saw?.owner.set(null);
    });
    expect(await rows('SELECT * FROM engineers')).toEqual([]);
    expect(await rows('SELECT name, owner_id FROM tools')).toEqual([['saw', null]]);
  });

  it('refreshes and expires columns of both tables', async () => {
    await hire();
    await db().begin(async (s) => {
      const eve = await s.one(select(Architect));
      s.expire(eve);
      expect(() => eve.field).toThrow('is not loaded');
      await s.refresh(eve);
      expect([eve.name, eve.field, eve.buildings]).toEqual(['Eve', 'towers', 2]);
    });
  });

  it('copies a detached object of a child onto another session', async () => {
    await hire();
    const cid = await db().begin((s) => s.one(select(Engineer).where(Engineer.c.field.eq('bridges'))));
    cid.field = 'roads';
    await db().begin(async (s) => {
      expect(await s.merge(cid)).toBeInstanceOf(Engineer);
    });
    expect(await rows("SELECT field FROM engineers WHERE field = 'roads'")).toEqual([['roads']]);
  });

  it('rolls both tables back together', async () => {
    const session = db()();
    const dora = new Engineer({ name: 'Dora', field: 'canals' });
    session.add(dora);
    await session.flush();
    await session.rollback();
    expect(await rows('SELECT * FROM employees')).toEqual([]);
    session.add(dora);
    await session.commit();
    await session.close();
    expect(await rows('SELECT name, field FROM employees e JOIN engineers g ON g.id = e.id')).toEqual([
      ['Dora', 'canals'],
    ]);
  });

  it('refuses a row of a class that nobody has declared', async () => {
    await db().begin((s) => s.execute("INSERT INTO employees (kind, name, v) VALUES ('ghost', 'Boo', 1)"));
    await expect(db().begin((s) => s.all(select(Employee)))).rejects.toThrow(
      'A row of "employees" belongs to no class that is known.',
    );
  });
});

describe('the schema of models that extend others', () => {
  it('holds the columns of a child in the table of the parent, or its own with the key of the parent', () => {
    const { tables } = buildSchema([Base.metadata]);
    const columns = (table: string) => tables.find(({ name }) => name === table)?.columns.map(({ name }) => name);
    expect(columns('employees')).toEqual(['id', 'kind', 'name', 'company_id', 'v', 'edited_at', 'reports']);
    expect(columns('engineers')).toEqual(['id', 'field', 'grade', 'mentor_id', 'buildings']);
    const engineers = tables.find(({ name }) => name === 'engineers');
    expect(engineers?.foreignKeys.map(({ columns: from, target, onDelete }) => [from, target.name, onDelete])).toEqual([
      [['id'], 'employees', 'cascade'],
      [['mentor_id'], 'engineers', 'no action'],
    ]);
    expect(engineers?.columns[0]?.generation).toBeNull();
    expect(tables.find(({ name }) => name === 'employees')?.uniques.map(({ name }) => name)).toEqual(['uq_reports']);
  });
});

/** Inheritance, typed: it must compile, and every `@ts-expect-error` must be an error. Judged by `tsc` alone. */
import { declarativeBase } from '../../src/orm/mapping/declarative.js';
import { many, maybeOne, one } from '../../src/orm/mapping/relation.js';
import { select } from '../../src/orm/query/select.js';
import type { Session } from '../../src/orm/session/session.js';
import { integer, varchar } from '../../src/schema/columns.js';
import type { Expr } from '../../src/schema/expressions/expr.js';

const Base = declarativeBase();

export class Company extends Base.table(
  'companies',
  { id: integer().primaryKey(), name: varchar(50).notNull() },
  {
    get employees() {
      return many(Employee, { inverse: 'company' });
    },
    get engineers() {
      return many(Engineer, { viewOnly: true });
    },
  },
) {}

export class Employee extends Base.table(
  'employees',
  {
    id: integer().primaryKey(),
    kind: varchar(20).notNull().default('employee'),
    name: varchar(50).notNull(),
    companyId: integer().references('companies.id'),
  },
  {
    get company() {
      return maybeOne(Company, { inverse: 'employees' });
    },
  },
  { polymorphic: { on: 'kind', as: 'employee' } },
) {
  get shout() {
    return this.name.toUpperCase();
  }
}

export class Manager extends Base.child(Employee, { as: 'manager' }, { reports: integer() }) {
  get isBusy() {
    return (this.reports ?? 0) > 10;
  }
}

export class Engineer extends Base.child(
  Employee,
  { as: 'engineer', table: 'engineers' },
  { field: varchar(50).notNull(), mentorId: integer().references('engineers.id') },
  {
    get mentor() {
      return maybeOne(Engineer, { inverse: 'students', fk: () => Engineer.c.mentorId });
    },
    get students() {
      return many(Engineer, { inverse: 'mentor', fk: () => Engineer.c.mentorId });
    },
    get boss() {
      return one(Manager);
    },
  },
) {
  get subject(): string {
    return `${this.shout}: ${this.field}`;
  }
}

/** A child of a child. */
export class Architect extends Base.child(Engineer, { as: 'architect' }, { buildings: integer() }) {}

const engineer = new Engineer({ name: 'Ann', field: 'bridges' });
const architect = new Architect({ name: 'Bea', field: 'towers', buildings: 3 });
const manager = new Manager({ name: 'Cid', company: new Company({ name: 'x' }) });
// @ts-expect-error the field is required
new Engineer({ name: 'Dan' });
// @ts-expect-error the parent's name is required
new Engineer({ field: 'roads' });
// @ts-expect-error a manager has no field
new Manager({ name: 'Eve', field: 'roads' });
// @ts-expect-error Employee has no such relation
many(Employee, { inverse: 'students' });

export const texts: string[] = [engineer.subject, architect.subject, manager.shout];
export const name: Expr<string> = Engineer.c.name;
export const reports: Expr<number | null> = Manager.c.reports;
export const towers: number | null = architect.buildings;
export const asParent: Employee = architect;
export const asEngineer: Engineer = architect;
// @ts-expect-error an employee is no manager
export const asManager: Manager = new Employee({ name: 'Fay' });

export async function narrow(session: Session): Promise<string[]> {
  const employees = await session.all(select(Employee).where(Manager.c.reports.gt(3)));
  const [company] = await session.all(select(Company));
  const fields = (await company?.engineers.load())?.map((each) => each.field) ?? [];
  // @ts-expect-error not every employee has a field
  fields.push(employees[0]?.field);
  return employees.map((employee) => {
    if (employee instanceof Engineer) return employee.field + (employee.mentor.value?.shout ?? '');
    if (employee instanceof Manager) return `${employee.reports} ${employee.company.value?.name}`;
    return employee.shout;
  });
}

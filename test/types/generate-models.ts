/** A program of `count` models of 16 columns each, every one related to the next, both ways, on the library in `src`. */
export function generateModels(count: number, src: string, { children = false } = {}): string {
  const source = (path: string): string => `'${src}/${path}'`;
  const models = Array.from({ length: count }, (_, i) => {
    const model = generateModel(i, (i + 1) % count, (i + count - 1) % count, children);
    return children ? `${model}${generateChild(i)}` : model;
  });
  return `import { declarativeBase } from ${source('orm/mapping/declarative.js')};
import { many, maybeOne } from ${source('orm/mapping/relation.js')};
import { boolean, double, enumeration, integer, json, numeric, text, timestamp, uuid, varchar } from ${source('schema/columns.js')};
import { fn } from ${source('schema/expressions/functions.js')};
import { alias } from ${source('orm/query/alias.js')};
import { select } from ${source('orm/query/select.js')};
import { index } from ${source('schema/index-arg.js')};

const Base = declarativeBase();
const timestamps = () => ({
  createdAt: timestamp({ withTimezone: true }).notNull().serverDefault(fn.now()),
  updatedAt: timestamp({ withTimezone: true }),
});
${models.join('\n')}
${Array.from({ length: 10 }, (_, i) => generateQuery(i, (i + 1) % count)).join('')}`;
}

/** A query of each kind in turn, over models that are related. */
function generateQuery(i: number, next: number): string {
  const kinds = [
    `select(M${i}).where(M${i}.c.name.contains('a'), M${i}.c.previous.any(M${i}.c.active.eq(true)))`,
    `select(M${i}.c.id, M${i}.c.settings, M${i}.c.state).orderBy(M${i}.c.createdAt.desc())`,
    `select(M${i}, M${next}).leftJoin(M${i}.c.next)`,
    `select({ state: M${i}.c.state, n: fn.count(), most: fn.max(M${i}.c.price) }).groupBy(M${i}.c.state)`,
    `select(M${i}, alias(M${i}, 'other')).join(M${next}, M${i}.c.nextId.eq(M${next}.c.id)).limit(10)`,
  ];
  return `export const q${i} = ${kinds[i % kinds.length]};\n`;
}

/** A child in the parent's table, or every other time in one of its own. */
function generateChild(i: number): string {
  const table = i % 2 === 0 ? '' : `, table: 'c${i}'`;
  return `export class C${i} extends Base.child(M${i}, { as: 'c${i}'${table} }, {
  extra: varchar(50),
  parentId: integer().references('m${i}.id'),
}, {
  get parent() { return maybeOne(M${i}, { fk: () => C${i}.c.parentId }); },
}) {}
export const c${i} = new C${i}({ name: 'a', title: 'b', price: '1', token: 'c', extra: m${i}.label });
export const narrowed${i} = m${i} instanceof C${i} ? m${i}.extra : m${i}.title;
`;
}

function generateModel(i: number, next: number, last: number, isParent: boolean): string {
  return `
export class M${i} extends Base.table('m${i}', {
  id: integer().primaryKey(),
  nextId: integer().references('m${next}.id').index(),
  name: varchar(${50 + i}).notNull().unique(),
  title: varchar(255).notNull(),
  body: text(),
  state: enumeration('state', ['open', 'closed', 'lost']).notNull().default('open'),
  price: numeric(12, 2).notNull(),
  ratio: double(),
  active: boolean().notNull().serverDefault(true),
  settings: json<{ theme: string }>(),
  token: uuid().notNull(),
  priority: integer().notNull().default(3),
  count: integer().notNull().serverDefault(0),
  note: varchar(100),
  ...timestamps(),
}, {
  get next() { return maybeOne(M${next}, { inverse: 'previous', fk: () => M${i}.c.nextId }); },
  get previous() { return many(M${last}, { inverse: 'next', orderBy: () => M${last}.c.createdAt }); },
}${isParent ? `, { polymorphic: { on: 'note', as: 'm${i}' } }` : ''}) {
  static override tableArgs = () => [index(M${i}.c.state, M${i}.c.createdAt).where(M${i}.c.active.eq(true))];
  get label() { return this.name + (this.next.value?.title ?? ''); }
}
export const m${i} = new M${i}({ name: 'a', title: 'b', price: '1', token: 'c', previous: [] });
export const labels${i} = m${i}.previous.map((other) => other.label);
`;
}

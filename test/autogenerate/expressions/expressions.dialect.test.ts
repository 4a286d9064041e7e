import { check, customType, index, integer, MetaData, sql } from 'aludel';
import { describe, expect, it } from 'vitest';
import { Expr } from '../../../src/schema/expressions/expr.js';
import type { TableArg } from '../../../src/schema/table-args.js';
import type { AnyColumn } from '../../../src/schema/metadata.js';
import { dialects, type TestDialect } from '../../support/databases.js';
import { createProject } from '../../support/project.js';
import { MARIADB, MYSQL, MYSQL_COLUMNS } from './mysql.js';
import { declareGround, POSTGRES, POSTGRES_COLUMNS } from './postgres.js';
import { shout, type Spelled } from './spelled.js';
import { SQLITE, SQLITE_COLUMNS } from './sqlite.js';

const EXPRESSIONS = {
  postgres: { list: POSTGRES, columns: POSTGRES_COLUMNS },
  mysql: { list: MYSQL, columns: MYSQL_COLUMNS },
  mariadb: { list: MARIADB, columns: MYSQL_COLUMNS },
  sqlite: { list: SQLITE, columns: SQLITE_COLUMNS },
} as const;

describe.concurrent.each(dialects)('expressions on $name', (dialect) => {
  it('are equal however they are spelled, and different when they say something else', async () => {
    const { list } = EXPRESSIONS[dialect.name];
    const isServer = dialect.name !== 'sqlite';
    let models = modelsOf(dialect, ({ spellings: [first] }) => first);
    const project = await createProject(dialect, { models: async () => models });
    try {
      await project.migrator.revision({ autogenerate: true, message: 'all' });
      await project.migrator.upgrade();
      const spellings: ((spelled: Spelled) => string)[] = [
        ({ spellings: [first] }) => first,
        ({ spellings: [, second] }) => second,
        ...(isServer ? [(spelled: Spelled) => shout(spelled, dialect.name === 'mysql')] : []),
      ];
      for (const spelling of spellings) {
        models = modelsOf(dialect, spelling);
        expect((await project.migrator.check()).descriptions).toEqual([]);
      }
      models = modelsOf(dialect, ({ differs }) => differs);
      const found = (await project.migrator.check()).descriptions.join('\n');
      expect(list.map((_spelled, at) => nameOf(at)).filter((name) => !found.includes(`${name}"`))).toEqual([]);
    } finally {
      await project.remove();
    }
  });
});

function nameOf(at: number): string {
  return `x${String(at).padStart(2, '0')}`;
}

/** One table that holds all of them, and the views over it. */
function modelsOf({ name: dialect }: TestDialect, spell: (spelled: Spelled) => string): MetaData {
  const { list, columns } = EXPRESSIONS[dialect];
  const metadata = new MetaData();
  if (dialect === 'postgres') declareGround(metadata);
  const own: Record<string, AnyColumn> = { id: integer().primaryKey() };
  const typed = (type: string): AnyColumn => customType({ [dialect]: type });
  for (const column of columns.split(/,(?![^(]*\))/)) {
    const [, name = '', type = ''] = /^\s*(\w+)\s+([\s\S]+?)\s*$/.exec(column) ?? [];
    own[name] = typed(type);
  }
  list.forEach((spelled, at) => {
    const expression = text(spell(spelled));
    if (spelled.place === 'default') own[nameOf(at)] = typed(spelled.type ?? '').serverDefault(expression);
    if (spelled.place === 'generated') own[nameOf(at)] = typed(spelled.type ?? '').generatedAs(expression);
  });
  metadata.table('base', own, () =>
    list.flatMap((spelled, at): TableArg[] => {
      const expression = text(spell(spelled));
      if (spelled.place === 'check') return [check(nameOf(at), expression)];
      if (spelled.place === 'index') return [index(nameOf(at), [expression])];
      return spelled.place === 'where' ? [index(nameOf(at), [sql`id`], { where: expression })] : [];
    }),
  );
  list.forEach((spelled, at) => {
    if (spelled.place === 'view') metadata.view(nameOf(at), spell(spelled));
  });
  return metadata;
}

function text(spelling: string): Expr<unknown> {
  return new Expr({ kind: 'sql', parts: [spelling] });
}

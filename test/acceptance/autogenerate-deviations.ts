/** Why an answer may be another one than Alembic's: decided by what the case holds and by every line of the difference, never by its name. */
import {
  type AutogenerateCase,
  type CaseCheck,
  type CaseColumn,
  type CaseForeignKey,
  type CaseIndex,
  type CaseTable,
  type CaseUnique,
  indexParts,
} from './autogenerate-cases.js';
import { homeOf, keyOf, type OperationLine } from './autogenerate-operations.js';

export interface Difference extends OperationLine {
  /** `expected`: Alembic does it, and Aludel does not. */
  readonly side: 'expected' | 'found';
}

/** Both sides of what a difference is about. */
interface Sides {
  readonly one: AutogenerateCase;
  readonly db: CaseTable | undefined;
  readonly model: CaseTable | undefined;
  readonly columns: Pair<CaseColumn>;
  readonly indexes: Pair<CaseIndex>;
  readonly checks: Pair<CaseCheck>;
  readonly uniques: Pair<CaseUnique>;
  readonly foreignKeys: Pair<CaseForeignKey>;
}

interface Pair<T> {
  readonly db: T | undefined;
  readonly model: T | undefined;
}

interface Rule {
  readonly name: string;
  readonly fits: (difference: Difference, sides: Sides) => boolean;
}

/** The case contradicts itself: by what it holds, Alembic's answer would be another one, so what made the answer is not in it. */
const NOT_RECORDED: readonly Rule[] = [
  {
    name: 'not recorded: a filter, or the name of the version table',
    // A table that one side alone has is created or dropped; one that both sides have is neither.
    fits: ({ side, op }, { db, model }) =>
      (op === 'createTable' || op === 'dropTable') &&
      (side === 'found' ? (db === undefined) !== (model === undefined) : db !== undefined && model !== undefined),
  },
  {
    name: 'not recorded: a check of the model',
    fits: ({ side, op, detail }, { checks }) =>
      side === 'expected'
        ? op === 'createCheckConstraint' && checks.model === undefined
        : op === 'dropConstraint' && detail === 'check' && checks.model === undefined && checks.db !== undefined,
  },
  {
    name: 'not recorded: NULLS NOT DISTINCT of an index of the database',
    fits: ({ side, op }, { indexes: { db, model } }) =>
      (op === 'dropIndex' || op === 'createIndex') &&
      db !== undefined &&
      model !== undefined &&
      db.unique &&
      model.unique &&
      JSON.stringify(db.on) === JSON.stringify(model.on) &&
      (side === 'found') === (model.postgresql_nulls_not_distinct === true),
  },
  {
    name: 'not recorded: a comparison of types of its own',
    fits: ({ side, op, detail }, { columns: { db, model } }) =>
      op === 'alterColumn' &&
      detail === '(type)' &&
      db !== undefined &&
      model !== undefined &&
      (side === 'expected' ? db.type === model.type : !isSameWord(db.type, model.type)),
  },
];

/** What Aludel does otherwise on purpose; docs/alembic-parity.md says why. */
const ON_PURPOSE: readonly Rule[] = [
  {
    name: 'check-expressions',
    fits: ({ side, op }, { checks: { db, model } }) =>
      side === 'found' &&
      (op === 'dropConstraint' || op === 'createCheckConstraint') &&
      db !== undefined &&
      model !== undefined &&
      bareSql(db.sql) !== bareSql(model.sql),
  },
  {
    name: 'index-options',
    fits: ({ side, op }, { model, indexes }) =>
      side === 'found' &&
      (op === 'dropIndex' || op === 'createIndex') &&
      indexes.db !== undefined &&
      model !== undefined &&
      indexes.model !== undefined &&
      indexParts(indexes.model, model).some(({ opclass }) => opclass !== null),
  },
  {
    name: 'generated-columns',
    fits: ({ side, op, detail }, { columns: { db, model } }) =>
      side === 'found' &&
      (detail === '(generated)' || op === 'addColumn' || op === 'dropColumn') &&
      db !== undefined &&
      model !== undefined &&
      (db.computed !== undefined || model.serverDefault?.computed !== undefined),
  },
  {
    name: 'identity-null',
    fits: ({ op, detail }, { columns: { db, model } }) =>
      op === 'alterColumn' &&
      /^\((?:nullable \w+, )?serverDefault\)$/.test(detail) &&
      db !== undefined &&
      model !== undefined &&
      (db.identity === undefined) !== (model.serverDefault?.identity === undefined) &&
      db.nullable !== model.nullable,
  },
  {
    name: 'primary-keys',
    fits: ({ side, op, detail }, { db, model }) =>
      side === 'found' &&
      (op === 'createPrimaryKey' || detail === 'primaryKey') &&
      db?.primaryKey?.columns.join() !== model?.primaryKey?.columns.join(),
  },
  {
    name: 'collations',
    fits: ({ side, detail }, { columns: { db, model } }) =>
      side === 'found' &&
      detail === '(type)' &&
      /\bCOLLATE\b/i.test(db?.type ?? '') !== /\bCOLLATE\b/i.test(model?.type ?? ''),
  },
  {
    name: 'unnamed-constraints',
    fits: ({ side, op, name, detail }, { one, db, model }) =>
      side === 'found' &&
      one.dialect === 'sqlite' &&
      op === 'dropConstraint' &&
      name === '' &&
      detail === 'unique' &&
      (db?.unique ?? []).some(
        (unique) =>
          unique.name === null &&
          !(model?.unique ?? []).some(({ columns }) => columns.join() === unique.columns.join()),
      ),
  },
  {
    name: 'type-arguments',
    fits: ({ side, detail }, { columns: { db, model } }) =>
      side === 'found' &&
      detail === '(type)' &&
      db !== undefined &&
      model !== undefined &&
      isSameWord(db.type, model.type) &&
      (countArguments(db.type) !== countArguments(model.type) ||
        /\bUNSIGNED\b/i.test(db.type) !== /\bUNSIGNED\b/i.test(model.type)),
  },
  {
    name: 'enum-order',
    fits: ({ side, detail }, { one, columns: { db, model } }) =>
      side === 'found' &&
      one.dialect === 'mariadb' &&
      detail === '(type)' &&
      db !== undefined &&
      model !== undefined &&
      sortedValues(db.type) !== null &&
      sortedValues(db.type) === sortedValues(model.type),
  },
  {
    name: 'unique-order',
    fits: ({ side, op, detail }, { uniques: { db, model } }) =>
      side === 'found' &&
      (op === 'createUniqueConstraint' || detail === 'unique' || /^(?:create|drop)Index$/.test(op)) &&
      db !== undefined &&
      model !== undefined &&
      db.columns.join() !== model.columns.join() &&
      db.columns.toSorted().join() === model.columns.toSorted().join(),
  },
  {
    name: 'foreign-key-names',
    fits: ({ side, op, detail }, { db, model, foreignKeys }) =>
      side === 'found' &&
      (op === 'createForeignKey' || detail === 'foreignKey') &&
      isRenamed(foreignKeys.db, model?.foreignKeys) !== isRenamed(foreignKeys.model, db?.foreignKeys),
  },
  {
    name: 'default-spelling',
    fits: ({ side, detail }, { columns: { db, model } }) => {
      if (detail !== '(serverDefault)') return false;
      const [is, wanted] = [db?.default, model?.serverDefault?.sql];
      const isSameNumber = Number(plainDefault(is)) === Number(plainDefault(wanted));
      return isSameNumber || (side === 'expected' && bareText(is) !== '' && bareText(is) === bareText(wanted));
    },
  },
  { name: 'sequences', fits: ({ side, op }) => side === 'found' && /^(?:create|alter|drop)Sequence$/.test(op) },
  {
    name: 'index-named-as-column',
    fits: ({ side, op, name }, { one, db, indexes }) =>
      side === 'found' &&
      one.dialect === 'mariadb' &&
      (op === 'dropIndex' || op === 'createIndex') &&
      (indexes.db === undefined) !== (indexes.model === undefined) &&
      db?.columns.some((column) => column.name === name) === true,
  },
];

/** The rules by which Aludel answers otherwise than Alembic, or by which nobody can know; `undefined` where a difference has none. */
export function deviationOf(one: AutogenerateCase, differences: readonly Difference[]): string | undefined {
  const names = differences.map((difference) => {
    const sides = sidesOf(one, difference);
    return [...NOT_RECORDED, ...ON_PURPOSE].find(({ fits }) => fits(difference, sides))?.name;
  });
  return names.includes(undefined) ? undefined : [...new Set(names)].sort().join(', ');
}

function sidesOf(one: AutogenerateCase, { table, name }: Difference): Sides {
  const find = (tables: readonly CaseTable[]): CaseTable | undefined =>
    tables.find((own) => keyOf({ namespace: homeOf(own.schema, one), name: own.name }) === table);
  const [db, model] = [find(one.db), find(one.model)];
  const pair = <T extends { readonly name: string | null }>(
    of: (own: CaseTable) => readonly T[] | undefined,
  ): Pair<T> => {
    const part = (own: CaseTable | undefined): T | undefined => (own && of(own))?.find((item) => item.name === name);
    return { db: part(db), model: part(model) };
  };
  return {
    one,
    db,
    model,
    columns: pair((own) => own.columns),
    indexes: pair((own) => own.indexes),
    checks: pair((own) => own.checks),
    uniques: pair((own) => own.unique),
    foreignKeys: pair((own) => own.foreignKeys),
  };
}

/** Without what a server adds where it prints an expression. */
function bareSql(sql: string): string {
  return sql.toLowerCase().replaceAll(/[\s"`()]|::[a-z ]+(?:\[\])?/g, '');
}

/** The width in which MariaDB shows an integer is no argument. */
function countArguments(type: string): number {
  const [, word = '', list] = /^(\w+)[^(]*(?:\(([^)]*)\))?/.exec(type) ?? [];
  return list === undefined || /INT/i.test(word) ? 0 : list.split(',').length;
}

function sortedValues(type: string): string | null {
  const values = /^ENUM\((.*)\)$/is.exec(type)?.[1];
  return values === undefined ? null : values.split(',').sort().join();
}

/** Whether the other side has a foreign key of the same columns, with a name of its own. */
function isRenamed(key: CaseForeignKey | undefined, others: readonly CaseForeignKey[] | undefined): boolean {
  return (others ?? []).some(({ name, columns }) => name !== key?.name && columns.join() === key?.columns.join());
}

/** Without spaces and the outer brackets, where no text is quoted; the two names of the moment are one. */
function bareText(text = ''): string {
  return /['"]/.test(text)
    ? text
    : text
        .replaceAll(/\s/g, '')
        .replace(/^\((.*)\)$/, '$1')
        .replace(/^current_timestamp(?:\(\))?$/i, 'now()');
}

/** The number of a default that is one, quoted or not. */
function plainDefault(text = ''): string {
  return /^'?(-?[\d.]+)'?(?:::[\w ]+)?$/.exec(text)?.[1] ?? 'none';
}

/** Alembic compares the first words of two types, and takes some for the same. */
const SAME_WORDS: readonly (readonly string[])[] = [
  ['NUMERIC', 'DECIMAL'],
  ['FLOAT', 'DOUBLE'],
  ['BOOL', 'BOOLEAN', 'TINYINT'],
  ['JSON', 'LONGTEXT'],
];

function isSameWord(one: string, other: string): boolean {
  const [first = '', second = ''] = [one, other].map((type) => /^\w+/.exec(type.toUpperCase())?.[0]);
  return first === second || SAME_WORDS.some((words) => words.includes(first) && words.includes(second));
}

/** Comparisons of one type or one default, as cases: a table with a column of each side. */
import type { AutogenerateCase, CaseColumn, CaseComparison, CaseOperation } from './autogenerate-cases.js';

export function caseOf(comparison: CaseComparison): AutogenerateCase {
  const { id, kind, differs, source } = comparison;
  const [db, model] = kind === 'type' ? typesOf(comparison) : defaultsOf(comparison);
  const key = comparison.primaryKey === true ? { primaryKey: { name: null, columns: ['c'] } } : {};
  const change: CaseOperation = {
    op: 'alterColumn',
    table: 't',
    column: 'c',
    ...(kind === 'type' ? { type: '' } : { serverDefault: null }),
  };
  return {
    id,
    title: source.split('::').at(-1) ?? '',
    // Of no database in particular: SQLite keeps types as they are written.
    dialect: comparison.dialect === 'default' ? 'sqlite' : comparison.dialect,
    options: { compareType: true, compareServerDefault: true },
    // SQLite wants more than nothing in a table without its key.
    db: [{ name: 't', columns: [db], ...key }],
    model: [{ name: 't', columns: [model], ...key }],
    expected: differs ? [change] : [],
  };
}

function typesOf({ dbType = '', modelType = '', modelRepr = '' }: CaseComparison): [CaseColumn, CaseColumn] {
  const base = { name: 'c', nullable: true };
  return [
    { ...base, type: dbType },
    { ...base, type: modelType, modelType: modelRepr },
  ];
}

function defaultsOf({ type = '', primaryKey, dbDefault, modelDefault }: CaseComparison): [CaseColumn, CaseColumn] {
  const base = { name: 'c', nullable: primaryKey !== true, type };
  // The sequence is called after the table of its own test.
  const text = dbDefault == null ? undefined : dbDefault.replace(/^nextval\('.*'/, "nextval('t_c_seq'");
  return [
    { ...base, ...(text === undefined ? {} : { default: text }) },
    { ...base, ...(modelDefault == null || modelDefault === '' ? {} : { serverDefault: declared(modelDefault) }) },
  ];
}

/** A default was declared as a string or as SQL, and the text is all that was kept: what is no SQL was a string. */
function declared(text: string): { readonly sql: string } | { readonly literal: string } {
  const isSql = /^(?:-?[\d.]+|CURRENT_\w+(?:\(\d*\))?(?: ON UPDATE .*)?|NULL|true|false)$|[()']/i.test(text);
  return isSql ? { sql: text } : { literal: text };
}

/**
 * Changes one CREATE TABLE as text, through its parse tree: what an operation does not touch stays byte for byte, and
 * what it puts in goes where `create-table.ts` would have written it.
 */
import { changedColumn } from '../../operations/changed-column.js';
import { describe } from '../../operations/describe.js';
import type { AlterColumn, DropConstraint, Operation, SetTableOptions } from '../../operations/operation.js';
import { type Constraint, EMPTY_COLUMN, isLayoutOption } from '../../schema/table.js';
import { AludelError } from '../../errors.js';
import { columnDefinition, type PrintedColumn, printColumn } from './columns.js';
import { constraintDefinition, constraintName, references } from './constraints.js';
import type { ColumnConstraint } from './ddl/column-constraints.js';
import { type ColumnDefinition, type CreateTable, parseCreateTable } from './ddl/create-table.js';
import { foldName, unquoteName } from './ddl/names.js';
import { spliceTokens, type TokenEdit } from './ddl/splice-tokens.js';
import type { TokenRange } from './ddl/token-cursor.js';
import { tokenize } from './ddl/tokenizer.js';
import { readEnumCheck } from './enum-check.js';
import { findConstraint, type FoundConstraint } from './find-constraint.js';
import { isPlainDefault, quoteIdentifier } from './sql.js';

/** @throws AludelError ALUDEL_REBUILD_REFUSED when the text does not hold what the operation is about. */
export function editTable(sql: string, operation: Operation): string {
  const table = parseCreateTable(sql);
  if (table.kind !== 'table') throw refused(operation, table.reason);
  return spliceTokens(table.tokens, editsFor(table, operation));
}

/**
 * Puts a check or foreign key where one stands that is dropped, and that is written on its column: undefined where the two
 * have nothing to do with each other.
 */
export function replaceConstraint(sql: string, dropped: DropConstraint, added: Constraint): string | undefined {
  const table = parseCreateTable(sql);
  const found = table.kind === 'table' ? findConstraint(table, dropped) : undefined;
  if (table.kind !== 'table' || found?.column == null || found.kind !== added.kind) return undefined;
  if ((found.name ?? null) !== added.name) return undefined;
  const text = columnConstraint(added, found.column);
  if (text === undefined) return undefined;
  return spliceTokens(table.tokens, [{ start: found.start, end: found.end, text }]);
}

/** A constraint as it is written on a column that it is about. */
function columnConstraint(constraint: Constraint, column: string): string | undefined {
  const isColumn = (name: string): boolean => foldName(unquoteName(name)) === foldName(column);
  if (constraint.kind === 'check') {
    const text = constraintDefinition(constraint);
    return tokenize(text).some((token) => isColumn(token.text)) ? text : undefined;
  }
  if (constraint.kind !== 'foreignKey' || constraint.columns.length > 1) return undefined;
  return constraint.columns.every(isColumn) ? `${constraintName(constraint)}${references(constraint)}` : undefined;
}

function editsFor(table: CreateTable, operation: Operation): TokenEdit[] {
  switch (operation.kind) {
    case 'addColumn':
      return [insertAfter(table.columns.at(-1) ?? table.body, `,\n  ${columnDefinition(operation.column)}`)];
    case 'dropColumn': {
      const column = findColumn(table, operation.column, operation);
      const alone = table.constraints.filter((constraint) => mentionsInKey(constraint, operation.column));
      return removeItems(table, [column, ...alone]);
    }
    case 'alterColumn':
      return alterColumn(table, findColumn(table, operation.column, operation), operation);
    case 'addConstraint':
      return [insertAfter(items(table).at(-1) ?? table.body, `,\n  ${constraintDefinition(operation.constraint)}`)];
    case 'dropConstraint': {
      const found = findConstraint(table, operation);
      if (found === undefined) throw refused(operation, 'the table has no such constraint');
      return found.column === null ? removeItems(table, [found]) : [{ start: found.start, end: found.end, text: '' }];
    }
    case 'setTableOptions':
      return Object.keys(operation.changes).every(isLayoutOption) ? [] : setOptions(table, operation.changes);
    case 'renameConstraint': {
      const { table: owner, name, existing } = operation;
      const meant = { kind: 'dropConstraint', table: owner, name, type: existing?.kind ?? null, existing } as const;
      const found = findConstraint(table, meant);
      if (found === undefined) throw refused(operation, 'the table has no such constraint');
      return [renameAt(found, operation.to)];
    }
    default:
      return [];
  }
}

/** STRICT and WITHOUT ROWID stand behind the parentheses; they are written anew as a whole. */
function setOptions(table: CreateTable, changes: SetTableOptions['changes']): TokenEdit[] {
  const options = { ...table.options, ...changes };
  const words = [
    ...(options['strict'] === true ? ['STRICT'] : []),
    ...(options['withoutRowid'] === true ? ['WITHOUT ROWID'] : []),
  ].join(', ');
  // `body` is what stands between the parentheses.
  const end = table.tokens.length - 1;
  return [{ start: table.body.end + 1, end, text: words === '' ? '' : ` ${words}` }];
}

/** The word CONSTRAINT and the name are the first two tokens of a named constraint. */
function renameAt({ start, name }: FoundConstraint, to: string): TokenEdit {
  const named = quoteIdentifier(to);
  if (name === null) return insertAt(start, ` CONSTRAINT ${named}`);
  return { start: start + 1, end: start + 2, text: named };
}

/** The order in which `create-table.ts` writes the parts of a column; what it never writes comes last. */
const RANKS: readonly string[] = ['collate', 'generated', 'notNull', 'default', 'check'];

function alterColumn(table: CreateTable, column: ColumnDefinition, { changes, existing }: AlterColumn): TokenEdit[] {
  const edits: TokenEdit[] = [];
  // Only the changed parts are taken from this column: the rest of it does not matter.
  const wanted = printColumn({
    ...changedColumn({ type: { kind: 'text' }, name: column.name.value, ...EMPTY_COLUMN, ...existing }, changes),
    name: column.name.value,
  });
  const replace = (kind: keyof PrintedColumn & ColumnConstraint['kind'], text: string): void => {
    const [first, ...others] = column.constraints.filter((known) => known.kind === kind && isPart(known, column));
    edits.push(...others.map(({ start, end }) => ({ start, end, text: '' })));
    if (first !== undefined) edits.push({ ...wordsToReplace(first, text), text: inTheirWords(first, text) });
    else if (text !== '') edits.push(insertAt(placeFor(column, kind), ` ${text}`));
  };
  if (changes.type !== undefined) {
    const text = wanted.type;
    edits.push(column.type === null ? insertAt(column.name.end, ` ${text}`) : { ...column.type, text });
  }
  // In the order in which they are written: what goes in at one place comes out in this order.
  if (changes.collation !== undefined) replace('collate', wanted.collate);
  if (changes.generated !== undefined) replace('generated', wanted.generated);
  if (changes.nullable !== undefined) replace('notNull', wanted.notNull);
  if (changes.default !== undefined) replace('default', wanted.default);
  if (changes.type !== undefined) replace('check', wanted.check);
  if (changes.generation !== undefined) edits.push(...setCounting(table, column, changes.generation !== null));
  return edits;
}

/** `CONSTRAINT name` stays where something else comes behind it. */
function wordsToReplace({ start, end, name }: ColumnConstraint, text: string): TokenRange {
  return { start: name === null || text === '' ? start : start + 2, end };
}

/** `AS (...)`, a VIRTUAL that is not said and brackets around a default stay as they were written. */
function inTheirWords(constraint: ColumnConstraint, text: string): string {
  if (constraint.kind === 'default') {
    const value = text.slice('DEFAULT '.length);
    const isBracketed = constraint.form === 'expression' && isPlainDefault(constraint.value.text);
    return isBracketed && isPlainDefault(value) ? `DEFAULT (${value})` : text;
  }
  if (constraint.kind !== 'generated') return text;
  const head = constraint.always ? text : text.replace(/^GENERATED ALWAYS /, '');
  return constraint.isStorageSaid ? head : head.replace(/ VIRTUAL$/, '');
}

/** Of the checks of a column only the unnamed one of an enumeration is part of its type. */
function isPart(constraint: ColumnConstraint, column: ColumnDefinition): boolean {
  if (constraint.kind !== 'check') return true;
  return constraint.name === null && readEnumCheck(constraint.expression.text, column.name.value).length > 0;
}

/** Before the first part that is written later, else at the end of the column. */
function placeFor(column: ColumnDefinition, kind: string): number {
  const later = column.constraints.find((constraint) => RANKS.indexOf(constraint.kind) > RANKS.indexOf(kind));
  return later?.start ?? column.end;
}

/** Puts AUTOINCREMENT behind the key, or takes it away. */
function setCounting(table: CreateTable, column: ColumnDefinition, counts: boolean): TokenEdit[] {
  const inline = column.constraints.find((constraint) => constraint.kind === 'primaryKey');
  const key = inline ?? table.constraints.find((constraint) => constraint.kind === 'primaryKey');
  if (key === undefined || key.kind !== 'primaryKey') return [];
  const range = table.tokens.slice(key.start, key.end);
  const at = range.findIndex((token) => token.kind === 'word' && token.text.toUpperCase() === 'AUTOINCREMENT');
  if (at !== -1) return counts ? [] : [{ start: key.start + at, end: key.start + at + 1, text: '' }];
  if (!counts) return [];
  const type: TokenEdit[] = column.type === null ? [] : [{ ...column.type, text: 'INTEGER' }];
  const place = 'columns' in key ? (key.columns.at(-1)?.end ?? key.end) : key.end;
  return [...type, insertAt(place, ' AUTOINCREMENT')];
}

type Item = TokenRange;

function items(table: CreateTable): Item[] {
  return [...table.columns, ...table.constraints];
}

/** Removes definitions together with the commas that parted them from the rest. */
function removeItems(table: CreateTable, removed: readonly Item[]): TokenEdit[] {
  const all = items(table);
  const gone = new Set(removed.map((item) => item.start));
  const firstKept = all.findIndex((item) => !gone.has(item.start));
  return all.flatMap((item, i): TokenEdit[] => {
    if (!gone.has(item.start)) return [];
    const next = all[i + 1];
    const previous = all[i - 1];
    // What stands before everything that stays goes with the comma behind it, the rest with the one before it.
    if (i < firstKept && next !== undefined) return [{ start: item.start, end: next.start, text: '' }];
    return [{ start: previous?.end ?? item.start, end: item.end, text: '' }];
  });
}

/** As in `operations/apply.ts`: a key or foreign key goes with any of its columns. */
function mentionsInKey(constraint: CreateTable['constraints'][number], column: string): boolean {
  const isColumn = (name: string | undefined): boolean => name !== undefined && foldName(name) === foldName(column);
  switch (constraint.kind) {
    case 'primaryKey':
    case 'unique':
      return constraint.columns.some((part) => isColumn(part.column?.value));
    case 'foreignKey':
      return constraint.columns.some((part) => isColumn(part.value));
    default:
      return false;
  }
}

function findColumn(table: CreateTable, name: string, operation: Operation): ColumnDefinition {
  const found = table.columns.find((column) => foldName(column.name.value) === foldName(name));
  if (found === undefined) throw refused(operation, `the table has no column "${name}"`);
  return found;
}

function insertAfter(item: TokenRange, text: string): TokenEdit {
  return insertAt(item.end, text);
}

function insertAt(place: number, text: string): TokenEdit {
  return { start: place, end: place, text };
}

function refused(operation: Operation, reason: string): AludelError {
  return new AludelError('ALUDEL_REBUILD_REFUSED', `Cannot ${describe(operation)}: ${reason.replace(/\.$/, '')}.`, {
    hint: 'Check the name, and whether an earlier revision makes it.',
  });
}

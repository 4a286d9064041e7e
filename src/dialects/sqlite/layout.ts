/**
 * Where the parts of a column stand in its CREATE TABLE, which SQLite keeps word by word: `layout email` among the table's
 * options says `collate, not null, unique` where that is not the order in which `create-table.ts` writes. The words hold no
 * name and no value: these come from the columns and constraints. `layout foreign key a, b` says the same of a foreign key.
 */
import {
  type Column,
  type Constraint,
  findTable,
  type ForeignKey,
  isLayoutOption,
  type Schema,
  type Table,
  type TableOptions,
} from '../../schema/table.js';
import { byName } from '../normalise-schema.js';
import type { ColumnConstraint } from './ddl/column-constraints.js';
import type { CreateTable } from './ddl/create-table.js';
import type { References } from './ddl/foreign-key-clause.js';
import { foldName } from './ddl/names.js';
import type { TableConstraint } from './ddl/table-constraints.js';
import type { Token } from './ddl/tokenizer.js';
import { isPlainDefault } from './sql.js';

const PREFIX = 'layout ';

/** The words for the parts of a column, in their order; undefined for the usual ones. */
export function layoutOf(table: Pick<Table, 'options'>, column: string): readonly string[] | undefined {
  const text = table.options[`${PREFIX}${column}`];
  return typeof text === 'string' ? text.split(', ').filter((word) => word !== '') : undefined;
}

/** The words for a constraint that stands beside the columns. */
export function constraintLayout(table: Pick<Table, 'options'>, constraint: Constraint): string | undefined {
  if (!('columns' in constraint)) return undefined;
  const text = table.options[constraintKeyOf(constraint.kind, constraint.columns)];
  return typeof text === 'string' ? text : undefined;
}

function constraintKeyOf(kind: string, columns: readonly string[]): string {
  return `${PREFIX}${WORDS[kind] ?? kind} ${columns.join(', ')}`;
}

const WORDS: Readonly<Record<string, string>> = { primaryKey: 'primary key', foreignKey: 'foreign key' };

const TOGETHER = `${PREFIX}of the constraints`;

/** The constraints that stand beside the columns, in groups: those of one group have no commas between them. */
export function groupConstraints(table: Pick<Table, 'options'>, apart: readonly Constraint[]): Constraint[][] {
  const text = table.options[TOGETHER];
  if (typeof text !== 'string') return apart.map((constraint) => [constraint]);
  const waiting = new Map(numberByKind(apart).map((word, i) => [word, apart[i]]));
  const groups = text.split(', ').map((group) =>
    group.split(' + ').flatMap((word) => {
      const constraint = waiting.get(word);
      waiting.delete(word);
      return constraint ?? [];
    }),
  );
  const others = apart.filter((constraint) => [...waiting.values()].includes(constraint));
  return [...groups.filter((group) => group.length > 0), ...others.map((constraint) => [constraint])];
}

/** `check 1, foreign key 1, check 2`, in the order of names as a table has them. */
function numberByKind(constraints: readonly { readonly kind: string }[]): string[] {
  const counts = new Map<string, number>();
  return constraints.map(({ kind }) => {
    const number = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, number);
    return `${WORDS[kind] ?? kind} ${number}`;
  });
}

/** Which constraints stand together without commas; nothing where none do. */
function readGroups({ constraints, joined }: CreateTable): [string, string][] {
  if (joined.size === 0) return [];
  const real = constraints.filter(({ kind }) => kind !== 'nameOnly');
  const named = real.map((constraint) => ({ ...constraint, name: constraint.name?.value ?? null, constraint }));
  const sorted = named.toSorted(byName);
  const words = new Map(numberByKind(sorted).map((word, i) => [sorted[i]?.constraint, word]));
  const text = real.map((constraint, i) => {
    const separator = i === 0 ? '' : joined.has(constraint) ? ' + ' : ', ';
    return `${separator}${words.get(constraint) ?? ''}`;
  });
  return [[TOGETHER, text.join('')]];
}

/** Models with the tables that are there laid out as they are. */
export function takeLayouts(wanted: Schema, live: Schema): Schema {
  const layouts = (table: Table, isLayout: boolean): [string, string | boolean][] =>
    Object.entries(table.options).filter(([key]) => isLayoutOption(key) === isLayout);
  const tables = wanted.tables.map((table): Table => {
    const known = findTable(live, table);
    if (known === undefined) return table;
    return { ...table, options: Object.fromEntries([...layouts(table, false), ...layouts(known, true)]) };
  });
  return { ...wanted, tables };
}

/** What of a parsed statement is not laid out as usual. */
export function readLayout(parsed: CreateTable, table: Table): TableOptions {
  const { tokens } = parsed;
  return Object.fromEntries([
    ...parsed.columns.flatMap((definition, i) => {
      const column = table.columns[i];
      const words = definition.constraints.flatMap((constraint) => wordsOf(constraint, tokens));
      if (column === undefined || words.join() === usualWords(column).join()) return [];
      return [[`${PREFIX}${column.name}`, words.join(', ')] as const];
    }),
    ...parsed.constraints.flatMap((constraint) => constraintEntries(constraint, tokens)),
    ...readGroups(parsed),
  ]);
}

/** As `create-table.ts` writes a column that has no layout. */
function usualWords({ type, collation, generated, nullable, default: value }: Column): string[] {
  return [
    ...(collation === null ? [] : ['collate']),
    ...(generated === null ? [] : [`generated always as ${generated.stored ? 'stored' : 'virtual'}`]),
    ...(nullable ? [] : ['not null']),
    ...(value === null ? [] : ['default']),
    ...(type.kind === 'enum' ? ['check'] : []),
  ];
}

function wordsOf(constraint: ColumnConstraint, tokens: readonly Token[]): string[] {
  switch (constraint.kind) {
    case 'primaryKey': {
      const order = constraint.order === null ? '' : ` ${constraint.order}`;
      return [`primary key${order}${conflictWords(constraint)}`];
    }
    case 'notNull':
      return [`not null${constraint.name === null ? '' : ` as ${constraint.name.value}`}${conflictWords(constraint)}`];
    case 'null':
      return [`null${conflictWords(constraint)}`];
    case 'unique':
      return [`unique${conflictWords(constraint)}`];
    case 'default': {
      const isBracketed = constraint.form === 'expression' && isPlainDefault(constraint.value.text);
      return [isBracketed ? 'default ()' : 'default'];
    }
    case 'generated': {
      const head = constraint.always ? 'generated always as' : 'as';
      return [constraint.isStorageSaid ? `${head} ${constraint.storage}` : head];
    }
    case 'references':
      return [`references ${referenceWords(constraint.references, tokens)}`.trim()];
    case 'check':
      return [constraint.name === null ? 'check' : `check ${constraint.name.value}`];
    case 'deferrable':
      return [foldName(constraint.deferrable.text).replace(/\s+/g, ' ')];
    case 'nameOnly':
      return [];
    default:
      return [constraint.kind];
  }
}

function conflictWords({ conflict }: { readonly conflict: string | null }): string {
  return conflict === null ? '' : ` on conflict ${conflict}`;
}

function constraintEntries(constraint: TableConstraint, tokens: readonly Token[]): [string, string][] {
  switch (constraint.kind) {
    case 'foreignKey': {
      const words = referenceWords(constraint.references, tokens);
      const columns = constraint.columns.map(({ value }) => value);
      return words === usualReference(readActions(constraint.references))
        ? []
        : [[constraintKeyOf(constraint.kind, columns), words]];
    }
    case 'primaryKey':
    case 'unique': {
      const columns = constraint.columns.map(({ column, expression }) => column?.value ?? expression.text);
      const parts = constraint.columns.map(({ order, collate }) =>
        [collate === null ? '' : `collate ${collate.value}`, order ?? ''].filter((word) => word !== '').join(' '),
      );
      const said = parts.some((part) => part !== '') ? `(${parts.join('; ')})` : '';
      const words = `${said}${conflictWords(constraint)}`.trim();
      return words === '' ? [] : [[constraintKeyOf(constraint.kind, columns), words]];
    }
    default:
      return [];
  }
}

/** `() on delete on update`: columns that are named, clauses in their order, and what SQLite takes for decoration. */
function referenceWords(references: References, tokens: readonly Token[]): string {
  const words = tokens
    .slice(references.start, references.end)
    .map(({ kind, text }) => (kind === 'word' ? foldName(text) : text));
  const clauses: string[] = references.columns === null ? [] : ['()'];
  words.forEach((word, i) => {
    if (word === 'on' && (words[i + 1] === 'delete' || words[i + 1] === 'update'))
      clauses.push(`on ${words[i + 1] ?? ''}`);
    if (word === 'match') clauses.push(`match ${words[i + 1] ?? ''}`);
  });
  if (references.deferrable !== null) clauses.push(foldName(references.deferrable.text).replace(/\s+/g, ' '));
  return clauses.join(' ');
}

function readActions({
  onDelete,
  onUpdate,
  deferrable,
}: References): Pick<ForeignKey, 'onDelete' | 'onUpdate' | 'deferrable'> {
  return {
    onDelete: onDelete ?? 'no action',
    onUpdate: onUpdate ?? 'no action',
    deferrable: deferrable?.isDeferred === true ? 'deferred' : null,
  };
}

/** The words for a reference that is written as usual. */
export function usualReference({
  onDelete,
  onUpdate,
  deferrable,
}: Pick<ForeignKey, 'onDelete' | 'onUpdate' | 'deferrable'>): string {
  return [
    '()',
    ...(onDelete === 'no action' ? [] : ['on delete']),
    ...(onUpdate === 'no action' ? [] : ['on update']),
    ...(deferrable === 'deferred' ? ['deferrable initially deferred'] : []),
  ].join(' ');
}

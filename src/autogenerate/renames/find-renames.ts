/**
 * What a drop may really be: a table, column, enum type, enum value or sequence that goes while a likely partner comes.
 * Nobody but a person knows, so these are questions; the answers come back as `Rename`s.
 */
import type { Capabilities } from '../../dialects/dialect.js';
import { type EnumType, findTable, type Schema, type Table, type TableName, tableKey } from '../../schema/table.js';
import { enumValuesOf } from './apply-renames.js';
import { ASIDE, type DeclaredEnum, type Rename } from './rename.js';
import { columnSimilarity, nameSimilarity, sharedColumns } from './similarity.js';
import { formatName } from './parse-answer.js';

/** Something that would be dropped, and what it may have become, the likeliest first. */
export interface RenameQuestion {
  readonly kind: Rename['kind'];
  /** As an answer spells it: `users.name`, `enum status.open`. */
  readonly dropped: string;
  readonly candidates: readonly RenameCandidate[];
}

export interface RenameCandidate {
  /** The new name as an answer spells it. */
  readonly to: string;
  /** What `--rename` takes: `users.name:users.full_name`. */
  readonly answer: string;
  /** From 0 to 1. */
  readonly score: number;
}

export interface FindOptions {
  readonly capabilities: Pick<Capabilities, 'enumTypes'>;
  readonly enums?: readonly DeclaredEnum[];
  /** What tables were called before the renames that `from` went through, by the key of the new name. */
  readonly formerTables?: ReadonlyMap<string, TableName>;
}

/** Below this, a partner is no more likely than any other. */
const PLAUSIBLE = 0.5;

/** A table is much to lose. */
const PLAUSIBLE_TABLE = 0.4;

/** Questions shown at most for one drop. */
const MOST = 5;

/** `from` is the schema after the renames that are known already. Tables first, then in the order of the names. */
export function findRenames(from: Schema, to: Schema, options: FindOptions): RenameQuestion[] {
  const { capabilities, enums = [], formerTables = new Map() } = options;
  return [
    ...findTables(from, to),
    ...findColumns(from, to, formerTables),
    ...(capabilities.enumTypes ? findEnums(from, to) : []),
    ...findValues(from, to, capabilities.enumTypes ? null : enums),
    ...findSequences(from, to),
  ];
}

interface Partner {
  readonly name: string;
  readonly answer: string;
  readonly score: number;
}

function question(
  kind: Rename['kind'],
  dropped: string,
  partners: readonly Partner[],
  plausible: number = PLAUSIBLE,
): RenameQuestion[] {
  const likely = partners
    .filter(({ score }) => score >= plausible)
    .toSorted((a, b) => b.score - a.score || (a.name < b.name ? -1 : 1))
    .slice(0, MOST);
  if (likely.length === 0) return [];
  const candidates = likely.map(({ name, answer, score }) => ({
    to: name,
    answer,
    score: Math.round(score * 100) / 100,
  }));
  return [{ kind, dropped, candidates }];
}

/** What is on one side only. */
function missing<T extends TableName>(from: readonly T[], to: readonly TableName[]): T[] {
  const known = new Set(to.map(tableKey));
  return from.filter((object) => !known.has(tableKey(object)) && !object.name.startsWith(ASIDE));
}

function findTables(from: Schema, to: Schema): RenameQuestion[] {
  const added = missing(to.tables, from.tables);
  if (added.length === 0) return [];
  const partnersOf = indexByColumns(added);
  return missing(from.tables, to.tables).flatMap((table) => {
    const likely = partnersOf(table);
    const partners = likely.flatMap((other): Partner[] => {
      if (other.namespace !== table.namespace) return [];
      const share = sharedColumns(table, other);
      const references = sameTargets(table, other) ? 0.1 : 0;
      const score = 0.6 * share + 0.3 * nameSimilarity(table.name, other.name) + references;
      const name = formatName([other.namespace, other.name]);
      const answer = `${formatName([table.namespace, table.name])}:${name}`;
      return [{ name, answer: withKind('table', table.namespace, answer), score: share === 0 ? 0 : score }];
    });
    return question('table', formatName([table.namespace, table.name]), partners, PLAUSIBLE_TABLE);
  });
}

/**
 * Finds the tables that share columns with one: a thousand against a thousand stays quick, since columns that very many
 * tables have (`id`, `created_at`) lead to nobody by themselves.
 */
function indexByColumns(tables: readonly Table[]): (table: Table) => readonly Table[] {
  const keysOf = ({ columns }: Table): string[] => {
    const keys = columns.map(({ name }) => name);
    return [...keys, keys.toSorted().join('\u0001')];
  };
  const index = new Map<string, Table[]>();
  for (const table of tables) {
    for (const key of keysOf(table)) {
      const list = index.get(key);
      if (list === undefined) index.set(key, [table]);
      else list.push(table);
    }
  }
  return (table) => {
    const found = keysOf(table).map((key) => index.get(key) ?? []);
    const rare = found.filter((list) => list.length <= MANY);
    // Nothing but usual columns: those with all of them in common, the nearest in the alphabet.
    const lists = rare.some((list) => list.length > 0) ? rare : [nearest(table, found.at(-1) ?? [])];
    return [...new Set(lists.flat())];
  };
}

/** So many tables share a column that it says nothing about any of them. */
const MANY = 50;

function nearest(table: Table, tables: readonly Table[]): Table[] {
  const sorted = tables.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const at = sorted.findIndex(({ name }) => name > table.name);
  const start = Math.max(0, (at === -1 ? sorted.length : at) - MANY / 2);
  return sorted.slice(start, start + MANY);
}

function sameTargets(from: Table, to: Table): boolean {
  const targets = (table: Table): string =>
    table.foreignKeys
      .map(({ target }) => (tableKey(target) === tableKey(table) ? '' : tableKey(target)))
      .sort()
      .join();
  return targets(from) === targets(to);
}

/** Two parts may be a table in a namespace or a column: the word says which. */
function withKind(kind: 'table' | 'column', namespace: string | null, answer: string): string {
  return namespace === null ? answer : `${kind} ${answer}`;
}

function findColumns(from: Schema, to: Schema, former: ReadonlyMap<string, TableName>): RenameQuestion[] {
  const wanted = new Map(to.tables.map((table) => [tableKey(table), table]));
  return from.tables.flatMap((table) => {
    const other = wanted.get(tableKey(table));
    if (other === undefined || other === table) return [];
    const [known, names] = [table, other].map(({ columns }) => new Set(columns.map(({ name }) => name)));
    const added = other.columns.filter(({ name }) => known?.has(name) === false);
    if (added.length === 0) return [];
    const before = former.get(tableKey(table)) ?? table;
    return table.columns
      .filter(({ name }) => names?.has(name) === false && !name.startsWith(ASIDE))
      .flatMap((column) => {
        const dropped = formatName([before.namespace, before.name, column.name]);
        const partners = added.map((candidate): Partner => {
          const name = formatName([table.namespace, table.name, candidate.name]);
          const score = columnSimilarity(column, candidate, [table, other]);
          return { name, answer: `${dropped}:${name}`, score };
        });
        return question('column', dropped, partners);
      });
  });
}

/** A type that some column leaves for a new one. */
function findEnums(from: Schema, to: Schema): RenameQuestion[] {
  const added = missing(to.enums, from.enums);
  return missing(from.enums, to.enums).flatMap((type) => {
    const partners = added
      .filter((other) => other.namespace === type.namespace && takesColumns(type, other, from, to))
      .map((other): Partner => {
        const name = formatName([other.namespace, other.name]);
        const kept = other.values.filter((value) => type.values.includes(value)).length;
        const share = (2 * kept) / Math.max(type.values.length + other.values.length, 1);
        const score = 0.6 * share + 0.4 * nameSimilarity(type.name, other.name);
        return { name, answer: `enum ${formatName([type.namespace, type.name])}:${name}`, score };
      });
    return question('enum', `enum ${formatName([type.namespace, type.name])}`, partners);
  });
}

function takesColumns(type: EnumType, other: EnumType, from: Schema, to: Schema): boolean {
  const isOf = (known: TableName, wanted: TableName): boolean => tableKey(known) === tableKey(wanted);
  return to.tables.some((table) =>
    table.columns.some((column) => {
      if (column.type.kind !== 'enum' || !isOf(column.type, other)) return false;
      const before = findTable(from, table)?.columns.find(({ name }) => name === column.name);
      return before?.type.kind === 'enum' && isOf(before.type, type);
    }),
  );
}

/** Values that go while others come: of types, or of the columns in which they stand. */
function findValues(from: Schema, to: Schema, declared: readonly DeclaredEnum[] | null): RenameQuestion[] {
  if (declared === null) {
    const known = new Map(from.enums.map((type) => [tableKey(type), type]));
    return to.enums.flatMap((type) => {
      const before = known.get(tableKey(type));
      return before === undefined ? [] : findValuesOf(type, before.values, type.values);
    });
  }
  return declared.flatMap((type) => {
    const columns = type.columns.flatMap(({ table, column }) => {
      const [before, after] = [enumValuesOf(from, table, column), enumValuesOf(to, table, column)];
      return before === null || after === null ? [] : [{ before, after }];
    });
    const before = [...new Set(columns.flatMap((column) => column.before))];
    const after = [...new Set(columns.flatMap((column) => column.after))];
    return findValuesOf(type, before, after);
  });
}

function findValuesOf(type: TableName, from: readonly string[], to: readonly string[]): RenameQuestion[] {
  const added = to.filter((value) => !from.includes(value));
  const removed = from.filter((value) => !to.includes(value) && !value.startsWith(ASIDE));
  return removed.flatMap((value) => {
    const dropped = `enum ${formatName([type.namespace, type.name, value])}`;
    const partners = added.map((other): Partner => {
      const name = formatName([type.namespace, type.name, other]);
      const isSamePlace = from.indexOf(value) === to.indexOf(other) && from.length === to.length;
      const score = 0.6 * nameSimilarity(value, other) + (isSamePlace ? 0.4 : 0) + (added.length === 1 ? 0.1 : 0);
      return { name, answer: `${dropped}:${name}`, score };
    });
    return question('enumValue', dropped, partners);
  });
}

function findSequences(from: Schema, to: Schema): RenameQuestion[] {
  const added = missing(to.sequences, from.sequences);
  return missing(from.sequences, to.sequences).flatMap((sequence) => {
    const partners = added
      .filter((other) => other.namespace === sequence.namespace)
      .map((other): Partner => {
        const name = formatName([other.namespace, other.name]);
        const isAlike = sequence.increment === other.increment && sequence.type === other.type;
        const score = 0.8 * nameSimilarity(sequence.name, other.name) + (isAlike ? 0.2 : 0);
        return { name, answer: `sequence ${formatName([sequence.namespace, sequence.name])}:${name}`, score };
      });
    return question('sequence', `sequence ${formatName([sequence.namespace, sequence.name])}`, partners);
  });
}

/** Answers as people write them, turned into renames of what is really there. */
import type { Capabilities } from '../../dialects/dialect.js';
import { AludelError } from '../../errors.js';
import { findTable, type Schema, type TableName, tableKey } from '../../schema/table.js';
import { findNearest } from '../../util/edit-distance.js';
import { enumValuesOf } from './apply-renames.js';
import { formatName, parseDrop, type ParsedAnswer, parseRename } from './parse-answer.js';
import type { DeclaredEnum, Rename } from './rename.js';

export interface RenameAnswers {
  /** `users.name:users.full_name`, `users:accounts`, `enum status.open:status.opened`, `sequence a:b`. */
  readonly renames?: readonly string[];
  /** What is really dropped: `users.name`, `users`, `enum status.open`. */
  readonly drops?: readonly string[];
  /** From a file that is kept: what names nothing any more is passed over. */
  readonly remembered?: Omit<RenameAnswers, 'remembered'>;
}

export interface ResolvedAnswers {
  readonly renames: readonly Rename[];
  /** As questions spell it. */
  readonly drops: ReadonlySet<string>;
  /** What renamed tables were called, by the key of the new name. */
  readonly formerTables: ReadonlyMap<string, TableName>;
}

export interface ResolveContext {
  /** The database. */
  readonly from: Schema;
  /** The models. */
  readonly to: Schema;
  readonly capabilities: Pick<Capabilities, 'enumTypes' | 'foldColumn' | 'foldTable'>;
  readonly enums: readonly DeclaredEnum[];
}

/**
 * Hints of the models come first, and are silent when they are done or do not apply. An answer that is done already, for
 * the old name is gone and the new one is there, is silent too.
 * @throws AludelError ALUDEL_USAGE for an answer that names nothing, saying what there is.
 */
export function resolveAnswers(
  { renames: texts = [], drops = [], remembered = {} }: RenameAnswers,
  hints: readonly Rename[],
  context: ResolveContext,
): ResolvedAnswers {
  const found = new Answers(context);
  const kept = remembered.renames ?? [];
  const answers = [...texts, ...kept].map((text, at) => ({ ...parseRename(text), isKept: at >= texts.length }));
  const isColumn = (answer: ParsedRename): boolean =>
    kindOf(answer, context) === 'column' || (answer.kind === 'enum' && isValue(answer, context));
  hints.filter(({ kind }) => kind !== 'column' && kind !== 'enumValue').forEach((hint) => found.hint(hint));
  answers.filter((answer) => !isColumn(answer)).forEach((answer) => found.answer(answer));
  hints.filter(({ kind }) => kind === 'column' || kind === 'enumValue').forEach((hint) => found.hint(hint));
  answers.filter(isColumn).forEach((answer) => found.answer(answer));
  const all = [...drops, ...(remembered.drops ?? [])];
  const dropped = all.map((text, at) => {
    const parsed = parseDrop(text);
    const { kind, from } = parsed;
    if (at < drops.length) found.requireThere(parsed);
    return `${kind === 'enum' || kind === 'sequence' ? `${kind} ` : ''}${formatName(from)}`;
  });
  return { renames: found.renames, drops: new Set(dropped), formerTables: found.formerTables };
}

type ParsedRename = ParsedAnswer & { readonly to: readonly string[]; readonly isKept?: boolean };

class Answers {
  readonly renames: Rename[] = [];
  readonly formerTables: Map<string, TableName> = new Map();
  readonly #context: ResolveContext;
  readonly #taken = new Set<string>();
  /** Done before: other answers may still speak of them. */
  readonly #past: Rename[] = [];

  constructor(context: ResolveContext) {
    this.#context = context;
  }

  hint(rename: Rename): void {
    const { from, to } = this.#sides(rename);
    const isOpen = from.database && !to.database && !from.models && to.models;
    if (isOpen) this.#add(rename, null);
  }

  answer(answer: ParsedRename): void {
    const rename = this.#read(answer);
    const { from, to } = this.#sides(rename);
    const isPast = !from.database && (answer.isKept === true || (to.database && to.models));
    if (isPast) this.#past.push(rename);
    if (isPast || (answer.isKept === true && !to.models)) return;
    if (!from.database) throw this.#nothing(answer, 'database', answer.from, rename);
    if (!to.models) throw this.#nothing(answer, 'models', answer.to, rename);
    this.#add(rename, answer.text);
  }

  /** @throws AludelError ALUDEL_USAGE when the database has nothing of that name. */
  requireThere(answer: ParsedAnswer): void {
    const rename = this.#read({ ...answer, to: answer.from });
    if (!this.#sides(rename).from.database) throw this.#nothing(answer, 'database', answer.from, rename);
  }

  #add(rename: Rename, text: string | null): void {
    const place = placeOf(rename);
    const [from, to] = [nameOf(rename), rename.to];
    const keys = [`${place}\0from\0${from}`, `${place}\0to\0${to}`];
    if (keys.some((key) => this.#taken.has(key))) {
      if (text === null || this.renames.some((known) => JSON.stringify(known) === JSON.stringify(rename))) return;
      throw new AludelError('ALUDEL_USAGE', `The answer '${text}' contradicts another one for the same name.`, {
        hint: 'Give each old name and each new name once.',
      });
    }
    keys.forEach((key) => this.#taken.add(key));
    this.renames.push(rename);
    if (rename.kind === 'table') {
      this.formerTables.set(tableKey({ ...rename.from, name: rename.to }), rename.from);
    }
  }

  #read(answer: ParsedRename): Rename {
    const kind = kindOf(answer, this.#context);
    const [from, to] = [answer.from, answer.to];
    if (kind === 'column' || (kind === 'enum' && isValue(answer, this.#context))) {
      const [owner, newOwner] = [objectName(from.slice(0, -1)), objectName(to.slice(0, -1))];
      const names = { from: from.at(-1) ?? '', to: to.at(-1) ?? '' };
      if (from.length !== to.length || from.length < 2) {
        throw unreadable(
          answer,
          `both names need the same parts, as in ${formatName(from)}:${formatName([...from.slice(0, -1), 'new'])}`,
        );
      }
      const isSame = tableKey(owner) === tableKey(newOwner);
      const isKnown = [...this.renames, ...this.#past].some(
        (rename) =>
          rename.kind === (kind === 'column' ? 'table' : 'enum') &&
          tableKey(rename.from) === tableKey(owner) &&
          tableKey({ ...rename.from, name: rename.to }) === tableKey(newOwner),
      );
      if (!isSame && !isKnown) {
        const what = kind === 'column' ? 'a column stays in its table' : 'a value stays in its type';
        throw unreadable(
          answer,
          `${what}; rename that one too: ${formatName(from.slice(0, -1))}:${formatName(to.slice(0, -1))}`,
        );
      }
      if (kind === 'enum') return { kind: 'enumValue', enum: newOwner, ...names };
      // The old name of a table that is renamed does for both sides.
      const renamed = this.renames.find(
        (rename) => rename.kind === 'table' && isSame && tableKey(rename.from) === tableKey(owner),
      );
      return { kind: 'column', table: renamed === undefined ? newOwner : { ...newOwner, name: renamed.to }, ...names };
    }
    const [name, other] = [objectName(from), objectName(to)];
    if (name.namespace !== other.namespace) throw unreadable(answer, 'both names must be in one namespace');
    return { kind, from: name, to: other.name };
  }

  /** Where the two names of a rename are. */
  #sides(rename: Rename): Record<'from' | 'to', Record<'database' | 'models', boolean>> {
    const { from: database, to: models } = this.#context;
    const has = (schema: Schema, side: 'from' | 'to', isDatabase: boolean): boolean => {
      const name = side === 'from' ? nameOf(rename) : rename.to;
      return this.namesBeside(rename, schema, isDatabase).includes(name);
    };
    const both = (side: 'from' | 'to') => ({ database: has(database, side, true), models: has(models, side, false) });
    return { from: both('from'), to: both('to') };
  }

  /** What the name of a rename could be in a schema. */
  namesBeside(rename: Rename, schema: Schema, isDatabase: boolean): readonly string[] {
    const { capabilities, enums } = this.#context;
    switch (rename.kind) {
      case 'table':
        return inNamespace(schema.tables, rename.from);
      case 'sequence':
        return inNamespace(schema.sequences, rename.from);
      case 'enum':
        return inNamespace(capabilities.enumTypes || isDatabase ? schema.enums : enums, rename.from);
      case 'column': {
        const former = this.formerTables.get(tableKey(rename.table)) ?? rename.table;
        return findTable(schema, isDatabase ? former : rename.table)?.columns.map(({ name }) => name) ?? [];
      }
      case 'enumValue':
        return this.#valuesOf(rename.enum, schema, isDatabase);
    }
  }

  #valuesOf(type: TableName, schema: Schema, isDatabase: boolean): readonly string[] {
    const { capabilities, enums } = this.#context;
    if (capabilities.enumTypes) {
      const renamed = this.renames.find(
        (rename) => rename.kind === 'enum' && tableKey({ ...rename.from, name: rename.to }) === tableKey(type),
      );
      const name = isDatabase && renamed?.kind === 'enum' ? renamed.from : type;
      return schema.enums.find((known) => tableKey(known) === tableKey(name))?.values ?? [];
    }
    const columns = enums.find((known) => tableKey(known) === tableKey(type))?.columns ?? [];
    return columns.flatMap(({ table, column }) => {
      const name = isDatabase ? (this.formerTables.get(tableKey(table)) ?? table) : table;
      const former = this.renames.find(
        (rename) =>
          isDatabase && rename.kind === 'column' && rename.to === column && tableKey(rename.table) === tableKey(table),
      );
      return enumValuesOf(schema, name, former?.kind === 'column' ? former.from : column) ?? [];
    });
  }

  #nothing(answer: ParsedAnswer, side: 'database' | 'models', parts: readonly string[], rename: Rename): AludelError {
    const schema = side === 'database' ? this.#context.from : this.#context.to;
    const known = [...new Set(this.namesBeside(rename, schema, side === 'database'))].sort();
    const nearest = findNearest(parts.at(-1) ?? '', known);
    const verb = side === 'database' ? 'has' : 'have';
    const what = NAMES[rename.kind];
    const there = known.length === 0 ? `There is no ${what} there.` : `There are: ${known.join(', ')}.`;
    return new AludelError(
      'ALUDEL_USAGE',
      `The answer '${answer.text}' names nothing: the ${side} ${verb} no ${what} "${formatName(parts)}".`,
      { hint: nearest === undefined ? there : `Did you mean "${nearest}"? ${there}`, details: { known } },
    );
  }
}

const NAMES = {
  table: 'table',
  column: 'column',
  enum: 'enum',
  enumValue: 'enum value',
  sequence: 'sequence',
} as const;

function inNamespace(objects: readonly TableName[], name: TableName): string[] {
  return objects.filter(({ namespace }) => namespace === name.namespace).map((object) => object.name);
}

function nameOf(rename: Rename): string {
  return typeof rename.from === 'string' ? rename.from : rename.from.name;
}

function placeOf(rename: Rename): string {
  switch (rename.kind) {
    case 'column':
      return `column ${tableKey(rename.table)}`;
    case 'enumValue':
      return `value ${tableKey(rename.enum)}`;
    default:
      return `${rename.kind} ${rename.from.namespace ?? ''}`;
  }
}

function objectName(parts: readonly string[]): TableName {
  const [name = '', namespace = null] = parts.toReversed();
  return { namespace, name };
}

/** Two parts without a word: a column where there is such a table, else a table in a namespace. */
function kindOf({ kind, from, to }: ParsedAnswer, context: ResolveContext): 'table' | 'column' | 'enum' | 'sequence' {
  if (kind !== null) return kind;
  if (from.length !== 2) return from.length === 1 ? 'table' : 'column';
  const isTable = [from, to ?? from].every(
    (parts, i) => findTable(i === 0 ? context.from : context.to, objectName(parts)) !== undefined,
  );
  const isColumn = findTable(context.from, { namespace: null, name: from[0] ?? '' }) !== undefined;
  return isTable && !isColumn ? 'table' : 'column';
}

/** `enum a.b:a.c` is a value of `a`, unless it is a type in the namespace `a`. */
function isValue({ from, to }: ParsedRename, context: ResolveContext): boolean {
  if (from.length !== 2) return from.length === 3;
  const types = [...context.from.enums, ...context.to.enums].map(tableKey);
  const isType = types.includes(tableKey(objectName(from))) || types.includes(tableKey(objectName(to)));
  return !isType;
}

function unreadable(answer: ParsedAnswer, reason: string): AludelError {
  return new AludelError('ALUDEL_USAGE', `The answer '${answer.text}' cannot be used: ${reason}.`);
}

/** Names for constraints and indexes that were not given one: unnamed constraints could not be dropped by name. */

import { checkOptions, type KnownOptions } from '../util/known-options.js';

/** A template with `{table}`, `{columns}` (joined by `_`), `{column0}`, `{referredTable}`, `{name}`; or a function of these. */
export type NameTemplate = string | ((parts: NameParts) => string);

export interface NameParts {
  readonly table: string;
  readonly columns: readonly string[];
  /** Foreign keys: the table referred to; else empty. */
  readonly referredTable: string;
  /** Checks: the name given in the model; else empty. */
  readonly name: string;
}

export type NamedKind = 'index' | 'unique' | 'check' | 'foreignKey' | 'primaryKey';

/** Patterns by what they name. Without a pattern (`null`), names are taken as given, and what has none stays without. */
export type NamingConvention = { readonly index: NameTemplate } & Readonly<
  Record<Exclude<NamedKind, 'index'>, NameTemplate | null>
>;

/** The convention that `declarativeBase()` and `MetaData` use unless told otherwise. */
export const DEFAULT_NAMING: NamingConvention = {
  index: 'ix_{table}_{columns}',
  unique: 'uq_{table}_{columns}',
  check: 'ck_{table}_{name}',
  foreignKey: 'fk_{table}_{columns}_{referredTable}',
  primaryKey: 'pk_{table}',
};

const KINDS: KnownOptions<NamingConvention> = {
  index: true,
  unique: true,
  check: true,
  foreignKey: true,
  primaryKey: true,
};

/**
 * The convention, with the usual patterns for what is left out.
 * @throws TypeError for a kind or a `{part}` that there is not: names would come out otherwise than they were meant.
 */
export function completeNaming(given: Partial<NamingConvention>): NamingConvention {
  checkOptions('namingConvention', given, KINDS);
  for (const [kind, template] of Object.entries(given)) {
    if (typeof template !== 'string') continue;
    const unknown = tokensOf(template).find((token) => !PARTS.includes(token));
    if (unknown !== undefined) {
      throw new TypeError(`namingConvention: ${kind} names {${unknown}}: there are {${PARTS.join('}, {')}}`);
    }
  }
  return { ...DEFAULT_NAMING, ...given };
}

const PARTS: readonly string[] = ['table', 'columns', 'column0', 'referredTable', 'name'];

function tokensOf(template: string): string[] {
  return [...template.matchAll(/\{(\w+)\}/g)].flatMap(([, token]) => token ?? []);
}

/** PostgreSQL cuts identifiers silently at 63 bytes, MySQL refuses more than 64 characters. */
const LONGEST_NAME = 63;

/** The name that a convention gives; one that is too long is cut and ends in a hash of the whole. `null`: it gives none. */
export function conventionalName(convention: NamingConvention, kind: NamedKind, parts: NameParts): string | null {
  const template = convention[kind];
  if (template === null) return parts.name === '' ? null : parts.name;
  const name = typeof template === 'function' ? template(parts) : fill(template, parts);
  if (Buffer.byteLength(name) <= LONGEST_NAME) return name;
  return `${cut(name, LONGEST_NAME - 9)}_${hash(name)}`;
}

function fill(template: string, parts: NameParts): string {
  let name = '';
  for (const piece of piecesOf(template)) {
    if (piece === '{table}') name += parts.table;
    else if (piece === '{columns}') name += parts.columns.join('_');
    else if (piece === '{column0}') name += parts.columns[0] ?? '';
    else if (piece === '{referredTable}') name += parts.referredTable;
    else name += piece === '{name}' ? parts.name : piece;
  }
  return name;
}

const pieces = new Map<string, readonly string[]>();

/** A template as its texts and `{part}`s. */
function piecesOf(template: string): readonly string[] {
  let known = pieces.get(template);
  if (known === undefined) {
    known = template.split(/(\{\w+\})/);
    pieces.set(template, known);
  }
  return known;
}

function cut(name: string, bytes: number): string {
  let end = name.length;
  while (Buffer.byteLength(name.slice(0, end)) > bytes) end--;
  return name.slice(0, end);
}

/** FNV-1a, 32 bits: enough to keep two long names of one table apart, the same everywhere. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (const byte of Buffer.from(text)) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return value.toString(16).padStart(8, '0');
}

/** How a property name becomes a column name: `creatorId` to `creator_id`, or as it is, or by a function. */
export type ColumnNaming = 'snake_case' | 'same' | ((property: string) => string);

export function columnNameFor(naming: ColumnNaming, property: string): string {
  if (typeof naming === 'function') return naming(property);
  return naming === 'same' ? property : snakeCase(property);
}

/** Many tables have a `createdAt`. */
const snakeCased = new Map<string, string>();

function snakeCase(text: string): string {
  let name = snakeCased.get(text);
  if (name === undefined) {
    name = text
      .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
      .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
      .toLowerCase();
    snakeCased.set(text, name);
  }
  return name;
}

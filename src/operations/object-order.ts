/** The operations that create or drop objects, around those on tables: each after what it needs, and gone before it. */
import type { DropTable, Operation } from './operation.js';
import { type DatabaseObject, objectKey, type ObjectKind, objectName, relationKey } from '../schema/objects.js';
import { findTable, type Schema, type Table } from '../schema/table.js';
import { sqlTokens, sqlWords } from '../util/sql-words.js';
import { sortTopologically } from '../util/topological-sort.js';

/** A table or an object with the operations that make, change or drop it. */
export interface Node {
  readonly key: string;
  /** `null` for a table. */
  readonly object: DatabaseObject | null;
  /** The name by which texts mention it, in small letters. */
  readonly word: string;
  readonly operations: readonly Operation[];
  /** Keys that it cannot do without. */
  readonly needs: readonly string[];
  /** Words that may be names of what it needs. */
  readonly words: ReadonlySet<string>;
  /** Those of the words that are looked up at once, and not only when the object is used. */
  readonly earlyWords: ReadonlySet<string>;
}

export function objectNode(object: DatabaseObject, operations: readonly Operation[]): Node {
  const { table, dependsOn = [] } = object;
  const owners = table === undefined ? [] : [relationKey(table), ...VIEWS.map((kind) => objectKey({ ...table, kind }))];
  const word = object.name.toLowerCase();
  // Its own name where it stands is no mention of another function that is called the same.
  const isOther = (found: string): boolean => found !== word || object.definition.toLowerCase().split(word).length > 2;
  const mentioned = (found: ReadonlySet<string>): ReadonlySet<string> => new Set([...found].filter(isOther));
  const words = mentioned(namesIn([object.definition, ...Object.values(object.options ?? {})].join('\n')));
  const early = wordsAtCreation(object.definition);
  return {
    key: objectKey(object),
    object,
    word,
    operations,
    needs: [...dependsOn, ...owners],
    words,
    earlyWords: early === null ? words : mentioned(early),
  };
}

function tableNode(table: Table, operations: readonly Operation[]): Node {
  const texts = textsOf([table.columns, table.checks, table.indexes, table.exclusions, table.options]);
  const words = new Set([...namesIn(texts.join('\n')), ...operatorsIn(texts)]);
  return {
    key: relationKey(table),
    object: null,
    word: table.name.toLowerCase(),
    operations,
    needs: [...(table.dependsOn ?? []), ...operations.flatMap(referredTables)],
    words,
    earlyWords: words,
  };
}

/**
 * PL/pgSQL looks up the types of its variables when a function is made, and its statements only when they run.
 * `null`: all of the definition counts. https://www.postgresql.org/docs/current/plpgsql-implementation.html
 */
function wordsAtCreation(definition: string): ReadonlySet<string> | null {
  if (!/\blanguage\s+'?plpgsql\b/i.test(definition)) return null;
  const tokens = sqlTokens(definition);
  const bodies = tokens.flatMap(({ kind, text }) => (kind === 'dollar' ? [text] : []));
  const declared = bodies.flatMap((body) => body.match(/\bdeclare\b.*?\bbegin\b/gis) ?? []);
  const head = tokens.map(({ kind, text }) => (kind === 'dollar' ? ' ' : text)).join('');
  return sqlWords([head, ...declared].join('\n'));
}

/** A foreign key that can wait for its table is an operation of its own, and comes last. */
function referredTables(operation: Operation): string[] {
  return operation.kind === 'createTable' ? operation.table.foreignKeys.map(({ target }) => relationKey(target)) : [];
}

/** All words, and those of `'app.search'::regconfig`: PostgreSQL prints the names of many things so. */
function namesIn(text: string): ReadonlySet<string> {
  const quoted = [...text.matchAll(/'((?:[^']|'')+)'::reg[a-z]+/g)].map(([, name = '']) => name);
  return sqlWords([text, ...quoted].join('\n'));
}

/** No word is the name of an operator. */
function operatorsIn(texts: readonly string[]): readonly string[] {
  return texts.flatMap((text) => text.match(/[-+*/<>=~!@#%^&|`?]+/g) ?? []);
}

const VIEWS = ['view', 'materializedView'] as const;

/** Rank of the kinds where nothing else decides. */
const KINDS: readonly ObjectKind[] = [
  'extension',
  'compositeType',
  'rangeType',
  'collation',
  'textSearchDictionary',
  'textSearchConfiguration',
  'domain',
  'function',
  'procedure',
  'aggregate',
  'operator',
  'operatorFamily',
  'operatorClass',
  'cast',
  'virtualTable',
  'view',
  'materializedView',
  'viewIndex',
  'statistics',
  'rule',
  'trigger',
  'event',
  'policy',
  'publication',
  'namespaceComment',
  'defaultGrant',
  'grant',
  // It fires for what is made after it.
  'eventTrigger',
];

function kindOrder(a: DatabaseObject | null, b: DatabaseObject | null): number {
  if (a === null || b === null) return 0;
  const rank = KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind);
  if (rank !== 0) return rank;
  return objectKey(a) < objectKey(b) ? -1 : 1;
}

/** What the columns of a table can be made of. */
const USED_BY_TABLES: ReadonlySet<ObjectKind> = new Set([
  'collation',
  'compositeType',
  'domain',
  'extension',
  'function',
  'operator',
  'operatorClass',
  'rangeType',
  'textSearchConfiguration',
]);

/** What can be made of nothing else either: there is no query in it. */
const LIKE_TABLES: ReadonlySet<ObjectKind> = new Set(['collation', 'domain', 'rangeType']);

/** The nodes, each after those it needs. A mention counts less than what the catalog knows. */
function orderNodes(nodes: readonly Node[]): readonly Node[] {
  const graph = new Graph(nodes);
  const sort = (needs: (node: Node) => readonly Node[], kept = graph.hard): readonly Node[] | null => {
    const { order, broken } = sortTopologically(nodes, (node) => [...graph.hard(node), ...needs(node)]);
    return broken.some(([node, needed]) => kept(node).includes(needed)) ? null : order;
  };
  const early = (node: Node): Node[] => graph.soft(node, node.earlyWords);
  // What is mentioned may itself stand on what mentions it: then the word was about something else.
  const likely = (node: Node): Node[] => early(node).filter((needed) => !graph.below(needed).has(node));
  return (
    sort(
      (node) => graph.soft(node),
      (node) => [...graph.hard(node), ...early(node)],
    ) ??
    sort(early) ??
    sort(likely) ??
    sortTopologically(nodes, (node) => graph.hard(node)).order
  );
}

/** Those of the nodes without which the given tables could not be. */
function closureOf(nodes: readonly Node[], tables: readonly Node[]): ReadonlySet<Node> {
  const graph = new Graph(nodes);
  const found = new Set<Node>();
  const waiting = [...tables];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const isTable = node.object === null;
    const soft = isTable ? graph.soft(node) : [];
    const next = [...graph.hard(node), ...soft].filter((needed) => !found.has(needed));
    for (const needed of next) {
      // A table that was altered is there in any case; its foreign keys are not followed here.
      if (isTable && needed.object === null && tables.includes(node)) continue;
      found.add(needed);
      waiting.push(needed);
    }
  }
  for (const node of nodes) if (node.object?.kind === 'extension') found.add(node);
  return found;
}

class Graph {
  readonly #byKey: ReadonlyMap<string, Node>;
  readonly #byWord = new Map<string, Node[]>();
  readonly #below = new Map<Node, ReadonlySet<Node>>();

  constructor(nodes: readonly Node[]) {
    this.#byKey = new Map(nodes.map((node) => [node.key, node]));
    for (const node of nodes) this.#byWord.set(node.word, [...(this.#byWord.get(node.word) ?? []), node]);
  }

  readonly hard = (node: Node): Node[] =>
    node.needs.flatMap((key) => {
      const needed = this.#byKey.get(key) ?? this.#byKey.get(tableOfColumn(key));
      return needed === undefined || needed === node ? [] : [needed];
    });

  /** All that the node stands on, for which the catalog is asked. */
  below(node: Node): ReadonlySet<Node> {
    const known = this.#below.get(node);
    if (known !== undefined) return known;
    const found = new Set<Node>();
    const waiting = this.hard(node);
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (found.has(next)) continue;
      found.add(next);
      waiting.push(...this.hard(next));
    }
    this.#below.set(node, found);
    return found;
  }

  soft(node: Node, words = node.words): Node[] {
    const found: Node[] = [];
    for (const word of words) {
      for (const needed of this.#byWord.get(word) ?? [])
        if (needed !== node && mayNeed(node, needed)) found.push(needed);
    }
    return found;
  }
}

function mayNeed(node: Node, needed: Node): boolean {
  if (node.object === null || LIKE_TABLES.has(node.object.kind)) {
    return needed.object !== null && USED_BY_TABLES.has(needed.object.kind);
  }
  // Nothing mentions a trigger, an index or a grant; a trigger of the same name as a function is not meant.
  return needed.object === null || KINDS.indexOf(needed.object.kind) <= KINDS.indexOf('materializedView');
}

/** `column app.users.name` needs `table app.users`. */
function tableOfColumn(key: string): string {
  return key.startsWith('column ') ? `table ${key.slice('column '.length, key.lastIndexOf('.'))}` : '';
}

const TEXTS: ReadonlySet<string> = new Set(['collation', 'definition', 'ofType', 'opclass', 'operator', 'sql', 'text']);

/** The SQL texts inside plain data. Parts of an expression are texts and expressions. */
function textsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value !== 'object' || value === null) return [];
  const isCall = 'kind' in value && value.kind === 'call';
  return Object.entries(value).flatMap(([key, inner]) => {
    if (typeof inner === 'string') return TEXTS.has(key) || (key === 'name' && isCall) ? [inner] : [];
    const texts = key === 'parts' && Array.isArray(inner) ? inner.filter((part) => typeof part === 'string') : [];
    return [...texts, ...textsOf(inner)];
  });
}

export interface ArrangedDrops {
  readonly dropped: readonly Operation[];
  readonly left: readonly Operation[];
}

export interface ArrangedCreates {
  readonly needed: readonly Operation[];
  readonly created: readonly Operation[];
}

/**
 * Objects that go: those that no table needs before anything else, the others once no table needs them. Among these come those of
 * `tables`, the operations that drop tables, without which one of them could not be.
 */
export function arrangeDrops(
  from: Schema,
  gone: readonly DatabaseObject[],
  tables: readonly DropTable[] = [],
): ArrangedDrops {
  const nodes = gone.toSorted(kindOrder).map((object) => objectNode(object, [drop(object)]));
  const needed = closureOf(
    nodes,
    from.tables.map((table) => tableNode(table, [])),
  );
  const [late, early] = [nodes.filter((node) => needed.has(node)), nodes.filter((node) => !needed.has(node))];
  const operationsOf = (list: readonly Node[]): Operation[] =>
    orderNodes(list)
      .toReversed()
      .flatMap((node) => node.operations);
  return { dropped: operationsOf(early), left: operationsOf([...tablesBelow(from, late, tables), ...late]) };
}

function tablesBelow(from: Schema, objects: readonly Node[], tables: readonly DropTable[]): readonly Node[] {
  if (objects.length === 0) return [];
  const nodes = tables.flatMap((operation) => {
    const table = findTable(from, operation.table);
    if (table === undefined) return [];
    const node = tableNode(table, [operation]);
    return [{ ...node, needs: [...node.needs, ...table.foreignKeys.map(({ target }) => relationKey(target))] }];
  });
  const graph = new Graph([...nodes, ...objects]);
  const below = new Set(objects.flatMap((object) => [...graph.below(object)]));
  return nodes.filter((node) => below.has(node));
}

/** New and changed objects among the operations that create tables; what tables need that exist already comes apart. */
export function arrangeCreates(to: Schema, objects: readonly Node[], created: readonly Operation[]): ArrangedCreates {
  const tables = new Map(to.tables.map((table) => [relationKey(table), table]));
  const made = new Map<string, Operation[]>();
  for (const operation of created) {
    const table = operation.kind === 'createTable' ? operation.table : 'table' in operation ? operation.table : null;
    if (table !== null) made.set(relationKey(table), [...(made.get(relationKey(table)) ?? []), operation]);
  }
  // New tables stay in their own order, but for one that a function mentions which another table needs.
  const newTables = [...made].flatMap(([key, operations]) => {
    const table = tables.get(key);
    return table === undefined ? [] : [tableNode(table, operations)];
  });
  const sorted = objects.toSorted((a, b) => kindOrder(a.object, b.object));
  const nodes = [...newTables, ...sorted];
  const existing = to.tables.filter((table) => !made.has(relationKey(table))).map((table) => tableNode(table, []));
  const early = closureOf(nodes, existing);
  const operationsOf = (list: readonly Node[]): Operation[] => orderNodes(list).flatMap((node) => node.operations);
  return {
    needed: operationsOf(nodes.filter((node) => early.has(node))),
    created: operationsOf(nodes.filter((node) => !early.has(node))),
  };
}

export function createNode(object: DatabaseObject): Node {
  return objectNode(object, [{ kind: 'createObject', object }]);
}

function drop(object: DatabaseObject): Operation {
  return { kind: 'dropObject', object: objectName(object), existing: object };
}

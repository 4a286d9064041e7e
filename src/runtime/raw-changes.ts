/**
 * What raw SQL takes away, as far as its words tell: tables that are dropped or emptied and columns that are dropped, under
 * whatever names it gives them before. Bodies of functions and of DO, and what CALL calls, stay in the dark.
 */
import type { CascadeDrop } from '../dialects/dialect.js';
import { splitSql } from '../dialects/split-sql.js';
import type { SqlToken } from '../dialects/tokenize-sql.js';
import type { DialectName } from '../engine/connection.js';
import { describe } from '../operations/describe.js';
import type { Change } from '../operations/losses.js';
import type { Operation } from '../operations/operation.js';
import { formatTableName, REBUILT_PREFIX, type TableName } from '../schema/table-name.js';
import { findTable, type Schema, type Table, tableKey } from '../schema/table.js';
import { nameIn, sqlTokens } from '../util/sql-words.js';
import { StatementWords } from './statement-words.js';

/** What a statement comes to. A table that is emptied is one that is dropped: none of its rows is left. */
export interface RawChange extends Change {
  /** In words. */
  readonly description: string;
  /** PostgreSQL: what else goes is only known to the database. */
  readonly cascade?: Pick<CascadeDrop, 'kind'> & {
    /** What the name may mean: the first of them that there is. */
    readonly names: readonly string[];
  };
}

export interface RawSqlContext {
  readonly dialect: DialectName;
  readonly schema: Schema;
  /** The namespace that is meant where none is named, on MySQL and MariaDB the database; null where there is none. */
  readonly home: string | null;
  /** PostgreSQL: where names are looked for since SET search_path, from one statement to the next; empty before. */
  readonly searchPath?: string[];
}

/** False for a text that has none of the words of such changes: a cheap look before the long one. */
export function mayTakeAway(sql: string): boolean {
  return /\b(?:DROP|TRUNCATE|RENAME|CHANGE|REPLACE\s+TABLE|SCHEMA|SEARCH_PATH|__aludel_old_\w+)\b/i.test(sql);
}

/** All names of a text, those of the databases that it may reach into among them. */
export function namesIn(sql: string): readonly string[] {
  return sqlTokens(sql).flatMap((token) => nameIn(token) ?? []);
}

/** In the order of the text; several statements may stand in it. */
export function readRawChanges(text: string, context: RawSqlContext): RawChange[] {
  if (!mayTakeAway(text)) return [];
  return splitSql(text, context.dialect).flatMap(({ sql }) => new Reader(sql, context).read());
}

/** Words that follow DROP in ALTER TABLE where no column is meant. */
const PARTS: ReadonlySet<string> = new Set(
  'CHECK CONSTRAINT DEFAULT EXPRESSION FOREIGN IDENTITY INDEX KEY NOT PARTITION PERIOD PRIMARY SYSTEM'.split(' '),
);

/** The words behind DROP, and where PostgreSQL keeps what they mean. */
const CASCADES: readonly (readonly [words: string, kind: CascadeDrop['kind']])[] = [
  ['TYPE', 'TYPE'],
  ['DOMAIN', 'TYPE'],
  ['TABLE', 'TABLE'],
  ['FOREIGN TABLE', 'TABLE'],
  ['VIEW', 'TABLE'],
  ['MATERIALIZED VIEW', 'TABLE'],
  ['SCHEMA', 'SCHEMA'],
  ['EXTENSION', 'EXTENSION'],
  ['COLLATION', 'COLLATION'],
];

class Reader {
  readonly #context: RawSqlContext;
  readonly #words: StatementWords;

  constructor(sql: string, context: RawSqlContext) {
    this.#context = context;
    this.#words = new StatementWords(sql, context.dialect);
  }

  read(): RawChange[] {
    if (this.#words.tokens.some((token) => this.#isAside(token))) return this.#readRebuild();
    if (this.#context.dialect === 'postgres') {
      this.#readSearchPath();
      const cascades = this.#readCascades();
      this.#words.restart();
      return [...this.#readStatement(), ...cascades];
    }
    return this.#readStatement();
  }

  #readStatement(): RawChange[] {
    if (this.#words.take('DROP', 'TABLE')) return this.#readTables().map((table) => change(dropTable(table)));
    if (this.#words.take('ALTER', 'SCHEMA')) return this.#readMovedNamespace();
    if (this.#words.take('DROP', 'SCHEMA') || this.#words.take('DROP', 'DATABASE')) return this.#readNamespaces();
    if (this.#words.take('TRUNCATE')) return this.#readTruncate();
    if (this.#words.take('CREATE', 'OR', 'REPLACE', 'TABLE')) {
      return this.#readTables(1).map((table) => change(dropTable(table), `replace table "${formatTableName(table)}"`));
    }
    if (this.#words.take('RENAME', 'TABLE')) return this.#readRenames();
    return this.#words.take('ALTER', 'TABLE') ? this.#readAlterTable() : [];
  }

  /** `SET [LOCAL | SESSION] search_path { TO | = } ...`, `SET SCHEMA '...'`: what names without a namespace mean from here on. */
  #readSearchPath(): void {
    const { searchPath } = this.#context;
    if (this.#words.take('RESET', 'SEARCH_PATH')) searchPath?.splice(0);
    if (!this.#words.take('SET')) return;
    if (!this.#words.take('LOCAL')) this.#words.take('SESSION');
    if (!this.#words.take('SCHEMA') && !this.#words.take('SEARCH_PATH', 'TO') && !this.#words.take('SEARCH_PATH', '='))
      return;
    const names = this.#words.rest.flatMap(({ kind, text }) =>
      kind === 'symbol' ? [] : [kind === 'quoted' ? text.slice(1, -1) : text.toLowerCase()],
    );
    searchPath?.splice(0, Infinity, ...names.filter((name) => name !== 'default' && name !== '$user'));
  }

  /** DROP of anything that tables or columns may be made of, with CASCADE. */
  #readCascades(): RawChange[] {
    const { tokens } = this.#words;
    const last = tokens.at(-1)?.text === ';' ? tokens.at(-2) : tokens.at(-1);
    const isCascade = last?.text.toUpperCase() === 'CASCADE';
    if (this.#words.take('DROP', 'OWNED', 'BY'))
      return this.#readNames(false).map((names) => cascade('OWNED', names, 'what is owned by'));
    const kind =
      isCascade && this.#words.take('DROP')
        ? CASCADES.find(([words]) => this.#words.take(...words.split(' ')))
        : undefined;
    if (kind === undefined) return [];
    const [words, catalog] = kind;
    this.#words.takeIfExists();
    const isInPath = catalog !== 'SCHEMA' && catalog !== 'EXTENSION';
    return this.#readNames(isInPath).map((names) => cascade(catalog, names, words.toLowerCase()));
  }

  /** Names as they are written, each by all that it may mean since SET search_path. */
  #readNames(isInPath: boolean): string[][] {
    const found: string[][] = [];
    do {
      const name = this.#words.readWritten();
      const path = isInPath && name.length === 1 ? (this.#context.searchPath ?? []) : [];
      const quoted = path.map((namespace) => `"${namespace.replaceAll('"', '""')}".`);
      found.push((quoted.length === 0 ? [''] : quoted).map((prefix) => prefix + name.join('')));
    } while (this.#words.take(','));
    return found;
  }

  #readMovedNamespace(): RawChange[] {
    const { schema, home } = this.#context;
    const from = this.#words.readName();
    const to = this.#words.take('RENAME', 'TO') ? this.#words.readName() : null;
    if (to === null) return [];
    const moved = schema.tables.filter(({ namespace }) => (namespace ?? home) === from);
    return moved.map((table) => moveTable(table, { namespace: to, name: table.name }));
  }

  #isAside(token: SqlToken): boolean {
    return this.#context.dialect === 'sqlite' && token.kind === 'quoted' && token.text.startsWith(`"${REBUILT_PREFIX}`);
  }

  /** A statement of a rebuild that Aludel has written: what goes are the columns that are not copied. */
  #readRebuild(): RawChange[] {
    const [table] = this.#words.take('INSERT', 'INTO') ? this.#readTables(1) : [];
    if (table === undefined) return [];
    const { tokens } = this.#words;
    const start = tokens.findIndex(({ text }) => text === 'SELECT');
    const copied = new Set(tokens.slice(start).map(({ text }) => nameIn({ kind: 'name', text })));
    const columns = findTable(this.#context.schema, table)?.columns ?? [];
    return columns
      .filter(({ name, generated }) => generated === null && !copied.has(name))
      .map(({ name: column }) => change({ kind: 'dropColumn', table, column, existing: null }));
  }

  #readTables(most = Infinity): TableName[] {
    this.#words.takeIfExists();
    const tables: TableName[] = [];
    do {
      this.#words.take('ONLY');
      const table = this.#readTable();
      if (table === null) break;
      tables.push(table);
      this.#words.take('*');
    } while (tables.length < most && this.#words.take(','));
    return tables;
  }

  #readNamespaces(): RawChange[] {
    const { home, schema, dialect } = this.#context;
    this.#words.takeIfExists();
    const names: (string | null)[] = [];
    do names.push(this.#words.readName());
    while (this.#words.take(','));
    // On MySQL a schema is a database, and goes with all that it holds.
    if (dialect === 'postgres' && !this.#words.take('CASCADE')) return [];
    const folded = (name: string | null): string | null =>
      dialect === 'postgres' ? name : (name?.toLowerCase() ?? null);
    const said = new Set(names.map(folded));
    const gone = schema.tables.filter(({ namespace }) => said.has(folded(namespace ?? home)));
    const moved = [...said].flatMap((name): RawChange[] => {
      if (name === null) return [];
      const words = `drop ${dialect === 'postgres' ? 'schema' : 'database'} "${name}" with a table that was moved there`;
      return [{ ...opaque(words), empties: name }];
    });
    return [...gone.map((table) => change(dropTable(table))), ...moved];
  }

  #readTruncate(): RawChange[] {
    this.#words.take('TABLE');
    const named = this.#readTables();
    const isCascade = this.#words.rest.some(({ text }) => text.toUpperCase() === 'CASCADE');
    const tables = isCascade ? withReferring(named, this.#context.schema.tables) : named;
    return tables.map((table) => change(dropTable(table), `empty table "${formatTableName(table)}"`));
  }

  #readRenames(): RawChange[] {
    const changes: RawChange[] = [];
    do {
      const [table] = this.#readTables(1);
      const to = this.#words.take('TO') ? this.#readTable() : null;
      if (table === undefined || to === null) break;
      changes.push(moveTable(table, to));
    } while (this.#words.take(','));
    return changes;
  }

  #readAlterTable(): RawChange[] {
    const [table] = this.#readTables(1);
    if (table === undefined) return [];
    const changes: RawChange[] = [];
    do changes.push(...this.#readAction(table));
    while (this.#words.skipToComma());
    return changes;
  }

  #readAction(table: TableName): RawChange[] {
    const isColumn = ['RENAME COLUMN', 'CHANGE COLUMN', 'CHANGE'].some((words) =>
      this.#words.take(...words.split(' ')),
    );
    if (isColumn || this.#takeRenameAlone()) {
      const column = this.#readColumn(table);
      this.#words.take('TO');
      const name = this.#words.readName();
      if (column === null || name === null) return [];
      return [change({ kind: 'alterColumn', table, column, changes: { name }, using: null, existing: null })];
    }
    if (this.#words.take('RENAME', 'TO') || this.#words.take('RENAME', 'AS')) {
      const to = this.#readTable();
      return to === null ? [] : [moveTable(table, to)];
    }
    if (this.#words.take('SET', 'SCHEMA')) {
      const namespace = this.#words.readName();
      return [moveTable(table, { namespace: namespace === this.#context.home ? null : namespace, name: table.name })];
    }
    if (this.#words.take('DROP', 'PARTITION') || this.#words.take('TRUNCATE', 'PARTITION'))
      return this.#readPartitions(table);
    if (this.#words.take('DROP', 'SYSTEM', 'VERSIONING')) return [change(dropHistory(table))];
    if (!this.#words.take('DROP')) return [];
    const isSaid = this.#words.take('COLUMN');
    this.#words.takeIfExists();
    const next = this.#words.rest[0];
    if (!isSaid && next?.kind === 'word' && PARTS.has(next.text.toUpperCase())) return [];
    const column = this.#readColumn(table);
    return column === null ? [] : [change({ kind: 'dropColumn', table, column, existing: null })];
  }

  #readPartitions(table: TableName): RawChange[] {
    this.#words.takeIfExists();
    const partitions: string[] = [];
    do {
      const name = this.#words.readName();
      if (name !== null) partitions.push(name);
    } while (this.#words.take(','));
    const named = partitions.map((name) => `"${name}"`).join(', ');
    return [{ ...change(dropTable(table), `drop partition ${named} of "${formatTableName(table)}"`), partitions }];
  }

  /** A table as the schema writes it: databases that do not tell the case of letters find it by any. */
  #readTable(): TableName | null {
    const { schema, home, dialect } = this.#context;
    const first = this.#words.readName();
    if (first === null) return null;
    const second = this.#words.take('.') ? this.#words.readName() : null;
    const named = second === null ? { namespace: null, name: first } : { namespace: first, name: second };
    const relative = (namespace: string | null): TableName => ({
      namespace: dialect === 'sqlite' || namespace === home ? null : namespace,
      name: named.name,
    });
    const path = named.namespace === null ? (this.#context.searchPath ?? []).map(relative) : [];
    const table = path.find((known) => findTable(schema, known) !== undefined) ?? path[0] ?? relative(named.namespace);
    if (dialect === 'postgres' || findTable(schema, table) !== undefined) return table;
    const { namespace, name } =
      schema.tables.find((known) => tableKey(known).toLowerCase() === tableKey(table).toLowerCase()) ?? table;
    return { namespace, name };
  }

  #readColumn(table: TableName): string | null {
    const name = this.#words.readName();
    if (name === null || this.#context.dialect === 'postgres') return name;
    const columns = findTable(this.#context.schema, table)?.columns ?? [];
    return columns.find((column) => column.name.toLowerCase() === name.toLowerCase())?.name ?? name;
  }

  /** PostgreSQL and SQLite need no COLUMN behind RENAME. */
  #takeRenameAlone(): boolean {
    const [, next, to] = this.#words.rest.map(({ text }) => text.toUpperCase());
    const isPart = next === undefined || PARTS.has(next) || next === 'TO';
    return !isPart && to === 'TO' && this.#words.take('RENAME');
  }
}

function change(operation: Operation, description: string = describe(operation)): RawChange {
  return { operation, description };
}

/** What operations have no word for. */
export function opaque(description: string): RawChange {
  return { operation: { kind: 'execute', sql: '', params: [], reverse: null }, description };
}

function cascade(kind: CascadeDrop['kind'], names: readonly string[], words: string): RawChange {
  return { ...opaque(`drop ${words} ${names[0]}`), cascade: { kind, names } };
}

function moveTable(table: TableName, to: TableName): RawChange {
  const renamed = change({ kind: 'renameTable', table, to: to.name });
  if (table.namespace === to.namespace) return renamed;
  return { ...renamed, description: `move table "${formatTableName(table)}" to "${formatTableName(to)}"`, to };
}

function dropTable({ namespace, name }: TableName): Operation {
  return { kind: 'dropTable', table: { namespace, name }, existing: null };
}

/** MariaDB. */
function dropHistory(table: TableName): Operation {
  return { kind: 'setTableOptions', table, changes: { systemVersioning: null }, existing: null };
}

/** TRUNCATE ... CASCADE empties what refers to a table as well. */
function withReferring(named: readonly TableName[], tables: readonly Table[]): readonly TableName[] {
  const keys = new Set(named.map(tableKey));
  const all: TableName[] = [...named];
  for (const table of all) {
    for (const other of tables) {
      const refers = other.foreignKeys.some(({ target }) => tableKey(target) === tableKey(table));
      if (!refers || keys.has(tableKey(other))) continue;
      keys.add(tableKey(other));
      all.push(other);
    }
  }
  return all;
}

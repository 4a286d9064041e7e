/** The tables of a query, and what columns are called among them. */
import { AludelError } from '../../errors.js';
import { type ColumnExpression, type ColumnOrigin, originOf } from '../../schema/expressions/column-origin.js';
import type { Expr } from '../../schema/expressions/expr.js';
import type { TableDefinition } from '../../schema/metadata.js';
import type { SqlText } from '../loading/sql-text.js';
import { type Mapper, mapperFor } from '../mapping/mapper.js';
import { Alias } from './alias.js';
import { nameOfTable } from './select.js';
import { Subquery } from './subquery.js';

/** A table in FROM. */
export interface Source {
  /** What columns say they belong to: a definition, or an Alias. */
  readonly table: object;
  readonly mapper: Mapper | undefined;
  /** What stands behind FROM; written where it is called for, since its parameters stand in the order of the text. */
  readonly text: () => string;
  /** What stands before its columns. */
  readonly qualifier: string;
}

/** Writes a query that stands for a table. */
export type WriteTable = (table: Subquery<unknown> | Alias<unknown>) => string;

/** The table as a source, under another name if one is given. */
export function sourceOf({ dialect }: SqlText, table: object, name?: string, write?: WriteTable): Source {
  const isQuery = table instanceof Subquery || (table instanceof Alias && table.query !== undefined);
  if (isQuery && write !== undefined) {
    const mapper = table instanceof Alias ? mapperFor(table.definition) : undefined;
    return { table, mapper, text: () => write(table), qualifier: dialect.quoteIdentifier(table.name) };
  }
  const alias = name ?? (table instanceof Alias ? table.name : undefined);
  const definition = table instanceof Alias ? table.definition : (table as TableDefinition);
  const mapper = mapperFor(definition);
  const plain = dialect.quoteTable(definition.tableName);
  if (alias === undefined) {
    const [text, qualifier] = [mapper?.source(dialect) ?? plain, mapper?.qualifier(dialect) ?? plain];
    return { table, mapper, text: () => text, qualifier };
  }
  const qualifier = dialect.quoteIdentifier(alias);
  const text = mapper?.source(dialect, alias) ?? `${plain} AS ${qualifier}`;
  return { table, mapper, text: () => text, qualifier };
}

/** Writes a subquery that stands within a scope. */
export type WriteQuery = (query: object, scope: Scope) => string;

export class Scope {
  readonly text: SqlText;
  readonly sources: readonly Source[];
  readonly #parent: Scope | undefined;
  readonly #writeQuery: WriteQuery;

  constructor(text: SqlText, sources: readonly Source[], writeQuery: WriteQuery, parent?: Scope) {
    this.text = text;
    this.sources = sources;
    this.#writeQuery = writeQuery;
    this.#parent = parent;
  }

  /** The source of a table: of this query first, then of those around it. */
  find(table: object): Source | undefined {
    return findSource(this.sources, table) ?? this.#parent?.find(table);
  }

  /** @throws AludelError ALUDEL_USAGE where the query has no such table. */
  source(table: object): Source {
    const found = this.find(table);
    if (found !== undefined) return found;
    throw new AludelError('ALUDEL_USAGE', `The query has no table "${nameOfTable(table)}".`, {
      hint: 'Join it, or take the columns of the alias that stands for it.',
      details: { table: nameOfTable(table) },
    });
  }

  readonly write = ({ node }: Pick<Expr<unknown>, 'node'>): string =>
    this.text.expression(node, {
      column: (column) => this.#column(column),
      query: (query) => this.#writeQuery(query, this),
    });

  /** One table needs no qualifiers. */
  get isAlone(): boolean {
    return this.sources.length === 1 && this.#parent === undefined;
  }

  #column(column: ColumnExpression): string {
    const origin = originOf(column);
    if (origin === undefined) return this.text.name(column);
    const source = this.source(origin.table);
    const name = this.text.dialect.quoteIdentifier(nameIn(source, origin) ?? column.name);
    return this.isAlone ? name : `${source.qualifier}.${name}`;
  }
}

export function findSource(sources: readonly Source[], table: object): Source | undefined {
  return sources.find((source) => source.table === table) ?? sources.find((source) => isFamily(source.table, table));
}

/** Columns of a child are there where its parent is read. */
export function isFamily(table: object, other: object): boolean {
  if (table instanceof Alias || other instanceof Alias) return false;
  const mapper = mapperFor(table as TableDefinition);
  return mapper !== undefined && mapper.root === mapperFor(other as TableDefinition)?.root;
}

/** A column of a child may be read under another name, where two children call theirs the same. */
function nameIn({ mapper }: Source, { table, property }: ColumnOrigin): string | undefined {
  const { rows } = mapper ?? {};
  if (rows === undefined || table instanceof Alias) return undefined;
  const shape = [...rows.shapes.values()].find((each) => each.mapper.definition === table);
  const index = shape?.mapper.columns.findIndex((column) => column.property === property) ?? -1;
  return rows.selected[shape?.places[index] ?? -1]?.name;
}

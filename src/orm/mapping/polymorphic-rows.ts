/** What is read for a model that has children: the columns of all of them, and which class a row belongs to. */
import type { Quoting } from './quoting.js';
import type { TableDefinition } from '../../schema/metadata.js';
import { tableKey, type TableName } from '../../schema/table.js';
import type { ColumnMap } from './column-map.js';
import { getOrMake } from '../../util/group-by.js';
/** What is asked of a mapper here. */
export interface MappedRows {
  readonly definition: TableDefinition;
  readonly keys: readonly ColumnMap[];
  readonly columns: readonly ColumnMap[];
  /** The tables that a row is spread over, the root's first. */
  readonly parts: readonly { readonly tableName: TableName; readonly columns: readonly ColumnMap[] }[];
  readonly root: MappedRows;
  /** What the column holds that tells the classes apart. */
  readonly as: string | undefined;
}

/** A class that a row may belong to, and where its columns stand in what was selected. */
export interface RowShape<M extends MappedRows> {
  readonly mapper: M;
  readonly places: readonly number[];
}

export class PolymorphicRows<M extends MappedRows> {
  /** The columns of the model and those of its children. */
  readonly selected: readonly ColumnMap[];
  /** By what the column holds that tells the classes apart. */
  readonly shapes: ReadonlyMap<unknown, RowShape<M>>;
  /** Where that column stands. */
  readonly place: number;
  readonly #mapper: M;
  readonly #descendants: readonly M[];
  /** The columns as the tables call them. */
  readonly #names: string[] = [];
  readonly #tables: TableName[] = [];
  readonly #texts: Map<string, string> = new Map();

  constructor(mapper: M, descendants: readonly M[], on: string) {
    this.#mapper = mapper;
    this.#descendants = descendants;
    const selected: ColumnMap[] = [];
    const places = new Map<ColumnMap, number>();
    for (const { parts } of [mapper, ...descendants]) {
      for (const { tableName, columns } of parts) {
        for (const column of columns) {
          if (places.has(column)) continue;
          // Two children may call columns of their tables the same.
          const isTaken = selected.some(({ name }) => name === column.name);
          places.set(column, selected.length);
          this.#names.push(column.name);
          this.#tables.push(tableName);
          selected.push(isTaken ? { ...column, name: `${tableName.name}_${column.name}` } : column);
        }
      }
    }
    // They stand on the columns of the tables, whose SELECT does not know them.
    const computed = [mapper, ...descendants].flatMap(({ columns }) => columns.filter((each) => each.computedBy));
    for (const column of new Set(computed)) places.set(column, selected.push(column) - 1);
    this.selected = selected;
    const shapeOf = (each: M): RowShape<M> => ({
      mapper: each,
      places: each.columns.map((column) => places.get(column) ?? -1),
    });
    const concrete = [mapper, ...descendants].filter((each) => each.as !== undefined);
    this.shapes = new Map(concrete.map((each) => [each.as, shapeOf(each)]));
    this.place = selected.findIndex(({ property }) => property === on);
  }

  /** What stands behind FROM: a table, or a SELECT in brackets that is called as the table is. */
  source(dialect: Quoting, alias?: string): string {
    if (alias !== undefined) return this.#render(dialect, alias);
    return getOrMake(this.#texts, dialect.name, () => this.#render(dialect));
  }

  #render(dialect: Quoting, alias?: string): string {
    const mapper = this.#mapper;
    const quote = (name: string): string => dialect.quoteIdentifier(name);
    const [root] = mapper.parts;
    if (root === undefined) throw new Error('unreachable: a model stands in a table');
    const tables: { name: TableName; isOwn: boolean }[] = [];
    const placeOf = (table: TableName): number => tables.findIndex(({ name }) => tableKey(name) === tableKey(table));
    for (const each of [mapper, ...this.#descendants]) {
      for (const { tableName } of each.parts) {
        if (placeOf(tableName) === -1) tables.push({ name: tableName, isOwn: each === mapper });
      }
    }
    const isWhole = mapper.root === mapper;
    const called = quote(alias ?? mapper.definition.tableName.name);
    if (isWhole && tables.length === 1) {
      const table = dialect.quoteTable(root.tableName);
      return alias === undefined ? table : `${table} AS ${called}`;
    }
    const aliasOf = (name: TableName): string => quote(`t${placeOf(name) + 1}`);
    const stored = this.selected.slice(0, this.#names.length);
    const columns = stored.map((column, i) => {
      const name = quote(this.#names[i] ?? column.name);
      return `${aliasOf(this.#tables[i] ?? root.tableName)}.${name} AS ${quote(column.name)}`;
    });
    const joins = tables.map(({ name, isOwn }, i) => {
      const table = `${dialect.quoteTable(name)} AS ${aliasOf(name)}`;
      if (i === 0) return table;
      const on = mapper.keys.map((key) => `${aliasOf(name)}.${quote(key.name)} = ${quote('t1')}.${quote(key.name)}`);
      return `${isOwn ? 'JOIN' : 'LEFT JOIN'} ${table} ON ${on.join(' AND ')}`;
    });
    return `(SELECT ${columns.join(', ')} FROM ${joins.join(' ')}${isWhole ? '' : this.#ofClass(dialect)}) AS ${called}`;
  }

  #ofClass(dialect: Quoting): string {
    const on = this.selected[this.place];
    const values = [...this.shapes.keys()].map((as) =>
      dialect.renderExpression({ kind: 'literal', value: String(as) }),
    );
    const is = values.length === 1 ? `= ${values[0]}` : `IN (${values.join(', ')})`;
    // A class without rows of its own and without children has none.
    const condition =
      values.length === 0
        ? '1 = 0'
        : `${dialect.quoteIdentifier('t1')}.${dialect.quoteIdentifier(on?.name ?? '')} ${is}`;
    return ` WHERE ${condition}`;
  }
}

/** What of the rows a list of operations takes away, by where it is in the database as it is now. */
import type { DatabaseObject } from '../schema/objects.js';
import {
  findObject,
  findTable,
  type Schema,
  type Table,
  type TableName,
  type TableOptions,
  tableKey,
} from '../schema/table.js';
import type { ColumnType } from '../schema/types.js';
import { columnsOfType, useOfType } from '../schema/columns-of-type.js';
import type { Operation, ReplaceObject, SetTableOptions } from './operation.js';
import { dropsVirtualTable } from './is-destructive.js';

/** An operation, and what raw SQL says of it beyond what operations can. */
export interface Change {
  readonly operation: Operation;
  /** MySQL and MariaDB: only these partitions of the table, which stays. */
  readonly partitions?: readonly string[];
  /** Where a table that is renamed goes, if that is another namespace. */
  readonly to?: TableName;
  /** What CASCADE takes along, as it is called now; null for the column where the whole table goes. */
  readonly takes?: { readonly table: TableName; readonly column: string | null };
  /** A namespace that goes with all that the same list moves there before. */
  readonly empties?: string;
}

export interface Retyping {
  readonly from: ColumnType;
  readonly to: ColumnType;
  /** PostgreSQL: the new type is a domain. What a domain stands for is in the place of it, and an explicit cast makes its values. */
  readonly isCast?: boolean;
}

export interface PossibleLoss {
  readonly operation: Operation;
  /** The table as it is called now. */
  readonly table: TableName;
  /** The column as it is called now; null for the whole table. */
  readonly column: string | null;
  /** Where only the type changes: what it was and will be, for the dialect to say which values that changes. */
  readonly retyped: Retyping | null;
  /** Of the composite values in the column, only this part goes. */
  readonly attribute?: string;
  /** MariaDB: the options of a versioned table. What its rows were before is lost as well, or alone. */
  readonly history?: { readonly of: TableOptions; readonly isAlone: boolean };
}

/**
 * Finds them. Tables and columns that the same list makes first are not in the schema and hold nothing; what it renames is
 * looked for under its old name. Code is not seen, nor raw SQL that is not said as operations.
 */
export function findPossibleLosses(schema: Schema, changes: readonly Change[]): PossibleLoss[] {
  const names = new NamesBefore();
  const domains = new Domains(schema);
  const losses: PossibleLoss[] = [];
  const push = (loss: PossibleLoss): void => {
    const isSame = (other: PossibleLoss): boolean =>
      tableKey(other.table) === tableKey(loss.table) && (other.column === null || other.column === loss.column);
    if (!losses.some(isSame)) losses.push(loss);
  };
  for (const { operation, partitions, to, takes, empties } of changes) {
    domains.follow(operation);
    if (takes !== undefined) push({ operation, ...takes, retyped: null });
    for (const table of empties === undefined ? [] : names.movedTo(empties)) {
      push({ operation, table, column: null, retyped: null });
    }
    if (dropsVirtualTable(operation) && findObject(schema, operation.object) !== null) {
      losses.push({ operation, table: operation.object, column: null, retyped: null });
    }
    if (operation.kind === 'replaceObject') losses.push(...attributesLost(operation, schema));
    const table = 'table' in operation && operation.kind !== 'createTable' ? names.tableOf(operation.table) : null;
    const live = table === null ? undefined : findTable(schema, table);
    if (live !== undefined)
      losses.push(...lossesOf(operation, live, names, domains).map((loss) => withHistory(loss, live)));
    if (partitions === undefined) names.follow(operation, to);
  }
  return losses;
}

function lossesOf(operation: Operation, table: Table, names: NamesBefore, domains: Domains): PossibleLoss[] {
  if (operation.kind === 'dropTable') return [{ operation, table, column: null, retyped: null }];
  if (operation.kind === 'setTableOptions' && losesHistory(operation, table)) {
    return [{ operation, table, column: null, retyped: null }];
  }
  if (operation.kind === 'setTableOptions') return valuesOfAny(operation, table);
  if (operation.kind !== 'dropColumn' && operation.kind !== 'alterColumn') return [];
  const column = names.columnOf(operation.table, operation.column);
  const existing = table.columns.find(({ name }) => name === column) ?? null;
  // What is computed can be computed again.
  if (existing === null || existing.generated !== null) return [];
  if (operation.kind === 'dropColumn') return [{ operation, table, column, retyped: null }];
  const { type, generated } = operation.changes;
  if (generated != null) return [{ operation, table, column, retyped: null }];
  return type === undefined ? [] : [{ operation, table, column, retyped: domains.resolve(existing.type, type) }];
}

/** SQLite: only a strict table keeps what stands in columns of the type ANY; for another it is a word for numbers. */
function valuesOfAny(operation: SetTableOptions, table: Table): PossibleLoss[] {
  if (table.options['strict'] !== true || (operation.changes['strict'] ?? true) === true) return [];
  return table.columns
    .filter(({ type }) => type.kind === 'custom' && typeof type.sql === 'string' && /^any$/i.test(type.sql))
    .map(({ name, type }) => ({ operation, table, column: name, retyped: { from: type, to: type } }));
}

/** MariaDB: a table that goes on without a history, or with another one. */
function losesHistory({ changes: { systemVersioning } }: SetTableOptions, { options }: Table): boolean {
  const existing = options['systemVersioning'];
  return existing !== undefined && systemVersioning !== undefined && systemVersioning !== existing;
}

function withHistory(loss: PossibleLoss, { options }: Table): PossibleLoss {
  if (options['systemVersioning'] === undefined) return loss;
  return { ...loss, history: { of: options, isAlone: loss.operation.kind === 'setTableOptions' } };
}

/** PostgreSQL: what columns of a composite type hold in attributes that it loses. */
function attributesLost(operation: ReplaceObject, schema: Schema): PossibleLoss[] {
  const { object } = operation;
  const { kind, parts } = object;
  const existing = findObject(schema, object) ?? operation.existing;
  if (kind !== 'compositeType' || parts === undefined) return [];
  const prefix = 'attribute ';
  const gone = Object.keys(existing?.parts ?? {}).filter((key) => key.startsWith(prefix) && parts[key] === undefined);
  return schema.tables.flatMap((table) =>
    columnsOfType(table, object, schema).flatMap(({ column, isArray }): PossibleLoss[] => {
      const loss = { operation, table, column: column.name, retyped: null };
      if (isArray) return gone.length === 0 ? [] : [loss];
      return gone.map((key) => ({ ...loss, attribute: key.slice(prefix.length) }));
    }),
  );
}

/** What a definition that was written by hand says behind the name. */
const BASE = /^CREATE\s+DOMAIN\s.+?\sAS\s+(.+?)\s*(?:\b(?:CHECK|COLLATE|CONSTRAINT|DEFAULT|NOT\s+NULL|NULL)\b|;|$)/is;

/** PostgreSQL: what domains are made of. */
class Domains {
  readonly #before: readonly DatabaseObject[];
  readonly #schema: Schema;
  /** Those that the operations make or change, the last state first. */
  readonly #made: DatabaseObject[] = [];

  constructor(schema: Schema) {
    this.#schema = schema;
    this.#before = (schema.objects ?? []).filter(({ kind }) => kind === 'domain');
  }

  follow(operation: Operation): void {
    if (operation.kind !== 'createObject' && operation.kind !== 'replaceObject') return;
    if (operation.object.kind === 'domain') this.#made.unshift(operation.object);
  }

  resolve(from: ColumnType, to: ColumnType): Retyping {
    const made = this.#base(to, [...this.#made, ...this.#before]);
    return { from: this.#base(from, this.#before), to: made, isCast: made !== to };
  }

  #base(type: ColumnType, domains: readonly DatabaseObject[]): ColumnType {
    for (const domain of domains) {
      const use = useOfType(type, domain, this.#schema);
      const base = domain.parts?.['type'] ?? BASE.exec(domain.definition)?.[1];
      if (use === null || base === undefined) continue;
      const rest = domains.filter((other) => other !== domain);
      return this.#base({ kind: 'custom', sql: use === 'array' ? `${base}[]` : base }, rest);
    }
    return type;
  }
}

/** What tables and columns were called before the operations that were followed; nothing for those that are new. */
class NamesBefore {
  readonly #tables: Map<string, TableName | null> = new Map();
  readonly #columns: Map<string, string | null> = new Map();

  tableOf(table: TableName): TableName | null {
    const known = this.#tables.get(tableKey(table));
    return known === undefined ? table : known;
  }

  /** What the tables were called that have come into a namespace. */
  movedTo(namespace: string): TableName[] {
    const prefix = tableKey({ namespace, name: '' });
    return [...this.#tables].flatMap(([key, before]) => (before !== null && key.startsWith(prefix) ? [before] : []));
  }

  columnOf(table: TableName, column: string): string | null {
    const known = this.#columns.get(this.#columnKey(table, column));
    return known === undefined ? column : known;
  }

  follow(operation: Operation, to?: TableName): void {
    switch (operation.kind) {
      case 'createTable':
        this.#tables.set(tableKey(operation.table), null);
        break;
      case 'dropTable':
        this.#tables.set(tableKey(operation.table), null);
        break;
      case 'renameTable': {
        const before = this.tableOf(operation.table);
        this.#tables.set(tableKey(operation.table), null);
        this.#tables.set(tableKey(to ?? { ...operation.table, name: operation.to }), before);
        break;
      }
      case 'addColumn':
        this.#columns.set(this.#columnKey(operation.table, operation.column.name), null);
        break;
      case 'dropColumn':
        this.#columns.set(this.#columnKey(operation.table, operation.column), null);
        break;
      case 'alterColumn': {
        const { name } = operation.changes;
        if (name === undefined) break;
        const before = this.columnOf(operation.table, operation.column);
        this.#columns.set(this.#columnKey(operation.table, operation.column), null);
        this.#columns.set(this.#columnKey(operation.table, name), before);
        break;
      }
      default:
    }
  }

  /** By the table's name before, which no rename in between changes. */
  #columnKey(table: TableName, column: string): string {
    const before = this.tableOf(table);
    return `${before === null ? '' : tableKey(before)}\0${column}`;
  }
}

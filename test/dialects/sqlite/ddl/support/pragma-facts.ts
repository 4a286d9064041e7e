/** What SQLite says of a table by its PRAGMAs, and the same facts taken from a parsed CREATE TABLE: they must be equal. */
import type Database from 'better-sqlite3';
import type { CreateTable, ColumnDefinition } from '../../../../../src/dialects/sqlite/ddl/create-table.js';
import type { References } from '../../../../../src/dialects/sqlite/ddl/foreign-key-clause.js';
import type { IndexedColumn } from '../../../../../src/dialects/sqlite/ddl/indexed-columns.js';
import { unquoteName } from '../../../../../src/dialects/sqlite/ddl/names.js';

export interface TableFacts {
  readonly columns: readonly ColumnFacts[];
  /** `column COLLATION, ...` of each key, without repetitions, sorted: SQLite builds one index for equal keys. */
  readonly keys: readonly string[];
  readonly foreignKeys: readonly string[];
  readonly strict: boolean;
  readonly withoutRowid: boolean;
}

interface ColumnFacts {
  readonly name: string;
  readonly type: string;
  readonly notNull: boolean;
  readonly default: string | null;
  readonly primaryKey: number;
  readonly hidden: number;
}

type PragmaRow = Readonly<Record<string, string | number | null>>;

export function readPragmaFacts(db: Database.Database, table: string): TableFacts {
  const all = (sql: string, argument: string): PragmaRow[] => db.prepare<[string], PragmaRow>(sql).all(argument);
  const columns = all('SELECT * FROM pragma_table_xinfo(?)', table).map((row) => ({
    name: String(row['name']),
    type: String(row['type']).toUpperCase(),
    notNull: row['notnull'] !== 0,
    default: row['dflt_value'] as string | null,
    primaryKey: Number(row['pk']),
    hidden: Number(row['hidden']),
  }));
  const indexes = all("SELECT * FROM pragma_index_list(?) WHERE origin IN ('u', 'pk')", table);
  const keys = indexes.map((index) =>
    all('SELECT * FROM pragma_index_xinfo(?) WHERE key = 1 ORDER BY seqno', String(index['name']))
      .map((row) => `${row['name']} ${String(row['coll']).toUpperCase()}`)
      .join(', '),
  );
  const foreignKeys = new Map<number, PragmaRow[]>();
  for (const row of all('SELECT * FROM pragma_foreign_key_list(?) ORDER BY id DESC, seq', table)) {
    foreignKeys.set(Number(row['id']), [...(foreignKeys.get(Number(row['id'])) ?? []), row]);
  }
  const [options] = all("SELECT strict, wr FROM pragma_table_list(?) WHERE schema = 'main'", table);
  return {
    columns,
    keys: [...new Set(keys)].sort(),
    foreignKeys: [...foreignKeys.values()].map((rows) => {
      const from = rows.map((row) => row['from']).join(', ');
      const to = rows.map((row) => row['to'] ?? '').join(', ');
      return `${from} -> ${rows[0]?.['table']} (${to}) DELETE ${rows[0]?.['on_delete']} UPDATE ${rows[0]?.['on_update']}`;
    }),
    strict: options?.['strict'] === 1,
    withoutRowid: options?.['wr'] === 1,
  };
}

export function parsedFacts(table: CreateTable): TableFacts {
  const { strict, withoutRowid } = table.options;
  const keyColumns = primaryKeyColumns(table);
  const integerKey = integerKeyColumn(table);
  const rowid = withoutRowid ? undefined : integerKey;
  const find = (name: string): ColumnDefinition | undefined =>
    table.columns.find((column) => same(column.name.value, name));
  const keyText = (columns: readonly KeyColumn[]): string =>
    columns.map(({ name, collate }) => `${find(name)?.name.value} ${collate ?? collationOf(find(name))}`).join(', ');
  const keys = table.columns.flatMap((column) =>
    column.constraints
      .filter(({ kind }) => kind === 'unique')
      .map(() => keyText([{ name: column.name.value, collate: null }])),
  );
  for (const constraint of table.constraints)
    if (constraint.kind === 'unique') keys.push(keyText(keyColumnsOf(constraint.columns)));
  // SQLite forgets the collation of the key when it makes it anew for WITHOUT ROWID.
  if (integerKey !== undefined && withoutRowid) keys.push(keyText([{ name: integerKey, collate: null }]));
  else if (keyColumns.length > 0 && rowid === undefined) keys.push(keyText(keyColumns));
  return {
    columns: table.columns.map((column) => {
      const position = keyColumns.findIndex(({ name }) => same(name, column.name.value));
      const isKey = position !== -1 && (withoutRowid || (strict && !same(rowid ?? '', column.name.value)));
      const generated = column.constraints.findLast(({ kind }) => kind === 'generated');
      const hidden = generated?.kind === 'generated' ? { virtual: 2, stored: 3 }[generated.storage] : 0;
      const value = column.constraints.findLast(({ kind }) => kind === 'default');
      return {
        name: column.name.value,
        type: typeOf(column),
        notNull: isKey || column.constraints.some(({ kind }) => kind === 'notNull'),
        default: value?.kind === 'default' ? value.value.text : null,
        primaryKey: position + 1,
        hidden,
      };
    }),
    keys: [...new Set(keys)].sort(),
    foreignKeys: foreignKeysOf(table, (name) => find(name)?.name.value ?? name),
    strict,
    withoutRowid,
  };
}

interface KeyColumn {
  readonly name: string;
  readonly collate: string | null;
}

function foreignKeysOf(table: CreateTable, spelling: (name: string) => string): string[] {
  const text = (from: readonly string[], references: References): string => {
    const to = references.columns?.map(({ value }) => value) ?? from.map(() => '');
    const [onDelete, onUpdate] = [references.onDelete ?? 'no action', references.onUpdate ?? 'no action'];
    const target = `${references.table.value} (${to.join(', ')})`;
    return `${from.map(spelling).join(', ')} -> ${target} DELETE ${onDelete.toUpperCase()} UPDATE ${onUpdate.toUpperCase()}`;
  };
  const ofColumns = table.columns.flatMap(({ name, constraints }) =>
    constraints.flatMap((constraint) =>
      constraint.kind === 'references' ? [text([name.value], constraint.references)] : [],
    ),
  );
  const ofTable = table.constraints.flatMap((constraint) =>
    constraint.kind === 'foreignKey'
      ? [
          text(
            constraint.columns.map(({ value }) => value),
            constraint.references,
          ),
        ]
      : [],
  );
  return [...ofColumns, ...ofTable];
}

function primaryKeyColumns(table: CreateTable): readonly KeyColumn[] {
  for (const constraint of table.constraints)
    if (constraint.kind === 'primaryKey') return keyColumnsOf(constraint.columns);
  const column = table.columns.find(({ constraints }) => constraints.some(({ kind }) => kind === 'primaryKey'));
  return column === undefined ? [] : [{ name: column.name.value, collate: null }];
}

/** The column that is the rowid, were it not for WITHOUT ROWID: the only one of the key, of type INTEGER, and not declared `PRIMARY KEY DESC` itself. */
function integerKeyColumn(table: CreateTable): string | undefined {
  const [first, ...others] = primaryKeyColumns(table);
  const column = table.columns.find(({ name }) => same(name.value, first?.name ?? ''));
  if (others.length > 0 || column === undefined || typeOf(column) !== 'INTEGER') return undefined;
  const isDescending = column.constraints.some((one) => one.kind === 'primaryKey' && one.order === 'desc');
  return isDescending ? undefined : column.name.value;
}

function keyColumnsOf(columns: readonly IndexedColumn[]): KeyColumn[] {
  return columns.map(({ column, collate }) => ({
    name: column?.value ?? 'not a column',
    collate: collate?.value.toUpperCase() ?? null,
  }));
}

function collationOf(column: ColumnDefinition | undefined): string {
  const collate = column?.constraints.findLast(({ kind }) => kind === 'collate');
  return collate?.kind === 'collate' ? collate.collation.value.toUpperCase() : 'BINARY';
}

/** SQLite takes the quotes off a type that begins with one. */
function typeOf({ type }: ColumnDefinition): string {
  return unquoteName(type?.text ?? '').toUpperCase();
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/**
 * Some words mean nothing, and the server keeps them all the same: how wide an integer is shown, USING BTREE, the action of
 * a foreign key that does what every one does. Two databases differ by them. Models never do: they take the live table's.
 */
import type { Expression } from '../../schema/expressions/expression.js';
import { sameData } from '../../schema/same.js';
import type { ColumnType } from '../../schema/types.js';
import {
  type Column,
  type ForeignKey,
  type ForeignKeyAction,
  type Index,
  type Table,
  tableKey,
  type TableOptions,
} from '../../schema/table.js';
import { maskUrl } from '../../util/mask-url.js';
import { byName } from '../normalise-schema.js';
import { indexedColumns, serves, servingColumns } from './implicit-index.js';
import { samePartitions } from './partitions.js';
import { takeGeneratedKey } from './required-key.js';

/** The table of the models in the live table's words. */
export function takeWords(wanted: Table, live: Table | undefined): Table {
  if (live === undefined) return wanted;
  const table = takeGeneratedKey(wanted, live);
  const find = <T extends { readonly name: string | null }>(known: readonly T[], { name }: T): T | undefined =>
    known.find((other) => other.name === name);
  return {
    ...table,
    columns: table.columns.map((column) => takeColumn(column, find(live.columns, column))),
    primaryKey:
      table.primaryKey &&
      takeBlockSize(takeMethod(table.primaryKey, live.primaryKey ?? undefined), live.primaryKey, live),
    uniques: table.uniques.map((unique) => takeMethod(unique, find(live.uniques, unique))),
    indexes: [
      ...table.indexes.map((index) => {
        const known = find(live.indexes, index);
        return takeBlockSize(takeIndexMethod(index, known), known, live);
      }),
      ...neededIndexes(table, live),
    ].sort(byName),
    foreignKeys: table.foreignKeys.map((key) => takeActions(key, find(live.foreignKeys, key))),
    checks: table.checks.map((check) => ({
      ...check,
      expression: takeText(check.expression, find(live.checks, check)?.expression),
    })),
    options: takeOptions(takePartitions(table.options, live.options), live.options),
  };
}

function takeColumn(column: Column, live: Column | undefined): Column {
  const { generated } = column;
  return {
    ...column,
    type: takeWidth(column.type, live?.type),
    collation: takeCollation(column.collation, live?.collation),
    generated: generated && { ...generated, expression: takeText(generated.expression, live?.generated?.expression) },
  };
}

/**
 * MySQL shows a table of another character set with its strings in that one (`_latin1'x'`), and the same table in its catalog
 * with the strings of whoever made it. Of ASCII they are the same.
 */
function takeText(expression: Expression, live: Expression | undefined): Expression {
  if (expression.kind !== 'verbatim' || live?.kind !== 'verbatim' || expression.text === live.text) return expression;
  return withoutIntroducers(expression.text) === withoutIntroducers(live.text) ? live : expression;
}

function withoutIntroducers(text: string): string {
  return text.replaceAll(/\b_\w+(?='[\u0020-\u0026\u0028-\u007e]*')/g, '');
}

function takePartitions(options: TableOptions, live: TableOptions): TableOptions {
  const [wanted, known] = [options['partitionBy'], live['partitionBy']];
  const isSame = typeof wanted === 'string' && typeof known === 'string' && samePartitions(wanted, known);
  return isSame ? { ...options, partitionBy: known } : options;
}

/** Letter case, other names of engines, and what is the same as to say nothing. */
function takeOptions(options: TableOptions, live: TableOptions): TableOptions {
  const entries = Object.entries(options).flatMap(([key, value]): [string, string | boolean][] => {
    const known = live[key];
    if (wordOf(key, value) !== wordOf(key, known ?? false)) return [[key, value]];
    return known === undefined ? [] : [[key, known]];
  });
  return Object.fromEntries(entries);
}

/** No ALTER TABLE takes the words of a tablespace off again: then it lies in a file of its own, as one that says none. */
const USUAL: TableOptions = { engine: 'InnoDB', tablespace: 'innodb_file_per_table', rowFormat: 'DEFAULT' };

const ENGINES: Readonly<Record<string, string>> = { merge: 'mrg_myisam', heap: 'memory' };

const ANY_CASE: ReadonlySet<string> = new Set([
  'engine',
  'charset',
  'collation',
  'rowFormat',
  'compression',
  'encryption',
  'insertMethod',
  'secondaryEngine',
]);

function wordOf(key: string, value: string | boolean): string {
  const said = String(value === false ? (USUAL[key] ?? value) : value);
  if (key === 'connection') return maskUrl(said);
  const word = ANY_CASE.has(key) ? said.toLowerCase() : said;
  return key === 'engine' ? (ENGINES[word] ?? word) : ANY_CASE.has(key) ? fullCharset(word) : word;
}

/** Older servers, and people, call it utf8. https://mariadb.com/kb/en/unicode/ */
function fullCharset(name: string): string {
  return name.toLowerCase().replace(/^utf8(?=_|$)/, 'utf8mb3');
}

function takeCollation(collation: string | null, live: string | null | undefined): string | null {
  const isSame = collation !== null && live != null && fullCharset(collation) === fullCharset(live);
  return isSame ? live : collation;
}

function takeWidth(type: ColumnType, live: ColumnType | undefined): ColumnType {
  const name = withoutWidth(type);
  return live !== undefined && name !== null && name === withoutWidth(live) ? live : type;
}

const INTEGERS: Readonly<Record<string, string>> = { smallint: 'smallint', integer: 'int', bigint: 'bigint' };

/** What the type of an integer says besides its width; `null` for any other type. */
function withoutWidth(type: ColumnType): string | null {
  if (type.kind !== 'custom') return INTEGERS[type.kind] ?? null;
  const text = typeof type.sql === 'string' ? type.sql : '';
  const parts = /^(tinyint|smallint|mediumint|int|bigint|year)(?:\(\d+\))?( unsigned)?$/.exec(text);
  return parts === null ? null : `${parts[1] ?? ''}${parts[2] ?? ''}`;
}

/** A foreign key needs an index: where the models have none for it, the one that it uses stays. */
function neededIndexes(table: Table, live: Table): Index[] {
  const declared = servingColumns(table);
  const alone = table.foreignKeys.filter((key) => !declared.some((columns) => serves(columns, key)));
  const found = alone.flatMap(
    (key) => live.indexes.find((index) => !index.unique && serves(indexedColumns(index), key)) ?? [],
  );
  return [...new Set(found)].filter(({ name }) => !table.indexes.some((index) => index.name === name));
}

function takeMethod<T extends { readonly method?: string }>(key: T, live: T | undefined): T {
  if (live === undefined) return key;
  const { method: _method, ...rest } = key;
  return { ...rest, ...(live.method === undefined ? {} : { method: live.method }) } as T;
}

function takeIndexMethod(index: Index, live: Index | undefined): Index {
  const isTree = ({ method }: Index): boolean => method === null || method === 'btree';
  return live !== undefined && isTree(index) && isTree(live) ? { ...index, method: live.method } : index;
}

/**
 * InnoDB has one size of blocks, its table's: where that becomes another one, the keys go on saying the old one to no effect.
 * A key that has to be made anew for another reason is made as the models say.
 * https://dev.mysql.com/doc/refman/8.4/en/create-index.html
 */
function takeBlockSize<T extends Pick<Index, 'storage'>>(key: T, known: T | null | undefined, { options }: Table): T {
  if (known == null || options['engine'] !== undefined) return key;
  return sameData(withoutBlockSize(key), withoutBlockSize(known)) ? known : key;
}

function withoutBlockSize<T extends Pick<Index, 'storage'>>({ storage = {}, ...rest }: T): object {
  const { keyBlockSize: _size, ...others } = storage;
  return { ...rest, storage: others };
}

/** A key that has to be made anew for another reason is made as the models say. */
function takeActions(key: ForeignKey, live: ForeignKey | undefined): ForeignKey {
  if (live === undefined || meaningOf(key) !== meaningOf(live)) return key;
  const { saysNoAction: _saysNoAction, ...rest } = key;
  return {
    ...rest,
    onDelete: live.onDelete,
    onUpdate: live.onUpdate,
    ...(live.saysNoAction === undefined ? {} : { saysNoAction: live.saysNoAction }),
  };
}

function meaningOf({ columns, target, targetColumns, onDelete, onUpdate }: ForeignKey): string {
  const actions = [onDelete, onUpdate].map((action) => (isUsual(action) ? 'no action' : action));
  return JSON.stringify([columns, tableKey(target), targetColumns, actions]);
}

/** InnoDB checks at once, so that RESTRICT and NO ACTION are the same. */
function isUsual(action: ForeignKeyAction): boolean {
  return action === 'no action' || action === 'restrict';
}

import { formatTableName } from '../../schema/table-name.js';
import type { Column, EnumType, Generation, TableName } from '../../schema/table.js';
import type { ColumnType } from '../../schema/types.js';
import { call, type Doc, list, object, quote } from './document.js';
import { type Imports, renderDefault, renderExpr } from './render-expression.js';

/** `column('age', integer(), { nullable: false, serverDefault: 18 })` */
export function renderColumn(column: Column, imports: Imports): Doc {
  const special = imports.renderItem?.({ type: 'column', column });
  if (special !== undefined) return special;
  imports.add('column');
  const options = object([['nullable', column.nullable ? null : 'false'], ...renderOptions(column, imports)]);
  const type = renderType(column.type, imports);
  return options.items.length === 0
    ? call('column', quote(column.name), type)
    : call('column', quote(column.name), type, options);
}

function renderOptions(column: Column, imports: Imports): [string, Doc | null][] {
  const { generated } = column;
  return [
    ['serverDefault', column.default === null ? null : renderDefault(column.default, column.type, imports)],
    ...renderGeneration(column.generation),
    ['generatedAs', generated === null ? null : renderExpr(generated.expression, imports)],
    ['virtual', generated === null || generated.stored ? null : 'true'],
    ['onUpdateNow', column.onUpdate === null ? null : 'true'],
    ['collation', column.collation === null ? null : quote(column.collation)],
    ['comment', column.comment === null ? null : quote(column.comment)],
    ['notNullName', column.notNullName === undefined ? null : quote(column.notNullName)],
    ['notNullManner', column.notNullManner === undefined ? null : quote(column.notNullManner)],
    ['inherited', column.inherited === true ? 'true' : null],
  ];
}

export function renderGeneration(generation: Generation | null): [string, Doc | null][] {
  switch (generation?.kind) {
    case undefined:
      return [];
    case 'auto':
    case 'autoincrement':
      return [['autoincrement', 'true']];
    case 'serial':
      return [['serial', 'true']];
    case 'identity': {
      const { always, start, increment, min, max, cache, cycle, sequence, comment } = generation;
      const number = (text: string | null): string | null =>
        text === null || Number.isSafeInteger(Number(text)) ? text : `${text}n`;
      const options = object([
        ['always', always ? 'true' : null],
        ['start', number(start)],
        ['increment', number(increment)],
        ['min', number(min)],
        ['max', number(max)],
        ['cache', number(cache)],
        ['cycle', cycle ? 'true' : null],
        ['sequence', sequence === undefined ? null : quote(sequence)],
        ['comment', comment === undefined ? null : quote(comment)],
      ]);
      return [['identity', options.items.length === 0 ? 'true' : options]];
    }
  }
}

/** `varchar(255)`, `enumeration('ticket_status', ['open', 'closed'])` */
export function renderType(type: ColumnType, imports: Imports): Doc {
  const special = imports.renderItem?.({ type: 'type', columnType: type });
  if (special !== undefined) return special;
  const name = FUNCTIONS[type.kind] ?? type.kind;
  imports.add(name);
  switch (type.kind) {
    case 'numeric':
      if (type.precision === null) return call(name);
      return call(name, String(type.precision), ...(type.scale === null ? [] : [String(type.scale)]));
    case 'char':
      return call(name, String(type.length));
    case 'varchar':
      return type.length === null ? call(name) : call(name, String(type.length));
    case 'time':
    case 'timestamp': {
      const options = object([
        ['precision', type.precision === null ? null : String(type.precision)],
        ['withTimezone', type.withTimezone ? 'true' : null],
      ]);
      return options.items.length === 0 ? call(name) : call(name, options);
    }
    case 'enum':
      return call(name, renderTableName(type), list(...type.values.map(quote)));
    case 'custom':
      return call(name, quote(typeof type.sql === 'string' ? type.sql : JSON.stringify(type.sql)));
    default:
      return call(name);
  }
}

const FUNCTIONS: { readonly [K in ColumnType['kind']]?: string } = { enum: 'enumeration', custom: 'customType' };

/** What stands behind the name of an enum type: `['sad', 'ok'], { comment: 'How it goes' }`. */
export function enumArguments({ values, comment }: Pick<EnumType, 'values' | 'comment'>): Doc[] {
  const options = comment === undefined ? [] : [object([['comment', quote(comment)]])];
  return [list(...values.map(quote)), ...options];
}

/** `'users'`, `'app.users'`, or an object for names that hold a dot. */
export function renderTableName(table: TableName): Doc {
  const hasDot = table.name.includes('.') || table.namespace?.includes('.') === true;
  if (!hasDot) return quote(formatTableName(table));
  return object([
    ['namespace', table.namespace === null ? null : quote(table.namespace)],
    ['name', quote(table.name)],
  ]);
}

import type { AlterColumn, Backfill, CreateTable, OnlineDdl, Operation } from '../../operations/operation.js';
import type { RowGroup, RowValue } from '../../operations/row-values.js';
import { formatTableName } from '../../schema/table-name.js';
import type { Constraint, Index, Table } from '../../schema/table.js';
import { constraintsOf } from '../../schema/table.js';
import { call, type Doc, escapeTemplate, list, object, propertyKey, quote } from './document.js';
import { enumArguments, renderColumn, renderGeneration, renderTableName, renderType } from './render-column.js';
import { type Imports, renderDefault, renderExpr } from './render-expression.js';
import { renderIndexPart } from './render-index-part.js';
import { renderAddConstraint, renderConstraint, renderStorage } from './render-constraint.js';
import { renderCustom } from './render-custom.js';
import { renderObject, renderObjectName, renderOptions } from './render-object.js';
import { renderSequence, renderSequenceChanges } from './render-sequence.js';

/** The call on `op` that records the operation. */
export function renderOperation(operation: Operation, imports: Imports): Doc {
  const special = imports.renderItem?.({ type: 'operation', operation });
  if (special !== undefined) return special;
  switch (operation.kind) {
    case 'createNamespace':
    case 'dropNamespace':
      return call(`op.${operation.kind}`, quote(operation.name));
    case 'createEnum':
      return call('op.createEnum', renderTableName(operation.enum), ...enumArguments(operation.enum));
    case 'dropEnum':
      return call('op.dropEnum', renderTableName(operation.enum));
    case 'addEnumValue': {
      const { before, after, ifNotExists } = operation;
      const options = optional([
        ['before', before === null ? null : quote(before)],
        ['after', after === undefined ? null : quote(after)],
        ['ifNotExists', flag(ifNotExists)],
      ]);
      return call('op.addEnumValue', renderTableName(operation.enum), quote(operation.value), ...options);
    }
    case 'alterEnum':
      return call('op.alterEnum', renderTableName(operation.enum), list(...operation.values.map(quote)));
    case 'setEnumComment': {
      const comment = operation.comment === null ? 'null' : quote(operation.comment);
      return call('op.setEnumComment', renderTableName(operation.enum), comment);
    }
    case 'renameEnum':
      return call('op.renameEnum', renderTableName(operation.enum), quote(operation.to));
    case 'renameEnumValue': {
      const { value, to, columns } = operation;
      const names = list(...columns.map(({ table, column }) => quote(`${formatTableName(table)}.${column}`)));
      const options = columns.length === 0 ? [] : [object([['columns', names]])];
      return call('op.renameEnumValue', renderTableName(operation.enum), quote(value), quote(to), ...options);
    }
    case 'createSequence':
      return call('op.createSequence', renderTableName(operation.sequence), ...renderSequence(operation.sequence));
    case 'alterSequence': {
      const changes = renderSequenceChanges(operation.changes);
      return call('op.alterSequence', renderTableName(operation.sequence), changes);
    }
    case 'dropSequence':
      return call('op.dropSequence', renderTableName(operation.sequence));
    case 'renameSequence':
      return call('op.renameSequence', renderTableName(operation.sequence), quote(operation.to));
    case 'createTable':
      return renderCreateTable(operation, imports);
    case 'dropTable':
      return call('op.dropTable', renderTableName(operation.table), ...renderManner(operation));
    case 'renameTable':
      return call('op.renameTable', renderTableName(operation.table), quote(operation.to));
    case 'setTableComment': {
      const comment = operation.comment === null ? 'null' : quote(operation.comment);
      return call('op.setTableComment', renderTableName(operation.table), comment);
    }
    case 'setTableOptions': {
      const existing = operation.existing === null ? [] : [renderOptions(operation.existing)];
      return call(
        'op.setTableOptions',
        renderTableName(operation.table),
        renderOptions(operation.changes),
        ...existing,
      );
    }
    case 'createObject':
      return call('op.createObject', renderObject(operation.object));
    case 'replaceObject': {
      const withParts = true;
      const existing = operation.existing === null ? [] : [renderObject(operation.existing, { withParts })];
      return call('op.replaceObject', renderObject(operation.object, { withParts }), ...existing);
    }
    case 'dropObject':
      return call('op.dropObject', renderObjectName(operation.object));
    case 'setComment': {
      const { name, comment } = operation;
      const method = operation.object === 'index' ? 'op.setIndexComment' : 'op.setConstraintComment';
      const text = comment === null ? 'null' : quote(comment);
      return call(method, quote(name), renderTableName(operation.table), text);
    }
    case 'addColumn':
      return call(
        'op.addColumn',
        renderTableName(operation.table),
        renderColumn(operation.column, imports),
        ...renderManner(operation),
      );
    case 'dropColumn': {
      const { table, column } = operation;
      return call('op.dropColumn', renderTableName(table), quote(column), ...renderManner(operation));
    }
    case 'alterColumn':
      return renderAlterColumn(operation, imports);
    case 'createIndex': {
      const { index, table } = operation;
      if (index.definition !== null) return call('op.execute', `\`${escapeTemplate(index.definition)}\``);
      return call(
        'op.createIndex',
        quote(index.name),
        renderTableName(table),
        ...indexArguments(index, imports, operation),
      );
    }
    case 'dropIndex': {
      const { name, table } = operation;
      return call('op.dropIndex', quote(name), renderTableName(table), ...renderManner(operation));
    }
    case 'addConstraint': {
      const { constraint, table } = operation;
      return renderAddConstraint(constraint, renderTableName(table), imports, mannerOf(operation));
    }
    case 'renameIndex':
    case 'renameConstraint': {
      const { name, to, table } = operation;
      return call(`op.${operation.kind}`, quote(name), renderTableName(table), quote(to));
    }
    case 'dropConstraint': {
      const { name, existing, type } = operation;
      const table = renderTableName(operation.table);
      if (name === null && existing !== null) {
        return call('op.dropUnnamedConstraint', table, renderConstraint(existing, imports));
      }
      const options = optional([['type', type === null ? null : quote(type)], ...mannerOf(operation)]);
      return call('op.dropConstraint', quote(name ?? ''), table, ...options);
    }
    case 'backfill':
      return renderBackfill(operation, imports);
    case 'bulkInsert': {
      const { key } = operation;
      const options = key === null ? [] : [object([['key', list(...key.map(quote))]])];
      return call('op.bulkInsert', renderTableName(operation.table), renderRows(operation.groups, imports), ...options);
    }
    case 'deleteRows':
      return call('op.deleteRows', renderTableName(operation.table), renderRows(operation.groups, imports));
    case 'validateConstraint': {
      const { name, table, isValid } = operation;
      const options = optional([['valid', isValid ? null : 'false']]);
      return call('op.validateConstraint', quote(name), renderTableName(table), ...options);
    }
    case 'execute': {
      const params = operation.params.map((param) => JSON.stringify(param));
      const text = `\`${escapeTemplate(operation.sql)}\``;
      return params.length === 0 ? call('op.execute', text) : call('op.execute', text, list(...params));
    }
    case 'custom':
      return renderCustom(operation);
    case 'opaque':
      return `// code at ${operation.at}`;
  }
}

/** How an operation is carried out, as entries of its options. */
function mannerOf({ ifExists, ifNotExists, concurrently, mysql }: Manner): [string, Doc | null][] {
  const pinned = object([
    ['algorithm', mysql?.algorithm === undefined ? null : quote(mysql.algorithm)],
    ['lock', mysql?.lock === undefined ? null : quote(mysql.lock)],
  ]);
  return [
    ['ifExists', flag(ifExists)],
    ['ifNotExists', flag(ifNotExists)],
    ['concurrently', flag(concurrently)],
    ['mysql', pinned.items.length === 0 ? null : pinned],
  ];
}

interface Manner {
  readonly ifExists?: true;
  readonly ifNotExists?: true;
  readonly concurrently?: true;
  readonly mysql?: OnlineDdl;
}

function renderManner(operation: Manner): Doc[] {
  return optional(mannerOf(operation));
}

/** An object of options, or nothing where none is said. */
function optional(entries: readonly [string, Doc | null][]): Doc[] {
  const options = object(entries);
  return options.items.length === 0 ? [] : [options];
}

function flag(value: true | undefined): Doc | null {
  return value === true ? 'true' : null;
}

/** Columns of a key take no NULL unless it is said: on SQLite they may. */
function takesNull(constraint: Constraint, table: Table): boolean {
  if (constraint.kind !== 'primaryKey') return false;
  return table.columns.some((column) => column.nullable && constraint.columns.includes(column.name));
}

function renderCreateTable({ table, ifNotExists }: CreateTable, imports: Imports): Doc {
  const items = [
    ...table.columns.map((column) => renderColumn(column, imports)),
    ...constraintsOf(table).map((constraint) => renderConstraint(constraint, imports, takesNull(constraint, table))),
    ...table.indexes.filter((index) => index.definition === null).map((index) => renderIndex(index, imports)),
  ];
  const options = object([
    ['comment', table.comment === null ? null : quote(table.comment)],
    ['options', Object.keys(table.options).length === 0 ? null : renderOptions(table.options)],
    ['ifNotExists', flag(ifNotExists)],
  ]);
  const name = renderTableName(table);
  return options.items.length === 0
    ? call('op.createTable', name, list(...items))
    : call('op.createTable', name, list(...items), options);
}

function renderIndex(index: Index, imports: Imports): Doc {
  imports.add('index');
  return call('index', quote(index.name), ...indexArguments(index, imports));
}

function indexArguments(index: Index, imports: Imports, manner: Manner = {}): Doc[] {
  return [
    list(...index.parts.map((part) => renderIndexPart(part, imports))),
    ...indexOptions(index, imports, mannerOf(manner)),
  ];
}

/** What an index says besides its columns, as an object; nothing where it says no more. */
export function indexOptions(index: Index, imports: Imports, manner: readonly [string, Doc | null][] = []): Doc[] {
  const lengths = index.parts.flatMap(({ expression, length }): [string, Doc][] =>
    expression.kind === 'column' && length !== null ? [[propertyKey(expression.name), String(length)]] : [],
  );
  return optional([
    ['unique', index.unique ? 'true' : null],
    ['where', index.where === null ? null : renderExpr(index.where, imports)],
    ['method', index.method === null ? null : quote(index.method)],
    ['lengths', lengths.length === 0 ? null : object(lengths)],
    ['include', index.include === undefined ? null : list(...index.include.map(quote))],
    ['nullsNotDistinct', index.nullsNotDistinct === true ? 'true' : null],
    ['storage', index.storage === undefined ? null : renderStorage(index.storage)],
    ['invisible', index.invisible === true ? 'true' : null],
    ['only', index.only === undefined ? null : list(...index.only.map(quote))],
    ['inherited', flag(index.inherited)],
    ['comment', index.comment === undefined ? null : quote(index.comment)],
    ...manner,
  ]);
}

function renderAlterColumn(operation: AlterColumn, imports: Imports): Doc {
  const { changes, existing, using } = operation;
  const type = changes.type ?? existing?.type ?? { kind: 'text' };
  const { generation, generated } = changes;
  const generationEntries: [string, Doc | null][] =
    generation === undefined ? [] : generation === null ? noGeneration(existing) : renderGeneration(generation);
  // Its way back needs no more than the names.
  const isRename = Object.keys(changes).join() === 'name';
  const options = object([
    ['name', changes.name === undefined ? null : quote(changes.name)],
    ['type', changes.type === undefined ? null : renderType(changes.type, imports)],
    ['nullable', changes.nullable === undefined ? null : String(changes.nullable)],
    ['serverDefault', nullable(changes.default, (value) => renderDefault(value, type, imports))],
    ...generationEntries,
    ['generatedAs', nullable(generated, (value) => renderExpr(value.expression, imports))],
    ['virtual', generated == null || generated.stored ? null : 'true'],
    ['onUpdateNow', changes.onUpdate === undefined ? null : String(changes.onUpdate !== null)],
    ['collation', nullable(changes.collation, quote)],
    ['comment', nullable(changes.comment, quote)],
    ['only', flag(operation.only)],
    ['notNullName', nullable(changes.notNullName, quote)],
    ['notNullManner', nullable(changes.notNullManner, quote)],
    ['using', using === null ? null : renderExpr(using, imports)],
    ...mannerOf(operation),
    ['existing', existing === null || isRename ? null : renderColumn(existing, imports)],
  ]);
  return call('op.alterColumn', renderTableName(operation.table), quote(operation.column), options);
}

function noGeneration(existing: AlterColumn['existing']): [string, Doc | null][] {
  const kind = existing?.generation?.kind;
  if (kind === 'identity') return [['identity', 'false']];
  return kind === 'serial' ? [['serial', 'false']] : [['autoincrement', 'false']];
}

/** Nothing when nothing changes, `null` when it is taken away. */
function nullable<T>(value: T | null | undefined, render: (value: T) => string): string | null {
  if (value === undefined) return null;
  return value === null ? 'null' : render(value);
}

/** Too long for a line it is a chain, one call a line. */
function renderBackfill({ table, column, value, keeps = [] }: Backfill, imports: Imports): string {
  const filled = value.kind === 'literal' ? renderRowValue(value.value, imports) : renderExpr(value, imports);
  const kept = keeps.map((name) => `${propertyKey(name)}: ref(${quote(name)})`);
  const values = `{ ${[`${propertyKey(column)}: ${filled}`, ...kept].join(', ')} }`;
  const calls = [
    `.updateTable(${quote(formatTableName(table))})`,
    `.set(${keeps.length === 0 ? values : `({ ref }) => (${values})`})`,
    `.where(${quote(column)}, 'is', null)`,
    '.execute()',
  ];
  const line = `await op.db${calls.join('')}`;
  return line.length < 97 ? line : ['await op.db', ...calls.map((part) => `    ${part}`)].join('\n');
}

function renderRows(groups: readonly RowGroup[], imports: Imports): Doc {
  return list(
    ...groups.flatMap(({ columns, rows }) =>
      rows.map((row) =>
        object(columns.map((column, i) => [propertyKey(column), renderRowValue(row[i] ?? null, imports)])),
      ),
    ),
  );
}

function renderRowValue(value: RowValue, imports: Imports): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value !== 'object' || value === null) return String(value);
  switch (value.kind) {
    case 'bigint':
      return `${value.text}n`;
    case 'date':
      return `new Date(${quote(value.text)})`;
    case 'bytes':
      return `Buffer.from(${quote(value.hex)}, 'hex')`;
    case 'json':
      return JSON.stringify(value.value);
    case 'expression':
      return renderExpr(value.expression, imports);
  }
}

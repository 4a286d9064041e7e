import type { SequenceChanges } from '../../operations/operation.js';
import { usualStart } from '../../schema/sequence.js';
import { formatTableName } from '../../schema/table-name.js';
import type { ColumnName, Sequence } from '../../schema/table.js';
import { type Doc, object, quote } from './document.js';
import { renderTableName } from './render-column.js';

/** The options of `op.createSequence`; empty where all is as the server does it. */
export function renderSequence(sequence: Sequence): Doc[] {
  const { type, start, increment, min, max, cache, cycle, ownedBy, comment, unlogged } = sequence;
  const options = object([
    ['type', type === 'bigint' ? null : quote(type)],
    ['start', start === usualStart(sequence) ? null : renderNumber(start)],
    ['increment', increment === '1' ? null : renderNumber(increment)],
    ['min', min === null ? null : renderNumber(min)],
    ['max', max === null ? null : renderNumber(max)],
    ['cache', cache === '1' ? null : renderNumber(cache)],
    ['cycle', cycle ? 'true' : null],
    ['ownedBy', ownedBy === null ? null : renderOwner(ownedBy)],
    ['comment', comment === null ? null : quote(comment)],
    ['unlogged', unlogged === undefined ? null : String(unlogged)],
  ]);
  return options.items.length === 0 ? [] : [options];
}

/** The options of `op.alterSequence`: what changes, `null` for what is taken away. */
export function renderSequenceChanges(changes: SequenceChanges): Doc {
  const number = (text: string | null | undefined): string | null =>
    text === undefined ? null : text === null ? 'null' : renderNumber(text);
  const { type, start, increment, min, max, cache, cycle, ownedBy, comment, unlogged } = changes;
  return object([
    ['type', type === undefined ? null : quote(type)],
    ['start', number(start)],
    ['increment', number(increment)],
    ['min', number(min)],
    ['max', number(max)],
    ['cache', number(cache)],
    ['cycle', cycle === undefined ? null : String(cycle)],
    ['ownedBy', ownedBy === undefined ? null : ownedBy === null ? 'null' : renderOwner(ownedBy)],
    ['comment', comment === undefined ? null : comment === null ? 'null' : quote(comment)],
    ['unlogged', unlogged === undefined ? null : String(unlogged)],
  ]);
}

function renderOwner({ table, column }: ColumnName): Doc {
  const hasDot = [table.namespace ?? '', table.name, column].some((name) => name.includes('.'));
  if (!hasDot) return quote(`${formatTableName(table)}.${column}`);
  return object([
    ['table', renderTableName(table)],
    ['column', quote(column)],
  ]);
}

function renderNumber(text: string): string {
  return Number.isSafeInteger(Number(text)) ? text : `${text}n`;
}

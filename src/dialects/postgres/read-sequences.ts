/** Sequences of the catalog: those that a serial or identity column implies stay with their column. */
import type { Row } from '../../engine/connection.js';
import type { Sequence } from '../../schema/table.js';
import { detailsOf, flagOf, textOf, textOrNull } from '../row.js';
import { serialName } from '../../schema/serial-name.js';
import { quoteIdentifier } from './sql.js';

const LARGEST: Readonly<Record<string, string>> = {
  smallint: '32767',
  integer: '2147483647',
  bigint: '9223372036854775807',
};

const SMALLEST: Readonly<Record<string, string>> = {
  smallint: '-32768',
  integer: '-2147483648',
  bigint: '-9223372036854775808',
};

/** A row of `catalog.SEQUENCES` with what it does not say of the usual, and the names of the column that it belongs to. */
export function completeSequence(row: Row, table: Row | undefined, column: string | undefined): Row {
  return {
    start: '1',
    increment: '1',
    min: '1',
    max: LARGEST[textOf(row, 'type')],
    cache: '1',
    ...row,
    ...detailsOf(row, 'rare'),
    ...(table === undefined ? {} : { table_namespace: table['namespace'], table_name: table['name'], column }),
  };
}

/** A row of `completeSequence` as an object of its own; `relative` makes the default namespace `null`. */
export function readSequence(row: Row, relative: (namespace: string) => string | null): Sequence {
  const type = textOf(row, 'type');
  const isDescending = textOf(row, 'increment').startsWith('-');
  const [least, greatest] = isDescending ? [SMALLEST[type], '-1'] : ['1', LARGEST[type]];
  const unless = (key: string, usual: string | undefined): string | null =>
    textOf(row, key) === usual ? null : textOf(row, key);
  const table = textOrNull(row, 'table_name');
  return {
    namespace: relative(textOf(row, 'namespace')),
    name: textOf(row, 'name'),
    type: type === 'smallint' || type === 'integer' ? type : 'bigint',
    start: textOf(row, 'start'),
    increment: textOf(row, 'increment'),
    min: unless('min', least),
    max: unless('max', greatest),
    cache: textOf(row, 'cache'),
    cycle: flagOf(row, 'cycle'),
    ownedBy:
      table === null
        ? null
        : {
            table: { namespace: relative(textOf(row, 'table_namespace')), name: table },
            column: textOf(row, 'column'),
          },
    comment: textOrNull(row, 'comment'),
    ...(textOf(row, 'persistence') === 'u' ? { unlogged: true } : {}),
  };
}

/** True for the sequence that `serial` makes for this column, with nothing changed since. */
export function isSerial(
  sequence: Row,
  column: { readonly type: string; readonly defaultText: string | null },
): boolean {
  const facts = readSequence(sequence, (namespace) => namespace);
  const { ownedBy } = facts;
  return (
    textOf(sequence, 'dependency') === 'a' &&
    ownedBy !== null &&
    column.defaultText === nextValue(facts) &&
    ownedBy.table.namespace === facts.namespace &&
    facts.name === serialName(ownedBy.table.name, ownedBy.column) &&
    facts.type === column.type &&
    facts.start === '1' &&
    facts.increment === '1' &&
    facts.min === null &&
    facts.max === null &&
    facts.cache === '1' &&
    !facts.cycle &&
    facts.comment === null
  );
}

/** A default that counts with the sequence, as the deparser prints it under an empty search path. */
function nextValue(sequence: { readonly namespace: string | null; readonly name: string }): string {
  const names = [...(sequence.namespace === null ? [] : [sequence.namespace]), sequence.name];
  const path = names.map((name) => (/^[a-z_][a-z0-9_$]*$/.test(name) ? name : quoteIdentifier(name))).join('.');
  return `nextval('${path.replaceAll("'", "''")}'::regclass)`;
}

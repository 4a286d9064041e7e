/** Rows of `catalog.columnsOf` as columns, table by table, so that the rows can go while other queries run. */
import type { Row } from '../../engine/connection.js';
import { verbatim } from '../../schema/expressions/expression.js';
import type { Column, EnumType, Generation, Identity, NotNullManner, TableOptions } from '../../schema/table.js';
import type { ColumnType } from '../../schema/types.js';
import { serialName } from '../../schema/serial-name.js';
import { detailsOf, flagOf, textOf, textOrNull } from '../row.js';
import { withoutUsualOptions } from './identity.js';
import { sameLiteral } from './literals.js';
import { completeSequence, isSerial } from './read-sequences.js';
import { readColumnOptions } from './read-table-options.js';
import { parseType } from './types.js';

/** What the columns of a table say. */
export interface TableColumns {
  /** In the order of the table, those that it inherits among them. */
  readonly columns: Column[];
  /** What the table's options hold of these. */
  options: TableOptions;
  /** The name of each column, inherited or not, at its number; dropped columns leave a gap. */
  readonly names: string[];
  /** False where one is inherited. */
  areAllLocal: boolean;
  /** By the name of a serial column the default that tables have of it which inherit it. */
  readonly serials: Map<string, string>;
}

/** What stands beside the rows. */
export interface ColumnContext {
  /** By their oids. */
  readonly enums: ReadonlyMap<string, EnumType>;
  /** By the oid of the table that they belong to. */
  readonly sequences: ReadonlyMap<string, readonly Row[]>;
  /** By their oids. */
  readonly tables: ReadonlyMap<string, Row>;
  /** Rows of `catalog.NOT_NULLS` by the oid of the table. */
  readonly notNulls: ReadonlyMap<string, Row>;
}

/** Columns by the oid of their table. */
export function readColumns(
  rows: readonly Row[],
  { enums, sequences, tables: tableRows, notNulls }: ColumnContext,
): ReadonlyMap<string, TableColumns> {
  const tables = new Map<string, TableColumns>();
  // There are few types in many columns.
  const types = new Map<string, ColumnType>();
  const typeOf = (row: Row): ColumnType => {
    const text = textOf(row, 'type');
    const known = enums.get(textOf(row, 'own_type'));
    if (known !== undefined) return typeOfEnum(known);
    let type = types.get(text);
    if (type === undefined) {
      type = parseType(text);
      types.set(text, type);
    }
    return type;
  };
  for (const row of rows) {
    const oid = textOf(row, 'table_oid');
    let table = tables.get(oid);
    if (table === undefined) {
      table = { columns: [], options: {}, names: [], areAllLocal: true, serials: new Map() };
      tables.set(oid, table);
    }
    const name = textOf(row, 'name');
    const position = textOf(row, 'position');
    table.names[Number(position)] = name;
    const isInherited = flagOf(row, 'inherited');
    if (isInherited) table.areAllLocal = false;
    const tableRow = tableRows.get(oid) ?? {};
    const isPart = isPartition(tableRow);
    const rare = detailsOf(row, 'rare');
    const sequence = sequences.get(oid)?.find((candidate) => textOf(candidate, 'position') === position);
    const notNull = readNotNull(notNulls.get(oid), position, `${textOf(tableRow, 'name')}_${name}_not_null`);
    // Partitions follow their tables in all; what another table is told by those above is no word of its own.
    const isTold = notNull.isInherited || flagOf(rare, 'not_null_inherited');
    const column = readColumn(row, rare, {
      name,
      type: typeOf(row),
      sequence: sequence === undefined ? undefined : completeSequence(sequence, tableRow, name),
      comment: textOrNull(detailsOf(tableRow, 'comments'), position),
      inherits: isInherited && !isPart,
      isRequired: flagOf(row, 'not_null') && (isPart || !isTold),
      notNull,
    });
    table.columns.push(column);
    if (column.generation?.kind === 'serial') table.serials.set(name, textOf(row, 'default_text'));
    if (row['rare'] !== null) table.options = { ...table.options, ...readColumnOptions(name, rare) };
    const said = textOrNull(detailsOf(notNulls.get(oid) ?? {}, 'comments'), position);
    if (said !== null) table.options = { ...table.options, [`columnNotNullComment ${name}`]: said };
  }
  return tables;
}

export function isPartition(table: Row): boolean {
  return textOrNull(table, 'bound') !== null;
}

interface NotNull {
  /** `null` for the usual one. */
  readonly name: string | null;
  readonly manner: NotNullManner | null;
  readonly isInherited: boolean;
}

const UNNAMED: NotNull = { name: null, manner: null, isInherited: false };

/** `row` is that of the table. Without one the server gives NOT NULL no name. */
function readNotNull(row: Row | undefined, position: string, usualName: string): NotNull {
  if (row === undefined) return UNNAMED;
  const name = textOrNull(detailsOf(row, 'names'), position);
  return {
    // The server cuts names to 63 characters.
    name: name === usualName || name === [...usualName].slice(0, 63).join('') ? null : name,
    manner: textOrNull(detailsOf(row, 'manners'), position) as NotNullManner | null,
    isInherited: flagOf(detailsOf(row, 'inherited'), position),
  };
}

function typeOfEnum({ namespace, name, values }: EnumType): ColumnType {
  return { kind: 'enum', namespace, name, values };
}

interface ColumnFacts {
  readonly name: string;
  readonly type: ColumnType;
  readonly sequence: Row | undefined;
  readonly comment: string | null;
  /** The column is only there since a table above has it. */
  readonly inherits: boolean;
  readonly isRequired: boolean;
  readonly notNull: NotNull;
}

function readColumn(row: Row, rare: Row, facts: ColumnFacts): Column {
  const { name, type, sequence, comment, inherits, isRequired } = facts;
  const notNull = isRequired ? facts.notNull : UNNAMED;
  const text = textOrNull(row, 'default_text');
  const isGenerated = textOf(row, 'generated') !== '';
  const generation = readGeneration(row, sequence, text);
  const hasDefault = text !== null && !isGenerated && generation?.kind !== 'serial';
  return {
    name,
    type,
    nullable: !isRequired,
    default: hasDefault ? verbatim(text, sameLiteral(text, textOf(row, 'type'))) : null,
    generation,
    generated:
      isGenerated && text !== null ? { expression: verbatim(text), stored: textOf(row, 'generated') === 's' } : null,
    onUpdate: null,
    collation: textOrNull(rare, 'collation'),
    comment,
    ...(notNull.name === null ? {} : { notNullName: notNull.name }),
    ...(notNull.manner === null ? {} : { notNullManner: notNull.manner }),
    ...(inherits ? { inherited: true as const } : {}),
  };
}

function readGeneration(row: Row, sequence: Row | undefined, defaultText: string | null): Generation | null {
  if (sequence === undefined) return null;
  if (textOf(row, 'identity') === '') {
    return isSerial(sequence, { type: textOf(row, 'type'), defaultText }) ? { kind: 'serial' } : null;
  }
  const name = textOf(sequence, 'name');
  const comment = textOrNull(sequence, 'comment');
  const identity: Identity = {
    kind: 'identity',
    always: textOf(row, 'identity') === 'a',
    start: textOf(sequence, 'start'),
    increment: textOf(sequence, 'increment'),
    min: textOf(sequence, 'min'),
    max: textOf(sequence, 'max'),
    cache: textOf(sequence, 'cache'),
    cycle: flagOf(sequence, 'cycle'),
    ...(name === serialName(textOf(sequence, 'table_name'), textOf(sequence, 'column')) ? {} : { sequence: name }),
    ...(comment === null ? {} : { comment }),
  };
  return withoutUsualOptions(identity, textOf(sequence, 'type'));
}

/** Rows of `catalog.columnsOf` as columns, table by table, so that the rows can go while other queries run. */
import type { Row } from '../../engine/connection.js';
import { verbatim } from '../../schema/expressions/expression.js';
import type { Column, EnumType, Generation, Identity, NotNullManner, TableOptions } from '../../schema/table.js';
import type { ColumnType } from '../../schema/types.js';
import { serialName } from '../../schema/serial-name.js';
import { detailsOf, flagOf, numberOf, textOf, textOrNull } from '../row.js';
import { withoutUsualOptions } from './identity.js';
import { sameLiteral } from './literals.js';
import { isSerial } from './read-sequences.js';
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
  /** By the oid of the table: by the number of a column its comment. */
  readonly comments: ReadonlyMap<string, Row>;
  /** Oids of the tables that are partitions. */
  readonly partitions: ReadonlySet<string>;
}

/** Columns by the oid of their table. */
export function readColumns(
  rows: readonly Row[],
  { enums, sequences, comments, partitions }: ColumnContext,
): ReadonlyMap<string, TableColumns> {
  const tables = new Map<string, TableColumns>();
  // There are few types in many columns.
  const types = new Map<string, ColumnType>();
  const typeOf = (row: Row): ColumnType => {
    const text = textOf(row, 'enum_oid') || textOf(row, 'type');
    let type = types.get(text);
    if (type === undefined) {
      const known = enums.get(text);
      type = known === undefined ? parseType(textOf(row, 'type')) : typeOfEnum(known);
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
    table.names[numberOf(row, 'position')] = name;
    const isLocal = flagOf(row, 'local');
    if (!isLocal) table.areAllLocal = false;
    const isPart = partitions.has(oid);
    const rare = detailsOf(row, 'rare');
    const column = readColumn(row, rare, {
      name,
      type: typeOf(row),
      sequence: sequences.get(oid)?.find((candidate) => textOf(candidate, 'column') === name),
      comment: textOrNull(comments.get(oid) ?? {}, textOf(row, 'position')),
      inherits: !isLocal && !isPart,
      // Partitions follow their tables in all; what another table is told by those above is no word of its own.
      isRequired: flagOf(row, 'not_null') && (isPart || !flagOf(rare, 'not_null_inherited')),
    });
    table.columns.push(column);
    if (column.generation?.kind === 'serial') table.serials.set(name, textOf(row, 'default_text'));
    if (row['rare'] !== null) table.options = { ...table.options, ...readColumnOptions(name, rare) };
  }
  return tables;
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
}

function readColumn(row: Row, rare: Row, { name, type, sequence, comment, inherits, isRequired }: ColumnFacts): Column {
  const notNullName = isRequired ? textOrNull(rare, 'not_null_name') : null;
  const notNullManner = isRequired ? (textOrNull(rare, 'not_null_manner') as NotNullManner | null) : null;
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
    ...(notNullName === null ? {} : { notNullName }),
    ...(notNullManner === null ? {} : { notNullManner }),
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

import { AludelError } from '../errors.js';
import { type Expression, verbatim } from '../schema/expressions/expression.js';
import { formatTableName } from '../schema/table-name.js';
import type { Check, Column, Exclusion, Index, IndexPart, Schema, Table } from '../schema/table.js';
import type { ColumnType } from '../schema/types.js';
import { refuseUnknownOptions } from './table-option-names.js';
import { type ObjectRules, writeObjects } from './write-objects.js';

/** What a database makes of the parts of a schema. Each rule gets the part and gives it back in the database's terms. */
export interface NormaliseRules {
  /** The type in its canonical form, or `null` when the database has none. */
  type(type: ColumnType, column: Column, table: Table): ColumnType | null;
  /** Anything about a column that depends on the database, once its type is canonical. */
  column(column: Column, table: Table): Column;
  /** Anything about a table, once its columns are done. */
  table(table: Table): Table;
  /** Text of an expression. */
  render(expression: Expression): string;
  /** How objects beside tables are written. */
  readonly objects?: ObjectRules;
}

/**
 * Applies the rules everywhere, turns expressions into text, and sorts what has no order of its own by name. Parts that stay
 * what they are stay the same objects: of thousands of tables there is no second copy.
 */
export function normaliseSchema(schema: Schema, rules: NormaliseRules): Schema {
  const sequences = schema.sequences.toSorted(byName);
  const { declared = [], ...rest } = schema;
  const objects = rules.objects === undefined ? [] : writeObjects(declared, rules.objects);
  return {
    ...rest,
    sequences,
    tables: schema.tables.map((table) => normaliseTable(table, rules)).sort(byName),
    ...(objects.length === 0 ? {} : { objects }),
  };
}

function normaliseTable(declared: Table, rules: NormaliseRules): Table {
  const { optionsByDatabase, ...table } = declared;
  const chosen = rules.objects === undefined ? undefined : optionsByDatabase?.[rules.objects.database];
  if (chosen !== undefined && rules.objects !== undefined) {
    refuseUnknownOptions(table, chosen, rules.objects.database);
  }
  const columns = table.columns.map((column) => normaliseColumn(column, table, rules));
  return rules.table({
    ...table,
    options: { ...table.options, ...chosen },
    columns,
    uniques: table.uniques.toSorted(byName),
    foreignKeys: table.foreignKeys.toSorted(byName),
    checks: table.checks.map((check) => normaliseCheck(check, rules)).sort(byName),
    ...(table.exclusions === undefined
      ? {}
      : { exclusions: table.exclusions.map((known) => normaliseExclusion(known, rules)).sort(byName) }),
    indexes: table.indexes.map((index) => normaliseIndex(index, rules)).sort(byName),
  });
}

function normaliseColumn(column: Column, table: Table, rules: NormaliseRules): Column {
  const type = rules.type(column.type, column, table);
  if (type === null) {
    const name = `${formatTableName(table)}.${column.name}`;
    throw new AludelError(
      'ALUDEL_TYPE_UNSUPPORTED',
      `This database has no type for column "${name}" (${column.type.kind}).`,
      {
        hint: "Say what it is there: customType({ postgres: '...', sqlite: '...', mysql: '...', mariadb: '...' }).",
        details: { table: formatTableName(table), column: column.name },
      },
    );
  }
  const typed = rules.column(type === column.type ? column : { ...column, type }, table);
  const { default: initial, onUpdate, generated } = typed;
  if (initial === null && onUpdate === null && generated === null) return typed;
  return {
    ...typed,
    default: initial === null ? null : toVerbatim(initial, rules),
    onUpdate: onUpdate === null ? null : toVerbatim(onUpdate, rules),
    generated: generated === null ? null : { ...generated, expression: toVerbatim(generated.expression, rules) },
  };
}

function normaliseCheck(check: Check, rules: NormaliseRules): Check {
  return { ...check, expression: toVerbatim(check.expression, rules) };
}

function normaliseExclusion(exclusion: Exclusion, rules: NormaliseRules): Exclusion {
  return {
    ...exclusion,
    where: exclusion.where === null ? null : toVerbatim(exclusion.where, rules),
    elements: exclusion.elements.map((element) =>
      element.expression.kind === 'column'
        ? element
        : { ...element, expression: toVerbatim(element.expression, rules) },
    ),
  };
}

function normaliseIndex(index: Index, rules: NormaliseRules): Index {
  if (index.where === null && index.parts.every(({ expression }) => expression.kind === 'column')) return index;
  const part = (known: IndexPart): IndexPart =>
    known.expression.kind === 'column' ? known : { ...known, expression: toVerbatim(known.expression, rules) };
  return {
    ...index,
    parts: index.parts.map(part),
    where: index.where === null ? null : toVerbatim(index.where, rules),
  };
}

/** The expression as this database's text, with what was written kept beside it for rendering. */
function toVerbatim(expression: Expression, rules: Pick<NormaliseRules, 'render'>): Expression {
  return expression.kind === 'verbatim' ? expression : verbatim(rules.render(expression), expression);
}

/** Code-unit order of namespace and name. */
export function byName(
  a: { readonly name: string | null; readonly namespace?: string | null },
  b: { readonly name: string | null; readonly namespace?: string | null },
): number {
  return compareText(a.namespace ?? '', b.namespace ?? '') || compareText(a.name ?? '', b.name ?? '');
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

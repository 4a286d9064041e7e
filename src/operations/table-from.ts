/** What the arguments of `op` say, as parts of a schema. */
import { ColumnBuilder } from '../schema/column-builder.js';
import { toExpression } from '../schema/expressions/to-expression.js';
import { buildTable } from '../schema/build-schema.js';
import { MetaData, TableDefinition } from '../schema/metadata.js';
import type { TableArg } from '../schema/table-args.js';
import type { Table, TableName, TableOptions } from '../schema/table.js';
import { type ColumnArg, generationOf, isColumnArg } from './column-arg.js';
import type { ColumnChanges } from './operation.js';
import type { AlterColumnOptions } from './recorder-options.js';

const FINAL_NAMES = new MetaData({ columnNames: 'same', namesAreFinal: true });

/** @throws TypeError with all that is wrong. */
export function tableFrom(
  name: TableName,
  items: readonly (ColumnArg | TableArg)[],
  options: TableOptions = {},
): Table {
  if (!Array.isArray(items)) throw new TypeError(`table "${name.name}" takes a list: [column('id', integer()), ...]`);
  refuseRepeated(name, items.filter(isColumnArg));
  const columns = Object.fromEntries(
    items.filter(isColumnArg).map(({ name: column, spec }) => [column, new ColumnBuilder(spec)]),
  );
  const args = items.filter((item): item is TableArg => !isColumnArg(item));
  const problems: string[] = [];
  const definition = new TableDefinition(FINAL_NAMES, name, columns, () => args, null);
  definition.options = { postgres: options };
  const { optionsByDatabase: _optionsByDatabase, ...table } = buildTable(definition, problems);
  if (problems.length > 0) throw new TypeError(problems.join('\n'));
  return { ...table, options };
}

function refuseRepeated(table: TableName, columns: readonly ColumnArg[]): void {
  const repeated = columns.find(({ name }, at) => columns.findIndex((known) => known.name === name) !== at);
  if (repeated !== undefined) throw new TypeError(`table "${table.name}" has two columns called "${repeated.name}"`);
}

/** What an alteration names, and nothing else. */
export function changesFrom(options: AlterColumnOptions): ColumnChanges {
  const changes: { -readonly [K in keyof ColumnChanges]: ColumnChanges[K] } = {};
  if (options.name !== undefined) changes.name = options.name;
  if (options.type !== undefined) changes.type = options.type.spec.type;
  if (options.nullable !== undefined) changes.nullable = options.nullable;
  if (options.serverDefault !== undefined) {
    changes.default = options.serverDefault === null ? null : toExpression(options.serverDefault);
  }
  if (options.comment !== undefined) changes.comment = options.comment;
  if (options.collation !== undefined) changes.collation = options.collation;
  if (options.onUpdateNow !== undefined) changes.onUpdate = options.onUpdateNow ? { kind: 'now' } : null;
  if (options.generatedAs !== undefined) {
    changes.generated = options.generatedAs && {
      expression: options.generatedAs.node,
      stored: options.virtual !== true,
    };
  }
  if (options.notNullName !== undefined) changes.notNullName = options.notNullName;
  if (options.notNullManner !== undefined) changes.notNullManner = options.notNullManner;
  const generation = generationOf(options);
  if (generation !== undefined) changes.generation = generation;
  return changes;
}

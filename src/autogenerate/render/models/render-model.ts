import { formatTableName } from '../../../schema/table-name.js';
import type { Table } from '../../../schema/table.js';
import { call, type Doc, list, object, print, quote } from '../document.js';
import { renderTableName } from '../render-column.js';
import { renderOptions as renderTableOptions } from '../render-object.js';
import { type ModelContext, MODEL_WIDTH } from './context.js';
import type { ModelPlan } from './model-plan.js';
import type { PlannedRelation } from './plan-relations.js';
import { columnParts, renderModelColumn } from './render-model-column.js';
import { renderTableArgs } from './render-table-args.js';

/** A table as a class, or as a constant where it has no objects. */
export function renderModel(plan: ModelPlan, relations: readonly PlannedRelation[], context: ModelContext): string {
  context.used.add('Base');
  return plan.kind === 'class' ? renderClass(plan, relations, context) : renderTable(plan, context);
}

function renderClass(plan: ModelPlan, relations: readonly PlannedRelation[], context: ModelContext): string {
  const { table, name } = plan;
  const parts = columnParts(table, context);
  const args = renderTableArgs(table, parts, (column) => columnOf(plan, column, `${name}.c`), context);
  const options = renderOptions(table, context);
  const isShort = relations.length === 0 && options === null;
  const indent = isShort ? '  ' : '    ';
  const columns = renderColumns(plan, parts, context, indent);
  const getters = relations.map((relation) => renderRelation(relation, context)).join('\n');
  const body =
    args.length === 0
      ? ''
      : `\n${print({ ...list(...args), prefix: 'static override tableArgs = () => ' }, '  ', ';', MODEL_WIDTH)}\n`;
  const tableName = print(renderTableName(table), '', '', MODEL_WIDTH);
  if (isShort) {
    return `export class ${name} extends Base.table(${tableName}, {${columns === '' ? '' : `\n${columns}`}}) {${body}}`;
  }
  const lines = [
    `export class ${name} extends Base.table(`,
    `  ${tableName},`,
    columns === '' ? '  {},' : `  {\n${columns}  },`,
    relations.length === 0 ? '  {},' : `  {\n${getters}\n  },`,
    ...(options === null ? [] : [print(options, '  ', ',', MODEL_WIDTH)]),
    `) {${body}}`,
  ];
  return lines.join('\n');
}

function renderTable(plan: ModelPlan, context: ModelContext): string {
  const { table, name } = plan;
  const parts = columnParts(table, context);
  const args = renderTableArgs(table, parts, (column) => columnOf(plan, column, 'c'), context);
  const options = renderOptions(table, context);
  const isShort = args.length === 0 && options === null;
  const columns = renderColumns(plan, parts, context, isShort ? '  ' : '    ');
  const tableName = print(renderTableName(table), '', '', MODEL_WIDTH);
  if (isShort)
    return `export const ${name} = Base.metadata.table(${tableName}, {${columns === '' ? '' : `\n${columns}`}});`;
  // Arguments that name no column need none.
  const written = print({ ...list(...args), prefix: '(c) => ' }, '  ', ',', MODEL_WIDTH);
  const given = / c\.|[[(]c\./.test(written)
    ? written
    : print({ ...list(...args), prefix: '() => ' }, '  ', ',', MODEL_WIDTH);
  const lines = [
    `export const ${name} = Base.metadata.table(`,
    `  ${tableName},`,
    columns === '' ? '  {},' : `  {\n${columns}  },`,
    args.length === 0 ? '  undefined,' : given,
    ...(options === null ? [] : [print(options, '  ', ',', MODEL_WIDTH)]),
    ');',
  ];
  return lines.join('\n');
}

function renderColumns(
  { table, properties }: ModelPlan,
  parts: ReturnType<typeof columnParts>,
  context: ModelContext,
  indent: string,
): string {
  return table.columns
    .map((column) => {
      const property = properties.get(column.name) ?? column.name;
      const doc = renderModelColumn(column, property, table, parts, context);
      const prefixed: Doc =
        typeof doc === 'string' ? `${property}: ${doc}` : { ...doc, prefix: `${property}: ${doc.prefix}` };
      return `${print(prefixed, indent, ',', MODEL_WIDTH)}\n`;
    })
    .join('');
}

function renderOptions({ comment, options: own }: Table, { dialect }: ModelContext): Doc | null {
  const options = object([
    ['comment', comment === null ? null : quote(comment)],
    ['options', Object.keys(own).length === 0 ? null : object([[dialect, renderTableOptions(own)]])],
  ]);
  return options.items.length === 0 ? null : options;
}

function renderRelation(relation: PlannedRelation, { imports, used }: ModelContext): string {
  const { name, kind, target, inverse, fk, secondary } = relation;
  imports.add(kind);
  used.add(target.name);
  if (fk !== null) used.add(fk.model.name);
  const options = object([
    ['secondary', secondary === null ? null : quote(formatTableName(secondary))],
    ['inverse', quote(inverse)],
    ['fk', fk === null ? null : `() => ${fk.model.name}.c.${fk.property}`],
  ]);
  const statement = print({ ...call(kind, target.name, options), prefix: 'return ' }, '      ', ';', MODEL_WIDTH);
  return `    get ${name}() {\n${statement}\n    },`;
}

/** What a table inherits it has without saying it: such a column goes by its name. */
function columnOf({ table, properties }: ModelPlan, column: string, path: string): string {
  const isOwn = table.columns.some(({ name }) => name === column);
  return isOwn ? `${path}.${properties.get(column) ?? column}` : quote(column);
}

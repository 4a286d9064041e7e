import { type BinaryOperator, type Expression, refuseSubquery } from '../../schema/expressions/expression.js';
import type { ColumnType } from '../../schema/types.js';
import { escapeTemplate, propertyKey, quote } from './document.js';
import type { RenderedItem } from './render-item.js';

/** What a rendered file imports, and who else has a word in how its parts are written. */
export interface Imports {
  /** Imports a name from `aludel`. */
  add(name: string): unknown;
  /** The source of a part; `undefined`: it is written as usual. */
  readonly renderItem?: (item: RenderedItem) => string | undefined;
}

const METHODS: { readonly [K in BinaryOperator]?: string } = {
  '=': 'eq',
  '<>': 'ne',
  '<': 'lt',
  '<=': 'lte',
  '>': 'gt',
  '>=': 'gte',
  LIKE: 'like',
};

/** TypeScript source of an `Expr` that stands for the expression. */
export function renderExpr(expression: Expression, imports: Imports): string {
  const render = (inner: Expression): string => renderExpr(inner, imports);
  const value = (inner: Expression): string => (inner.kind === 'literal' ? renderValue(inner.value) : render(inner));
  const template = (text: string): string => {
    imports.add('sql');
    return `sql\`${text}\``;
  };
  switch (expression.kind) {
    case 'verbatim':
      return expression.source === undefined ? template(escapeTemplate(expression.text)) : render(expression.source);
    case 'sql': {
      const parts = expression.parts.map((part) =>
        typeof part === 'string' ? escapeTemplate(part) : `\${${value(part)}}`,
      );
      return template(parts.join(''));
    }
    case 'column':
      imports.add('col');
      return `col(${quote(expression.name)})`;
    case 'now':
      imports.add('fn');
      return 'fn.now()';
    case 'call':
      imports.add('fn');
      return `fn.call(${[quote(expression.name), ...expression.args.map(value)].join(', ')})`;
    case 'literal':
    case 'bytes':
      return template(`\${${expression.kind === 'bytes' ? bytes(expression.hex) : renderValue(expression.value)}}`);
    case 'number':
      return template(expression.text);
    case 'binary': {
      const method = METHODS[expression.operator];
      if (method !== undefined) return `${render(expression.left)}.${method}(${value(expression.right)})`;
      return template(`\${${render(expression.left)}} ${expression.operator} \${${value(expression.right)}}`);
    }
    case 'and':
    case 'or': {
      const [first, ...others] = expression.operands.map(render);
      return `${first ?? ''}.${expression.kind}(${others.join(', ')})`;
    }
    case 'not':
      return `${render(expression.operand)}.not()`;
    case 'isNull':
      return `${render(expression.operand)}.${expression.negated ? 'isNotNull' : 'isNull'}()`;
    case 'portable': {
      imports.add('fn');
      const { name, detail } = expression;
      const [first, ...others] = expression.args;
      const args = [...(first === undefined ? [] : [render(first)]), ...others.map(value)];
      return `fn.${name}(${[...args, ...(detail === null ? [] : [renderData(detail)])].join(', ')})`;
    }
    case 'query':
      return refuseSubquery();
    case 'in': {
      const method = expression.negated ? 'notIn' : 'in';
      return `${render(expression.operand)}.${method}([${expression.values.map(value).join(', ')}])`;
    }
  }
}

/** A default as the value that a person would write, where the column's type takes it; else as an expression. */
export function renderDefault(expression: Expression, type: ColumnType, imports: Imports): string {
  const special = imports.renderItem?.({ type: 'serverDefault', expression, columnType: type });
  if (special !== undefined) return special;
  const known = expression.kind === 'verbatim' && expression.source !== undefined ? expression.source : expression;
  if (known.kind === 'literal' && known.value !== null) {
    const wanted = VALUE_TYPES[type.kind];
    if (type.kind === 'bigint' && Number.isInteger(known.value)) return `${known.value}n`;
    if (wanted === undefined || typeof known.value === wanted) return renderValue(known.value);
  }
  if (known.kind === 'number' && type.kind === 'bigint') return `${known.text}n`;
  return renderExpr(expression, imports);
}

/** The JavaScript types of plain defaults; kinds that are not here take any. */
const VALUE_TYPES: { readonly [K in ColumnType['kind']]?: string } = {
  smallint: 'number',
  integer: 'number',
  bigint: 'bigint',
  real: 'number',
  double: 'number',
  numeric: 'string',
  boolean: 'boolean',
  char: 'string',
  varchar: 'string',
  text: 'string',
  uuid: 'string',
  date: 'string',
  time: 'string',
  timestamp: 'object',
  bytes: 'object',
  enum: 'string',
};

function renderValue(value: string | number | boolean | null): string {
  return typeof value === 'string' ? quote(value) : String(value);
}

/** Plain data as a person would write it. */
function renderData(data: unknown): string {
  if (typeof data === 'string') return quote(data);
  if (typeof data !== 'object' || data === null) return String(data);
  if (Array.isArray(data)) return `[${data.map(renderData).join(', ')}]`;
  return `{ ${Object.entries(data)
    .map(([key, each]) => `${propertyKey(key)}: ${renderData(each)}`)
    .join(', ')} }`;
}

function bytes(hex: string): string {
  return `Buffer.from('${hex}', 'hex')`;
}

/**
 * An expression as a node of Kysely's tree, so that `sql`, `col` and `fn` can stand wherever its query builder takes an
 * expression. The nodes are plain data, and Kysely knows them by their shape.
 * https://kysely-org.github.io/kysely-apidoc/interfaces/OperationNode.html
 */
import { AludelError } from '../../errors.js';
import { type Expression, refuseSubquery } from './expression.js';

export interface RawNode {
  readonly kind: 'RawNode';
  /** One more than there are parameters. */
  readonly sqlFragments: readonly string[];
  readonly parameters: readonly QueryNode[];
}

type QueryNode =
  | { readonly kind: 'ValueNode'; readonly value: unknown }
  | { readonly kind: 'ReferenceNode'; readonly column: ColumnNode };

interface ColumnNode {
  readonly kind: 'ColumnNode';
  readonly column: { readonly kind: 'IdentifierNode'; readonly name: string };
}

type Part = string | QueryNode;

/** Values become parameters. */
export function toQueryNode(expression: Expression): RawNode {
  const fragments = [''];
  const parameters: QueryNode[] = [];
  for (const part of partsOf(expression)) {
    if (typeof part === 'string') {
      fragments.push(`${fragments.pop() ?? ''}${part}`);
      continue;
    }
    parameters.push(part);
    fragments.push('');
  }
  return { kind: 'RawNode', sqlFragments: fragments, parameters };
}

function partsOf(expression: Expression): readonly Part[] {
  const inBrackets = (inner: Expression): readonly Part[] => ['(', ...partsOf(inner), ')'];
  switch (expression.kind) {
    case 'sql':
      return expression.parts.flatMap((part) => (typeof part === 'string' ? [part] : partsOf(part)));
    case 'verbatim':
    case 'number':
      return [expression.text];
    case 'literal':
      return [expression.value === null ? 'NULL' : { kind: 'ValueNode', value: expression.value }];
    case 'bytes':
      return [{ kind: 'ValueNode', value: Buffer.from(expression.hex, 'hex') }];
    case 'column': {
      const column = { kind: 'IdentifierNode', name: expression.name } as const;
      return [{ kind: 'ReferenceNode', column: { kind: 'ColumnNode', column } }];
    }
    case 'now':
      return ['CURRENT_TIMESTAMP'];
    case 'call':
      return [`${expression.name}(`, ...join(expression.args.map(partsOf), ', '), ')'];
    case 'binary':
      return [...inBrackets(expression.left), ` ${expression.operator} `, ...inBrackets(expression.right)];
    case 'and':
    case 'or':
      return join(expression.operands.map(inBrackets), ` ${expression.kind.toUpperCase()} `);
    case 'not':
      return ['NOT ', ...inBrackets(expression.operand)];
    case 'isNull':
      return [...inBrackets(expression.operand), expression.negated ? ' IS NOT NULL' : ' IS NULL'];
    case 'query':
      return refuseSubquery();
    case 'portable':
      return refusePortable(expression.name);
    case 'in': {
      // An empty list is no SQL; nothing is in it.
      if (expression.values.length === 0) return [expression.negated ? '1 = 1' : '1 = 0'];
      const values = join(expression.values.map(partsOf), ', ');
      return [...inBrackets(expression.operand), expression.negated ? ' NOT IN (' : ' IN (', ...values, ')'];
    }
  }
}

/** Kysely asks for the text before it says for which database. */
function refusePortable(name: string): never {
  throw new AludelError(
    'ALUDEL_USAGE',
    `fn.${name}() has different words on each database, which Kysely does not know.`,
    {
      hint: 'Say it in the words of the database: sql`...`.',
    },
  );
}

function join(lists: readonly (readonly Part[])[], separator: string): readonly Part[] {
  return lists.flatMap((list, i) => (i === 0 ? list : [separator, ...list]));
}

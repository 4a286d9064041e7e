/**
 * Queries as the text of views: with their values written in. Put on the query from here, since what writes queries stands
 * on them.
 */
import { type ExpressionRules, renderExpression } from '../../dialects/render-expression.js';
import { AludelError } from '../../errors.js';
import { Expr } from '../../schema/expressions/expr.js';
import type { Expression } from '../../schema/expressions/expression.js';
import { SqlText, type TextDialect } from '../loading/sql-text.js';
import { renderSelect } from './render-select.js';
import { Select } from './select.js';

declare module './select.js' {
  // The parameters must be those of the class.
  // oxlint-disable-next-line typescript/no-unused-vars
  interface Select<T, F extends Form = Form> {
    /** The text of the whole query, its values written in: what a view holds. */
    writeAlone(rules: ExpressionRules): string;
  }
}

Select.prototype.writeAlone = function writeAlone(rules: ExpressionRules): string {
  const { items, labels } = this.parts;
  const nameless = items.find((item, i) => item instanceof Expr && item.node.kind !== 'column' && !labels[i]);
  if (nameless === undefined) return renderSelect(new PrintedText(rules), this);
  throw new AludelError('ALUDEL_USAGE', 'A column of a view has no name.', {
    hint: 'Name what is no column: select({ total: fn.count() }).',
  });
};

class PrintedText extends SqlText {
  constructor(rules: ExpressionRules) {
    const dialect: TextDialect = {
      name: rules.name,
      rules,
      quoteIdentifier: (name) => rules.quoteIdentifier(name),
      quoteTable: (table) => rules.quoteTable(table),
      placeholder: () => {
        throw new Error('unreachable: the text of a view has no parameters');
      },
      renderExpression: (expression) => renderExpression(expression, rules),
      arrayType: () => undefined,
    };
    super(dialect);
  }

  override expression(expression: Expression, names: Pick<ExpressionRules, 'column' | 'query'> = {}): string {
    return renderExpression(expression, { ...this.dialect.rules, ...names });
  }
}

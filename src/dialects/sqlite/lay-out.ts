import type { Check, Column, ForeignKey, PrimaryKey, Unique } from '../../schema/table.js';
import { printColumn } from './columns.js';
import { constraintName, references } from './constraints.js';
import { render } from './expressions.js';
import { quoteIdentifier } from './sql.js';

/** Hands out, once each, the constraints that may be written into a column. */
export interface ColumnParts {
  primaryKey(): PrimaryKey | undefined;
  unique(): Unique | undefined;
  foreignKey(): ForeignKey | undefined;
  check(name: string | null): Check | undefined;
  /** ` AUTOINCREMENT` or nothing. */
  readonly counter: string;
  /** NOT NULL need not be said. */
  readonly isNeverNull: boolean;
}

/** The definition of a column by the words of its layout; what they leave out that the column has by now comes last. */
export function layOut(column: Column, words: readonly string[], parts: ColumnParts): string {
  const printed = printColumn(column);
  const left = new Set(['collate', 'generated', 'notNull', 'default', 'check'] as const);
  if (parts.isNeverNull && !words.some((word) => word.startsWith('not null'))) left.delete('notNull');
  const print = (part: 'collate' | 'generated' | 'notNull' | 'default' | 'check'): string =>
    left.delete(part) ? printed[part] : '';
  const clauses = words.map((word): string => {
    const [, head = '', conflict = ''] = /^(.*?)( on conflict \w+)?$/.exec(word) ?? [];
    const end = conflict.toUpperCase();
    switch (/^(?:primary key|not null|references|generated|not deferrable|[a-z]+)/.exec(head)?.[0]) {
      case 'primary key': {
        const key = parts.primaryKey();
        if (key === undefined) return '';
        return `${constraintName(key)}${head.toUpperCase()}${end}${parts.counter}`;
      }
      case 'not null': {
        const name = head.slice('not null as '.length);
        const named = name === '' ? '' : `CONSTRAINT ${quoteIdentifier(name)} `;
        return column.nullable ? '' : `${named}${print('notNull')}${end}`;
      }
      case 'null':
        return column.nullable ? `NULL${end}` : '';
      case 'unique': {
        const unique = parts.unique();
        return unique === undefined ? '' : `${constraintName(unique)}UNIQUE${end}`;
      }
      case 'references': {
        const key = parts.foreignKey();
        return key === undefined
          ? ''
          : `${constraintName(key)}${references(key, head.slice('references'.length).trim())}`;
      }
      case 'check': {
        const name = head.slice('check '.length);
        if (name === '' && printed.check !== '' && left.has('check')) return print('check');
        const check = parts.check(name === '' ? null : name);
        return check === undefined ? '' : `${constraintName(check)}CHECK (${render(check.expression)})`;
      }
      case 'default':
        left.delete('default');
        return head === 'default ()' && column.default !== null
          ? `DEFAULT (${render(column.default)})`
          : printed.default;
      case 'generated':
      case 'as': {
        left.delete('generated');
        const { generated } = column;
        if (generated === null) return '';
        const storage = /(stored|virtual)$/.exec(head)?.[0] ?? '';
        const isKept = (storage === 'stored') === generated.stored;
        return isKept ? laidOutGenerated(head, render(generated.expression)) : printed.generated;
      }
      case 'collate':
        return print('collate');
      default:
        return head.toUpperCase();
    }
  });
  const rest = [...left].map((part) => printed[part]);
  return [quoteIdentifier(column.name), printed.type, ...clauses, ...rest].filter((part) => part !== '').join(' ');
}

function laidOutGenerated(head: string, expression: string): string {
  const [, start = '', storage = ''] = /^(.*?)(?: (stored|virtual))?$/.exec(head) ?? [];
  return `${start.toUpperCase()} (${expression})${storage === '' ? '' : ` ${storage.toUpperCase()}`}`;
}

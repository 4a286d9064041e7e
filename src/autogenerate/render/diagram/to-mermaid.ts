import type { Schema } from '../../../schema/table.js';
import { type DiagramColumn, type DiagramReference, makeDiagram } from './diagram.js';

/** https://mermaid.js.org/syntax/entityRelationshipDiagram.html */
export function toMermaid(schema: Schema): string {
  const { tables, references } = makeDiagram(schema);
  const ids = new Map(tables.map(({ key }, i) => [key, /^[A-Za-z_]\w*$/.test(key) ? key : `t${i}["${escape(key)}"]`]));
  const idOf = (key: string): string => (ids.get(key) ?? key).split('[')[0] ?? key;
  const lines = tables.flatMap(({ key, columns }) => [
    `  ${ids.get(key) ?? key} {`,
    ...columns.map((column) => `    ${describe(column)}`),
    '  }',
  ]);
  const edges = references.map(
    (reference) =>
      `  ${idOf(reference.to)} ${arrow(reference)} ${idOf(reference.from)} : "${escape(reference.columns.join(', '))}"`,
  );
  return `${['erDiagram', ...lines, ...edges].join('\n')}\n`;
}

/** Types and names may hold letters, digits, `_`, `-`, `(`, `)`, `[` and `]`. */
function describe({ name, type, isKey, isReference, isUnique, isNullable }: DiagramColumn): string {
  const keys = [isKey ? 'PK' : '', isReference ? 'FK' : '', isUnique ? 'UK' : '']
    .filter((one) => one !== '')
    .join(', ');
  const plain = word(name);
  const remarks = [plain === name ? '' : escape(name), isNullable ? 'null' : ''].filter((one) => one !== '').join(', ');
  return [word(type), plain, keys, remarks === '' ? '' : `"${remarks}"`].filter((one) => one !== '').join(' ');
}

function word(text: string): string {
  const plain = text.replaceAll(/[^\w()[\]-]+/g, '_');
  return /^[A-Za-z_]/.test(plain) ? plain : `_${plain}`;
}

function arrow({ isRequired, isSingle }: DiagramReference): string {
  return `${isRequired ? '||' : '|o'}--${isSingle ? 'o|' : 'o{'}`;
}

function escape(text: string): string {
  return text.replaceAll('"', '#quot;').replaceAll('\n', ' ');
}

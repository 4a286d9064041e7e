import type { RevisionNode } from '../revision.js';

/** A flow chart for Markdown: parents point at children, dependencies with a dotted line. https://mermaid.js.org */
export function toMermaid(nodes: readonly RevisionNode[]): string {
  const names = new Map(nodes.map((node, index) => [node, `r${index}`]));
  const lines = ['flowchart BT'];
  for (const [node, name] of names) {
    const label = [node.id, ...(node.revision.message === null ? [] : [node.revision.message])];
    lines.push(`  ${name}["${label.map(escape).join('<br/>')}"]`);
  }
  for (const [node, name] of names) {
    for (const parent of node.parents) if (names.has(parent)) lines.push(`  ${names.get(parent)} --> ${name}`);
    for (const other of node.dependencies) if (names.has(other)) lines.push(`  ${names.get(other)} -.-> ${name}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Mermaid's own entities, by number: quotes and brackets would end the label. */
function escape(text: string): string {
  return text.replaceAll(/["#<>&[\]{}|`\\;]/gu, (character) => `#${character.codePointAt(0)};`);
}

import type { RevisionNode } from '../revision.js';

/** For Graphviz: parents point at children, dependencies with a dashed line. */
export function toDot(nodes: readonly RevisionNode[]): string {
  const shown = new Set(nodes);
  const lines = ['digraph revisions {', '  rankdir=BT;', '  node [shape=box, fontname="sans-serif"];'];
  for (const { id, revision } of nodes) {
    const label = revision.message === null ? id : `${id}\n${revision.message}`;
    lines.push(`  ${quote(id)} [label=${quote(label)}];`);
  }
  for (const node of nodes) {
    for (const parent of node.parents) if (shown.has(parent)) lines.push(`  ${quote(parent.id)} -> ${quote(node.id)};`);
    for (const other of node.dependencies) {
      if (shown.has(other)) lines.push(`  ${quote(other.id)} -> ${quote(node.id)} [style=dashed];`);
    }
  }
  return `${lines.join('\n')}\n}\n`;
}

/** https://graphviz.org/doc/info/lang.html#ids */
function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

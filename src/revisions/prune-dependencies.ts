import type { RevisionNode } from './revision.js';
import { reach } from './traverse.js';

interface Prunable extends Omit<RevisionNode, 'requires'> {
  requires: readonly RevisionNode[];
}

/**
 * Fills `requires`: the parents, then the dependencies that no versioned ancestor declares already. Only a dependency
 * that several revisions declare can be dropped, so only those cost a walk.
 */
export function pruneDependencies(nodes: readonly Prunable[]): void {
  const declarers = new Map<RevisionNode, Prunable[]>();
  for (const node of nodes) {
    node.requires = node.parents;
    for (const dependency of node.dependencies) {
      const list = declarers.get(dependency);
      if (list === undefined) declarers.set(dependency, [node]);
      else list.push(node);
    }
  }
  const dropped = new Map<RevisionNode, Set<RevisionNode>>();
  for (const [dependency, list] of declarers) {
    if (list.length < 2) continue;
    const implied = reach(
      nodes.length,
      list.flatMap((node) => node.children),
      'children',
    );
    dropped.set(dependency, new Set(list.filter((node) => implied[node.index] === 1)));
  }
  for (const node of nodes) {
    if (node.dependencies.length === 0) continue;
    const kept = node.dependencies.filter(
      (dependency) => dropped.get(dependency)?.has(node) !== true && !node.parents.includes(dependency),
    );
    node.requires = [...node.parents, ...kept];
  }
}

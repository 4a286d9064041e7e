/** A sorted graph: every node after those it needs, except across the edges that had to be left out to break cycles. */
export interface Sorted<T> {
  readonly order: readonly T[];
  /** Edges `[node, needed]` that lie on a cycle and are not respected by `order`. */
  readonly broken: readonly (readonly [T, T])[];
}

/**
 * Depth-first topological sort in time linear in nodes and edges. Nodes come in the order given wherever their needs
 * leave a choice. A node that needs itself breaks nothing.
 */
export function sortTopologically<T>(nodes: readonly T[], needs: (node: T) => Iterable<T>): Sorted<T> {
  const order: T[] = [];
  const broken: [T, T][] = [];
  const state = new Map<T, 'open' | 'done'>();
  for (const root of nodes) {
    if (state.has(root)) continue;
    state.set(root, 'open');
    const stack: [T, Iterator<T>][] = [[root, needs(root)[Symbol.iterator]()]];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const [node, rest] = top;
      const next = rest.next();
      if (next.done === true) {
        state.set(node, 'done');
        order.push(node);
        stack.pop();
        continue;
      }
      const known = state.get(next.value);
      if (known === 'open' && next.value !== node) broken.push([node, next.value]);
      if (known !== undefined) continue;
      state.set(next.value, 'open');
      stack.push([next.value, needs(next.value)[Symbol.iterator]()]);
    }
  }
  return { order, broken };
}

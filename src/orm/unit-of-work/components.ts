/**
 * The strongly connected components of a graph: nodes that need each other are in one. A component comes after those it
 * needs; where the needs leave a choice, in the order of `nodes`. Tarjan's algorithm, without recursion.
 */
export function findComponents<T>(nodes: Iterable<T>, needs: (node: T) => Iterable<T>): T[][] {
  const index = new Map<T, number>();
  const low = new Map<T, number>();
  const open: T[] = [];
  const isOpen = new Set<T>();
  const components: T[][] = [];
  const enter = (node: T): [T, Iterator<T>] => {
    index.set(node, index.size);
    low.set(node, index.size - 1);
    open.push(node);
    isOpen.add(node);
    return [node, needs(node)[Symbol.iterator]()];
  };
  const lower = (node: T, to: number | undefined): void => {
    low.set(node, Math.min(low.get(node) ?? 0, to ?? 0));
  };
  for (const root of nodes) {
    if (index.has(root)) continue;
    const stack = [enter(root)];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const [node, rest] = top;
      const next = rest.next();
      if (next.done !== true) {
        if (!index.has(next.value)) stack.push(enter(next.value));
        else if (isOpen.has(next.value)) lower(node, index.get(next.value));
        continue;
      }
      stack.pop();
      const above = stack.at(-1);
      if (above !== undefined) lower(above[0], low.get(node));
      if (low.get(node) !== index.get(node)) continue;
      const component = open.splice(open.indexOf(node));
      for (const member of component) isOpen.delete(member);
      components.push(component);
    }
  }
  return components;
}

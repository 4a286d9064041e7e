/** Model files that were run without Node's loader, for the loader to give the same exports to whoever imports them later. */

type Exports = Readonly<Record<string, unknown>>;

/** By URL. The loader's hooks are bundled apart from the rest and, on Node 20, run in another thread. */
const KEY = Symbol.for('aludel.evaluatedModels');

export function evaluatedModels(): Map<string, Exports> {
  const holder = globalThis as { [KEY]?: Map<string, Exports> };
  return (holder[KEY] ??= new Map());
}

/** An ES module that exports what the file at `url` exported. */
export function moduleOfEvaluated(url: string, names: readonly string[]): string {
  const from = `globalThis[Symbol.for(${JSON.stringify(KEY.description)})].get(${JSON.stringify(url)})`;
  const lines = names.map((name, i) => `const e${i} = from[${JSON.stringify(name)}]; export { e${i} as ${name} };`);
  return [`const from = ${from};`, ...lines].join('\n');
}

import type { RenderItem } from '../autogenerate/render/render-item.js';
import { callExtension, wrongAnswer } from './call-extension.js';
import type { Extensions } from './load-extensions.js';

/** How the parts of a revision file are written: the first `renderItem` that has a word for it, then the operation's own `render`. */
export function partRenderer({ renderItem, operations, configFile, typesOf }: Extensions): RenderItem {
  return (item, context) => {
    if (item.type === 'operation' && item.operation.kind === 'custom') {
      const types = typesOf.get(item.operation.name);
      if (types !== undefined) context.addTypes(types);
    }
    for (const { source, run } of renderItem) {
      const text: unknown = callExtension(source, configFile, () => run(item, context));
      if (typeof text === 'string') return text;
      if (text !== undefined) throw wrongAnswer(source, configFile, `gave no text for a part of type "${item.type}"`);
    }
    if (item.type !== 'operation' || item.operation.kind !== 'custom') return undefined;
    const { name, args } = item.operation;
    const owned = operations.find(name);
    if (owned === undefined) return undefined;
    const source = `operation "${name}" of plugin "${owned.plugin}"`;
    return callExtension(source, configFile, () => owned.definition.render?.(args, context));
  };
}

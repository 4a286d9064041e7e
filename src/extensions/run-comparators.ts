import type { Operation } from '../operations/operation.js';
import { awaitExtension, wrongAnswer } from './call-extension.js';
import type { CompareContext } from './callbacks.js';
import type { Extensions } from './load-extensions.js';

/** What the plugins find, in the order in which the config lists them. */
export interface FoundOperations {
  /** To go before Aludel's own operations. */
  readonly before: readonly Operation[];
  readonly after: readonly Operation[];
}

/** @throws AludelError ALUDEL_EXTENSION_FAILED where a comparator throws or yields what is no operation. */
export async function runComparators(extensions: Extensions, context: CompareContext): Promise<FoundOperations> {
  const found: { before: Operation[]; after: Operation[] } = { before: [], after: [] };
  const { comparators, configFile, operations } = extensions;
  for (const { source, run } of comparators) {
    if (run.dialects !== undefined && !run.dialects.includes(context.dialect)) continue;
    const yielded = await awaitExtension(source, configFile, async () => {
      const list: unknown[] = [];
      for await (const operation of await run.compare(context)) list.push(operation);
      return list;
    });
    for (const operation of yielded) {
      if (!isOperation(operation)) throw wrongAnswer(source, configFile, 'yielded what is no operation');
      found[run.position ?? 'after'].push(operations.settle(operation));
    }
  }
  return found;
}

/** A kind is all that can be told of data that may come from JavaScript. */
export function isOperation(value: unknown): value is Operation {
  return typeof value === 'object' && value !== null && 'kind' in value && typeof value.kind === 'string';
}

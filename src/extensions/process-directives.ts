import type { Operation } from '../operations/operation.js';
import { reverseAll } from '../operations/reverse.js';
import { awaitExtension, wrongAnswer } from './call-extension.js';
import type { DirectivesContext, RevisionDirectives } from './callbacks.js';
import type { Extensions } from './load-extensions.js';
import { isOperation } from './run-comparators.js';

/**
 * The revision after every `processRevisionDirectives`; `null` where one of them wants none written.
 * @throws AludelError ALUDEL_EXTENSION_FAILED; ALUDEL_IRREVERSIBLE where a new upgrade has no way back and none was given.
 */
export async function processDirectives(
  given: RevisionDirectives,
  context: DirectivesContext,
  { processRevisionDirectives, configFile, operations }: Extensions,
): Promise<RevisionDirectives | null> {
  let directives = given;
  for (const { source, run } of processRevisionDirectives) {
    const before = directives;
    const answer: unknown = await awaitExtension(source, configFile, () => run(before, context));
    if (answer === null) return null;
    if (answer === undefined) continue;
    if (!isDirectives(answer))
      throw wrongAnswer(source, configFile, 'gave no revision: id, message, upgrade and downgrade');
    const settle = (list: readonly Operation[]): readonly Operation[] => list.map((item) => operations.settle(item));
    const upgrade = settle(answer.upgrade);
    const isAsBefore = answer.downgrade === before.downgrade;
    directives = {
      id: answer.id,
      message: answer.message,
      upgrade,
      downgrade: isAsBefore && answer.upgrade !== before.upgrade ? reverseAll(upgrade) : settle(answer.downgrade),
    };
  }
  return directives;
}

function isDirectives(value: unknown): value is RevisionDirectives {
  if (typeof value !== 'object' || value === null) return false;
  const { id, message, upgrade, downgrade } = value as Readonly<Record<string, unknown>>;
  const isList = (list: unknown): boolean => Array.isArray(list) && list.every(isOperation);
  return typeof id === 'string' && typeof message === 'string' && isList(upgrade) && isList(downgrade);
}

import type { Operation, OperationKind, OperationOf } from '../operations/operation.js';
import type { RevisionDirectives } from './callbacks.js';

/** What becomes of an operation: another one, several, none for `null` or an empty list. */
export type Rewritten = Operation | readonly Operation[] | null;

interface Rule {
  readonly kind: OperationKind;
  readonly rewrite: (operation: Operation) => Rewritten;
}

/**
 * Changes operations on their way into a revision file, kind by kind: `processRevisionDirectives: rewriter`. The rules
 * run in the order in which they were given, each on what those before it left.
 * @example const rewriter = new Rewriter().rewrites('dropTable', () => null);
 * @see https://alembic.sqlalchemy.org/en/latest/api/autogenerate.html#fine-grained-autogenerate-generation-with-rewriters
 */
export class Rewriter {
  readonly #rules: Rule[] = [];

  /** Adds a rule. */
  rewrites<K extends OperationKind>(kind: K, rewrite: (operation: OperationOf<K>) => Rewritten): this {
    this.#rules.push({ kind, rewrite: (operation) => rewrite(operation as OperationOf<K>) });
    return this;
  }

  /** A new rewriter that does what this one does, and then what the other one does. */
  chain(other: Rewriter): Rewriter {
    const both = new Rewriter();
    both.#rules.push(...this.#rules, ...other.#rules);
    return both;
  }

  /** The operations after all rules. */
  rewrite(operations: readonly Operation[]): readonly Operation[] {
    return this.#rules.reduce<readonly Operation[]>(
      (list, { kind, rewrite }) =>
        list.flatMap((operation) => (operation.kind === kind ? (rewrite(operation) ?? []) : [operation])),
      operations,
    );
  }

  /** Rewrites a revision that is about to be written; its downgrade is made anew from the result. */
  process(directives: RevisionDirectives): RevisionDirectives {
    return { ...directives, upgrade: this.rewrite(directives.upgrade) };
  }
}

/** Conditions that hold for all rows of a model in a session: soft deletes, tenants. */
import { type Condition, givenConditions } from '../../schema/expressions/conditions.js';
import type { Expr } from '../../schema/expressions/expr.js';
import type { TableDefinition } from '../../schema/metadata.js';
import type { CriteriaOptions, RowCriteria } from '../loading/row-criteria.js';
import { isOrExtends } from '../mapping/lineage.js';
import type { Mapper } from '../mapping/mapper.js';
import type { Active } from '../session/transaction.js';
import { Alias, definitionOf, type ModelOf } from './alias.js';

export interface Criteria {
  readonly kind: 'criteria';
  readonly name: string | undefined;
  readonly definition: TableDefinition;
  /** The condition on the columns of a table: those of the model, or of an alias. */
  readonly conditionOn: (alias: Alias<unknown> | undefined) => Condition;
}

/** A query that does without some criteria. */
export interface CriteriaSkip {
  readonly kind: 'skip';
  /** All, where none is named. */
  readonly names: readonly string[];
}

/**
 * A condition that every row of a model must meet to be seen: as an option of `sessionMaker` or of a session by all that
 * it reads (queries, joins, `any()`, loaders, `load()`, `get()`), as an option of a query by that query. Flushes see every row.
 * It holds for the models that extend this one too. A name lets `skipCriteria()` take it back.
 * @example sessionMaker(engine, { criteria: [criteria(Ticket, (t) => t.deletedAt.isNull(), 'softDelete')] })
 */
export function criteria<C>(
  model: ModelOf<unknown> & { readonly c: C },
  condition: (columns: C) => Condition,
  name?: string,
): Criteria {
  return {
    kind: 'criteria',
    name,
    definition: definitionOf(model),
    conditionOn: (alias) => condition((alias === undefined ? model.c : alias.c) as C),
  };
}

/**
 * Lets a query see what the criteria of these names hide, or all criteria.
 * @example session.all(select(Ticket).options(skipCriteria('softDelete')))
 */
export function skipCriteria(...names: readonly string[]): CriteriaSkip {
  return { kind: 'skip', names };
}

/** With what the options of a query say of criteria. */
export function withCriteria(active: Active, options: CriteriaOptions): Active {
  if (!options.some(isOfCriteria)) return active;
  return { ...active, criteria: (active.criteria ?? new CriteriaSet([])).with(options) };
}

export function isOfCriteria({ kind }: CriteriaOptions[number]): boolean {
  return kind === 'criteria' || kind === 'skip';
}

/** The criteria of a session or of one query in it. */
export class CriteriaSet implements RowCriteria {
  readonly #all: readonly Criteria[];

  constructor(all: readonly Criteria[]) {
    this.#all = all;
  }

  get isEmpty(): boolean {
    return this.#all.length === 0;
  }

  of(mapper: Mapper, table: object): readonly Expr<boolean | null>[] {
    const alias = table instanceof Alias ? table : undefined;
    return this.#all
      .filter(({ definition }) => isOrExtends(mapper.definition, definition))
      .flatMap(({ conditionOn }) => givenConditions([conditionOn(alias)]));
  }

  with(options: CriteriaOptions): CriteriaSet {
    const skips = options.filter((option): option is CriteriaSkip => option.kind === 'skip');
    const added = options.filter((option): option is Criteria => option.kind === 'criteria');
    if (skips.length + added.length === 0) return this;
    const isSkipped = ({ name }: Criteria): boolean =>
      skips.some(({ names }) => names.length === 0 || (name !== undefined && names.includes(name)));
    return new CriteriaSet([...this.#all.filter((each) => !isSkipped(each)), ...added]);
  }
}

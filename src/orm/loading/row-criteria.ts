import type { Expr } from '../../schema/expressions/expr.js';
import type { Mapper } from '../mapping/mapper.js';

/** Options of a query as far as criteria look at them. */
export type CriteriaOptions = readonly { readonly kind: string }[];

/** Conditions on all rows of some models. */
export interface RowCriteria {
  /** Those for the rows of a model. `table` is the definition or the alias under which the statement knows it. */
  of(mapper: Mapper, table: object): readonly Expr<boolean | null>[];
  /** These with what the options of a query say. */
  with(options: CriteriaOptions): RowCriteria;
}

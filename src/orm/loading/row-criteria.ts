import type { Expr } from '../../schema/expressions/expr.js';
import type { Mapper } from '../mapping/mapper.js';

/** Conditions on all rows of some models: soft deletes, tenants. */
export interface RowCriteria {
  /** Those for the rows of a model. `table` is the definition or the alias under which the statement knows it. */
  of(mapper: Mapper, table: object): readonly Expr<boolean | null>[];
}

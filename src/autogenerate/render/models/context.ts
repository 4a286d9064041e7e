import type { Dialect } from '../../../dialects/dialect.js';
import type { NamingConvention } from '../../../schema/naming.js';
import type { EnumType } from '../../../schema/table.js';
import type { ModelPlan } from './model-plan.js';

/** What the renderers of one file share. */
export interface ModelContext {
  readonly dialect: Dialect['name'];
  /** Primary keys have names. */
  readonly keysHaveNames: boolean;
  readonly naming: NamingConvention;
  /** The constants of enum types that several columns are of, by `tableKey`. */
  readonly enums: ReadonlyMap<string, { readonly name: string; readonly type: EnumType }>;
  /** Models by `tableKey`. */
  readonly plans: ReadonlyMap<string, ModelPlan>;
  /** What the file takes from `aludel`. */
  readonly imports: Set<string>;
  /** What the file takes from other files of ours. */
  readonly used: Set<string>;
  /** Sentences on what models cannot say. */
  readonly leftOut: string[];
}

/** Characters of a line, as formatters have them. */
export const MODEL_WIDTH = 120;

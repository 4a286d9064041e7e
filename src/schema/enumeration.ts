import { checkOptions, type KnownOptions } from '../util/known-options.js';
import { parseTableName, type TableReference } from './table-name.js';
import type { EnumType } from './table.js';

export interface EnumerationOptions {
  /** The comment of the type (PostgreSQL). */
  readonly comment?: string;
}

const OPTIONS: KnownOptions<EnumerationOptions> = { comment: true };

/** An enum type that is declared apart from its columns. */
export function buildEnum(name: TableReference, values: readonly string[], options: EnumerationOptions): EnumType {
  const { comment } = checkOptions('enumeration', options, OPTIONS);
  return { ...parseTableName(name), values: [...values], ...(comment === undefined ? {} : { comment }) };
}

import type { MetaData } from 'aludel';
import type { DialectName } from '../servers/test-dialects.js';

/** Two states of the models, and what must be true of the way between them. */
export interface SchemaCase {
  readonly name: string;
  readonly from: (metadata: MetaData) => void;
  readonly to: (metadata: MetaData) => void;
  /** Answers about renames. Without them every drop is meant. */
  readonly renames?: readonly string[];
  /** Inserted after `from`. Names in double quotes; they are put in backticks for MySQL and MariaDB. */
  readonly rows?: readonly string[];
  /** Run after the upgrade to `to`: what an application would do there. */
  readonly afterwards?: readonly string[];
  /** `table.column`: values that change by what the case is about. */
  readonly changedValues?: readonly string[];
  /** The bodies of a revision written by hand; without it autogenerate writes the revision from `from` to `to`. */
  readonly byHand?: { readonly upgrade: string; readonly downgrade: string };
  /** Databases that remember how they got to `to`, in words. */
  readonly dumpDiffersOn?: { readonly [K in DialectName]?: string };
  /** Databases that remember on the way back that they were at `to`, in words. They are in step with `from` all the same. */
  readonly returnDiffersOn?: { readonly [K in DialectName]?: string };
  /** Databases on which the two states are the same. */
  readonly sameOn?: readonly DialectName[];
  /** For generated cases: the two states may be the same. */
  readonly maySayNothing?: true;
  /** The first major of PostgreSQL that has what the case is about. */
  readonly sincePostgres?: number;
  /** Databases that lack what the case is about: the reason, and the code of the error when there is one to be had. */
  readonly except?: { readonly [K in DialectName]?: Exception };
}

export interface Exception {
  readonly reason: string;
  /** Error of `revision --autogenerate` for `from`; without a code the case is not run. */
  readonly code?: string;
}

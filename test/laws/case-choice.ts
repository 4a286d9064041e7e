/** What fast-check chooses for a pair of states of models: data, so that it can be shrunk. */
import type { DialectName } from '../servers/test-dialects.js';
import type { FamilyName } from './column-families.js';

/** In which of the two states something is. */
export type Presence = 'both' | 'from' | 'to';
export type Side = 'from' | 'to';
/** One choice for each state. */
export type Sides<T> = { readonly [K in Side]: T };

export interface ColumnChoice {
  readonly presence: Presence;
  readonly family: FamilyName;
  readonly sides: Sides<{
    /** Which type of the family. */
    readonly type: number;
    readonly nullable: boolean;
    readonly hasDefault: boolean;
    readonly collated: boolean;
    readonly comment: string | null;
    readonly unique: boolean;
    readonly index: boolean;
  }>;
}

export interface TableChoice {
  readonly presence: Presence;
  readonly key: Sides<'auto' | 'plain' | 'autoincrement' | 'identity'>;
  /** The primary key of the table that no foreign key refers to. */
  readonly looseKey: Sides<readonly string[] | null>;
  readonly comment: Sides<string | null>;
  readonly columns: readonly (ColumnChoice | null)[];
  readonly generated: {
    readonly presence: Presence;
    readonly sides: Sides<{ readonly expression: 'n * 2' | 'n + 1'; readonly virtual: boolean }>;
  } | null;
  readonly reference: Sides<ReferenceChoice | null>;
  readonly uniques: Sides<readonly UniqueChoice[]>;
  readonly checks: Sides<readonly CheckChoice[]>;
  readonly indexes: Sides<readonly IndexChoice[]>;
  readonly exclusion: Sides<boolean>;
  /** MySQL and MariaDB: whether `SELECT *` leaves out the column `a`. */
  readonly hidden: Sides<boolean>;
}

export interface ReferenceChoice {
  readonly target: 'p' | 'q';
  readonly onDelete: 'no action' | 'restrict' | 'cascade' | 'set null';
  readonly onUpdate: 'no action' | 'cascade';
  readonly deferrable: 'immediate' | 'deferred' | null;
  readonly comment: boolean;
}

export interface UniqueChoice {
  readonly name: string;
  readonly columns: readonly string[];
  readonly deferrable: 'immediate' | 'deferred' | null;
  readonly comment: boolean;
}

export interface CheckChoice {
  readonly name: string;
  readonly expression: 'n > 0' | 'n < 1000' | 'n <> 500';
  readonly notValid: boolean;
  readonly comment: boolean;
}

export interface IndexChoice {
  readonly name: string;
  readonly columns: readonly string[];
  readonly unique: boolean;
  readonly descending: boolean;
  readonly partial: boolean;
  readonly expression: boolean;
  readonly comment: boolean;
  readonly storage: boolean;
  readonly include: boolean;
}

export interface SequenceChoice {
  readonly name: string;
  readonly increment: number;
  readonly max: number | null;
  readonly cycle: boolean;
  readonly owned: boolean;
}

export interface CaseChoice {
  readonly dialect: DialectName;
  /** `p`, `q` and `r`. */
  readonly tables: readonly [TableChoice, TableChoice, TableChoice];
  /** Values of the enum: `v1` and `v2` are in both states, and in rows. */
  readonly values: Sides<readonly string[]>;
  /** PostgreSQL: whether `r` is `app.r`. */
  readonly namespaced: Sides<boolean>;
  readonly sequences: Sides<readonly SequenceChoice[]>;
  /** Which definition of each of `CASE_OBJECTS`; `null`: not there. */
  readonly objects: Sides<readonly (number | null)[]>;
}

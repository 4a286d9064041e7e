import { formatTableName } from '../schema/table-name.js';
import { tableOf } from '../operations/operation.js';
import type { CheckReport } from './check.js';

/** One thing that a check found, as the formats for other programs know it. */
export interface Finding {
  readonly rule: Rule;
  readonly message: string;
  /** Makes the command end with 3. */
  readonly isFailure: boolean;
  /** With its namespace, where it has one; null for what concerns no single table. */
  readonly table: string | null;
  /** An absolute path. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

export type Rule = keyof typeof RULES;

export const RULES = {
  'pending-operation': 'The models and the database differ.',
  'edited-revision': 'The file of an applied revision has changed since.',
  'redundant-index': 'An index repeats the beginning of a primary or unique key.',
  'foreign-key-without-index': 'No index begins with the columns of a foreign key.',
} as const;

/** Everything that a check found, in the order of its report; `strict` makes all of it failures. */
export function findingsOf(report: CheckReport, strict: boolean): Finding[] {
  const places = new Map(report.places.map((place) => [place.table, place]));
  const at = (table: string | null): Pick<Finding, 'table' | 'file' | 'line'> => {
    const { file, line } = places.get(table ?? '') ?? { file: report.config, line: 1 };
    return { table, file, line };
  };
  return [
    ...report.operations.map((operation, i): Finding => {
      const name = tableOf(operation);
      const message = `Pending: ${report.descriptions[i] ?? operation.kind}.`;
      return { rule: 'pending-operation', message, isFailure: true, ...at(name && formatTableName(name)) };
    }),
    ...report.edited.map(({ revision, file }): Finding => {
      const message = `Revision "${revision}" has changed since it was applied.`;
      return { rule: 'edited-revision', message, isFailure: strict, table: null, file, line: 1 };
    }),
    ...report.warnings.map(({ rule, message, table }): Finding => ({
      rule,
      message,
      isFailure: strict,
      ...at(table),
    })),
  ];
}

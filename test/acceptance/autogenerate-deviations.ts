import type { AutogenerateCase } from './autogenerate-cases.js';

interface Rule {
  readonly name: string;
  /** The case itself, or every line in which the two answers differ. */
  readonly fits: (one: AutogenerateCase, differences: readonly string[]) => boolean;
}

const every =
  (...patterns: readonly RegExp[]) =>
  (_one: AutogenerateCase, differences: readonly string[]): boolean =>
    differences.every((line) => patterns.some((pattern) => pattern.test(line)));

const titled =
  (pattern: RegExp) =>
  ({ title }: AutogenerateCase): boolean =>
    pattern.test(title);

/** What the form of the cases does not hold: the answer cannot be found from it by anybody. */
const NOT_RECORDED: readonly Rule[] = [
  {
    name: 'not recorded: a filter, a callback, a plugin or the name of the version table',
    fits: titled(/via exclusion|version table|custom compare type|alt schema included|default schema omitted/),
  },
  {
    name: 'not recorded: a check of the model or of the database',
    fits: (one, differences) =>
      every(/createCheckConstraint|dropConstraint \S+ check/)(one, differences) &&
      one.model.every((table) =>
        differences.every((line) => !checkNames(table.checks).some((name) => line.includes(name))),
      ),
  },
  {
    name: 'not recorded: NULLS NOT DISTINCT of an index of the database',
    fits: titled(/index-nulls_not_distinct=True/),
  },
  { name: 'not recorded: a limit of names that the test lowers', fits: (one) => one.maxIdentifierLength !== undefined },
];

/** What Aludel does otherwise on purpose; docs/alembic-parity.md says why. */
const ON_PURPOSE: readonly Rule[] = [
  {
    name: 'check-expressions',
    fits: (one, differences) =>
      one.options.includeSchemas !== true && every(/Check|dropConstraint \S+ check/)(one, differences),
  },
  {
    name: 'check-expressions and server-defaults',
    fits: every(/createCheckConstraint|dropConstraint \S+ check/, /\+ alterColumn \S+ \(serverDefault\)/),
  },
  {
    name: 'sqlite-expression-indexes',
    fits: (one, differences) =>
      one.dialect === 'sqlite' && titled(/expression indexes/)(one) && every(/\+ createIndex/)(one, differences),
  },
  { name: 'index-options', fits: titled(/covering index|expression indexes (?:no change|warn operator)/) },
  { name: 'models-are-checked', fits: every(/refuses the model of/) },
  { name: 'primary-keys', fits: titled(/autoincrement compositepk explicit true/) },
  { name: 'generated-columns', fits: titled(/^cant change computed warning/) },
  { name: 'collations', fits: every(/^\+ alterColumn \S+ \(\)$/) },
  { name: 'identity-null', fits: titled(/remove identity|add identity|change identity/) },
  { name: 'unnamed-constraints', fits: titled(/unnamed cols changed/) },
  { name: 'tables-take-their-uniques', fits: titled(/drop table w uq constraint/) },
  { name: 'index-named-as-column', fits: titled(/removed idx index named as column/) },
];

function checkNames(checks: AutogenerateCase['model'][number]['checks']): string[] {
  return (checks ?? []).flatMap(({ name }) => name ?? []);
}

/** The rule by which Aludel answers otherwise than Alembic. */
export function deviationOf(one: AutogenerateCase, differences: readonly string[]): string | undefined {
  return [...NOT_RECORDED, ...ON_PURPOSE].find(({ fits }) => fits(one, differences))?.name;
}

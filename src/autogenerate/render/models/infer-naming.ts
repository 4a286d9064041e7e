/** Which patterns the names of a database follow, so that few have to be written down. */
import {
  conventionalName,
  DEFAULT_NAMING,
  type NamedKind,
  type NameParts,
  type NamingConvention,
} from '../../../schema/naming.js';
import type { Schema, Table } from '../../../schema/table.js';

/** The defaults of Aludel first, then those of databases and of other tools. */
const CANDIDATES: Readonly<Record<Exclude<NamedKind, 'check'>, readonly string[]>> = {
  primaryKey: ['pk_{table}', '{table}_pkey', 'PK_{table}', '{table}_pk'],
  unique: [
    'uq_{table}_{columns}',
    '{table}_{columns}_key',
    '{table}_{columns}_unique',
    '{table}_{columns}_uniq',
    'unique_{table}_{columns}',
    '{column0}',
  ],
  foreignKey: [
    'fk_{table}_{columns}_{referredTable}',
    '{table}_{columns}_fkey',
    '{table}_{columns}_foreign',
    'fk_{table}_{columns}',
    'fk_{table}_{referredTable}',
    'FK_{table}_{referredTable}',
  ],
  index: [
    'ix_{table}_{columns}',
    'idx_{table}_{columns}',
    '{table}_{columns}_idx',
    '{table}_{columns}_index',
    'index_{table}_on_{columns}',
    'idx_{columns}',
    '{table}_{columns}',
    '{column0}',
  ],
};

/** A constraint or index as far as its name goes. */
export interface NamedPart {
  readonly kind: NamedKind;
  readonly name: string | null;
  readonly parts: NameParts;
}

/** The convention under which the fewest names have to be given. */
export function inferNaming(schema: Schema, { keysHaveNames }: { readonly keysHaveNames: boolean }): NamingConvention {
  const found = schema.tables.flatMap(namedParts);
  const ofKind = (kind: NamedKind): NamedPart[] => found.filter((part) => part.kind === kind);
  const isWithoutName = (kind: NamedKind): boolean =>
    ofKind(kind).some(({ name }) => name === null) && (kind !== 'primaryKey' || keysHaveNames);
  const best = <K extends 'index' | 'unique' | 'foreignKey' | 'primaryKey'>(kind: K): string => {
    const count = (template: string): number =>
      ofKind(kind).filter(
        ({ name, parts }) => name === conventionalName({ ...DEFAULT_NAMING, [kind]: template }, kind, parts),
      ).length;
    const counted = CANDIDATES[kind].map((template) => ({ template, count: count(template) }));
    return counted.reduce((one, other) => (other.count > one.count ? other : one)).template;
  };
  const isUsualCheck = ({ name, parts }: NamedPart): boolean => name !== null && checkName(name, parts.table) !== null;
  return {
    index: best('index'),
    unique: isWithoutName('unique') ? null : best('unique'),
    foreignKey: isWithoutName('foreignKey') ? null : best('foreignKey'),
    primaryKey: isWithoutName('primaryKey') ? null : best('primaryKey'),
    check: ofKind('check').every(isUsualCheck) ? DEFAULT_NAMING.check : null,
  };
}

/** What a check is called in a model under the usual convention; `null` where its name does not follow it. */
export function checkName(name: string, table: string): string | null {
  const start = `ck_${table}_`;
  const own = name.startsWith(start) ? name.slice(start.length) : '';
  const parts = { table, columns: [], referredTable: '', name: own };
  return own !== '' && conventionalName(DEFAULT_NAMING, 'check', parts) === name ? own : null;
}

function namedParts(table: Table): NamedPart[] {
  const part = (
    kind: NamedKind,
    { name, columns = [], target }: { name: string | null; columns?: readonly string[]; target?: { name: string } },
  ): NamedPart => ({ kind, name, parts: nameParts(table, columns, target?.name) });
  return [
    ...(table.primaryKey === null ? [] : [part('primaryKey', table.primaryKey)]),
    ...table.uniques.map((unique) => part('unique', unique)),
    ...table.foreignKeys.map((key) => part('foreignKey', key)),
    ...table.checks.map(({ name }) => part('check', { name })),
    ...table.indexes.map(({ name, parts }) =>
      part('index', {
        name,
        columns: parts.map(({ expression }) => (expression.kind === 'column' ? expression.name : 'expression')),
      }),
    ),
  ];
}

export function nameParts(table: { readonly name: string }, columns: readonly string[], referredTable = ''): NameParts {
  return { table: table.name, columns, referredTable, name: '' };
}

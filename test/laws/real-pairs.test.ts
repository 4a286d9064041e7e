import { MetaData } from 'aludel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareSchemas } from '../../src/autogenerate/compare/compare-schemas.js';
import { mariadb, mysql } from '../../src/dialects/mysql/index.js';
import { postgres } from '../../src/dialects/postgres/index.js';
import { sqlite } from '../../src/dialects/sqlite/index.js';
import { buildSchema } from '../../src/schema/build-schema.js';
import type { Schema } from '../../src/schema/table.js';
import type { DialectName } from '../servers/test-dialects.js';
import { CASE_OBJECTS } from './case-objects.js';
import { countChanges, type Counts } from './count-kinds.js';
import { toCase, randomChoice } from './random-case.js';

const EVERYWHERE = [
  'createTable',
  'dropTable',
  'addColumn',
  'dropColumn',
  'createIndex',
  'dropIndex',
  ...['addConstraint', 'dropConstraint'].flatMap((kind) =>
    ['primaryKey', 'unique', 'foreignKey', 'check'].map((constraint) => `${kind} ${constraint}`),
  ),
  ...['type', 'nullable', 'default', 'generation', 'collation', 'generated'].map((facet) => `alterColumn ${facet}`),
];
const objects = (dialect: DialectName): string[] => {
  const kinds = [...new Set(CASE_OBJECTS[dialect].map(({ kind }) => kind))];
  return kinds.flatMap((kind) => [`createObject ${kind}`, `dropObject ${kind}`]);
};
const COMMENTS = ['setTableComment', 'alterColumn comment'];
const POSTGRES = [
  'createEnum',
  'dropEnum',
  'alterEnum',
  'createSequence',
  'alterSequence',
  'dropSequence',
  'createNamespace',
  'addConstraint exclusion',
  'dropConstraint exclusion',
  'setComment',
  'validateConstraint',
];

describe.each([
  [sqlite, [...EVERYWHERE, ...objects('sqlite')]],
  [postgres, [...EVERYWHERE, ...COMMENTS, ...POSTGRES, ...objects('postgres')]],
  [mariadb, [...EVERYWHERE, ...COMMENTS, ...objects('mariadb')]],
  [mysql, [...EVERYWHERE, ...COMMENTS, ...objects('mysql')]],
] as const)('generated pairs for $name', (dialect, expected) => {
  const schemaOf = (declare: (metadata: MetaData) => void): Schema => {
    const metadata = new MetaData();
    declare(metadata);
    return dialect.normalise(buildSchema([metadata]), dialect.assumedServer);
  };

  it('hold every kind of change that rows must live through', () => {
    const counts: Counts = new Map();
    for (const choice of fc.sample(randomChoice(dialect.name), { numRuns: 300, seed: 1 })) {
      const { from, to } = toCase(choice);
      countChanges(compareSchemas(schemaOf(from), schemaOf(to), dialect.capabilities), counts);
    }
    expect(expected.filter((kind) => (counts.get(kind) ?? 0) < 20).map((kind) => [kind, counts.get(kind)])).toEqual([]);
  });
});

import { KINDS } from './random-objects.js';

/** What 300 pairs of generated schemas must hold twenty times each: a kind that is built and missing here is no proof. */

const changesOf = (kinds: readonly string[]): string[] => [
  'createObject',
  'dropObject',
  ...kinds.flatMap((kind) => [`createObject ${kind}`, `dropObject ${kind}`]),
];

/** Objects, and what they can say, in the schemas of every database. */
export const OBJECTS: readonly string[] = [
  'check',
  'column',
  'column autoincrement',
  'column collation',
  'column comment',
  'column default',
  'column generated stored',
  'column generated virtual',
  'column identity',
  'column nullable',
  'column of type bigint',
  'column of type boolean',
  'column of type bytes',
  'column of type char',
  'column of type custom',
  'column of type date',
  'column of type double',
  'column of type enum',
  'column of type integer',
  'column of type json',
  'column of type jsonb',
  'column of type numeric',
  'column of type real',
  'column of type smallint',
  'column of type text',
  'column of type time',
  'column of type timestamp',
  'column of type uuid',
  'column of type varchar',
  'column serial',
  'column srid',
  'foreignKey',
  'foreignKey cascade',
  'foreignKey deferrable',
  'foreignKey no action',
  'foreignKey restrict',
  'foreignKey set default',
  'foreignKey set null',
  'index',
  'index method',
  'index part descending',
  'index part expression',
  'index unique',
  'index where',
  'primaryKey',
  'table',
  'table comment',
  'unique',
];

const STANDS_ALONE: readonly string[] = ['compositeType', 'defaultGrant', 'domain', 'extension', 'rangeType'];
const SAYS_MORE = [
  'domain',
  'eventTrigger',
  'operatorFamily',
  'rule',
  'statistics',
  'textSearchConfiguration',
  'trigger',
];

const ofTable = (option: string): string => `table ${option}`;

/** Those that only PostgreSQL has. */
export const POSTGRES_OBJECTS: readonly string[] = [
  ...KINDS.postgres.flatMap((kind) => [kind, `${kind} comment`]),
  ...[...SAYS_MORE, 'view', 'viewIndex'].map((kind) => `${kind} options`),
  ...KINDS.postgres.filter((kind) => !STANDS_ALONE.includes(kind)).map((kind) => `${kind} on something`),
  ...['clusterOn', 'columnStatistics a', 'forceRowSecurity', 'partitionBy', 'partitionOf', 'replicaIdentity'].map(
    ofTable,
  ),
  ...['rowSecurity', 'storage fillfactor', 'unlogged'].map(ofTable),
  'check comment',
  'check noInherit',
  'check notValid',
  'enum',
  'exclusion',
  'exclusion comment',
  'exclusion deferrable',
  'foreignKey comment',
  'foreignKey match',
  'foreignKey notValid',
  'index comment',
  'index include',
  'index nullsNotDistinct',
  'index part collation',
  'index part nulls',
  'index part opclass',
  'index storage',
  'namespace',
  'primaryKey comment',
  'primaryKey deferrable',
  'primaryKey include',
  'sequence',
  'sequence comment',
  'sequence max',
  'sequence min',
  'sequence ownedBy',
  'unique comment',
  'unique deferrable',
  'unique include',
  'unique nullsNotDistinct',
];

/** Those that only the others have. */
export const OTHER_OBJECTS: readonly string[] = ['column onUpdate', 'index part length'];

export const MYSQL_OBJECTS: readonly string[] = [
  ...KINDS.mysql,
  ...['collation', 'columnInvisible a', 'engine', 'partitionBy', 'rowFormat'].map(ofTable),
];

export const SQLITE_OBJECTS: readonly string[] = [...KINDS.sqlite, ...['strict', 'withoutRowid'].map(ofTable)];

/** Operations between two schemas of every database, columns facet by facet. */
export const CHANGES: readonly string[] = [
  'addColumn',
  'addConstraint',
  'addConstraint check',
  'addConstraint foreignKey',
  'addConstraint primaryKey',
  'addConstraint unique',
  'alterColumn',
  'alterColumn collation',
  'alterColumn comment',
  'alterColumn default',
  'alterColumn generated',
  'alterColumn generation',
  'alterColumn name',
  'alterColumn nullable',
  'alterColumn type',
  'createIndex',
  'createTable',
  'dropColumn',
  'dropConstraint',
  'dropConstraint check',
  'dropConstraint foreignKey',
  'dropConstraint primaryKey',
  'dropConstraint unique',
  'dropIndex',
  'dropTable',
  'renameConstraint',
  'renameIndex',
  'renameTable',
  'setTableComment',
];

const ofOptions = (option: string): string => `setTableOptions ${option}`;

/** Those that only PostgreSQL has. */
export const POSTGRES_CHANGES: readonly string[] = [
  ...changesOf(KINDS.postgres),
  'replaceObject',
  ...KINDS.postgres.map((kind) => `replaceObject ${kind}`),
  'setTableOptions',
  ...['clusterOn', 'columnStatistics a', 'forceRowSecurity', 'partitionOf', 'replicaIdentity'].map(ofOptions),
  ...['rowSecurity', 'storage fillfactor', 'unlogged'].map(ofOptions),
  'addConstraint exclusion',
  'addEnumValue',
  'alterEnum',
  'alterSequence',
  'alterSequence cache',
  'alterSequence comment',
  'alterSequence cycle',
  'alterSequence increment',
  'alterSequence max',
  'alterSequence min',
  'alterSequence ownedBy',
  'alterSequence start',
  'alterSequence type',
  'createEnum',
  'createNamespace',
  'createSequence',
  'dropConstraint exclusion',
  'dropEnum',
  'dropNamespace',
  'dropSequence',
  'setComment',
  'setComment constraint',
  'setComment index',
  'validateConstraint',
];

/** Those that only the others have. */
export const OTHER_CHANGES: readonly string[] = ['alterColumn onUpdate', 'setTableOptions'];

export const MYSQL_CHANGES: readonly string[] = [
  ...changesOf(KINDS.mysql),
  'replaceObject',
  'replaceObject view',
  ...['collation', 'columnInvisible a', 'engine', 'partitionBy', 'rowFormat'].map(ofOptions),
];

export const SQLITE_CHANGES: readonly string[] = [
  ...changesOf(KINDS.sqlite),
  ...['strict', 'withoutRowid'].map(ofOptions),
];

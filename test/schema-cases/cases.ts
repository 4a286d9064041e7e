import { APPLICATION_PERIODS } from './cases/application-periods.js';
import { CONSTRAINTS } from './cases/constraints.js';
import { ENUMS } from './cases/enums.js';
import { FURTHER_OBJECTS } from './cases/further-objects.js';
import { GENERATED } from './cases/generated.js';
import { HEIRS } from './cases/heirs.js';
import { INDEXES } from './cases/indexes.js';
import { KEYS } from './cases/keys.js';
import { MYSQL_OPTIONS } from './cases/mysql-options.js';
import { MYSQL_TABLES } from './cases/mysql-tables.js';
import { NAMES } from './cases/names.js';
import { NAMES_OF_PARTS } from './cases/names-of-parts.js';
import { NAMESPACES } from './cases/namespaces.js';
import { OBJECTS } from './cases/objects.js';
import { PARTITIONS } from './cases/partitions.js';
import { RENAMES } from './cases/renames.js';
import { SWAPPED_TYPES } from './cases/swapped-types.js';
import { SYSTEM_VERSIONING } from './cases/system-versioning.js';
import { TABLES } from './cases/tables.js';
import { TYPED_TABLES } from './cases/typed-tables.js';
import { TYPES } from './cases/types.js';
import type { SchemaCase } from './schema-case.js';

export const CASES: readonly SchemaCase[] = [
  ...TYPES,
  ...KEYS,
  ...GENERATED,
  ...CONSTRAINTS,
  ...INDEXES,
  ...NAMES,
  ...NAMES_OF_PARTS,
  ...ENUMS,
  ...NAMESPACES,
  ...TABLES,
  ...SYSTEM_VERSIONING,
  ...APPLICATION_PERIODS,
  ...MYSQL_OPTIONS,
  ...MYSQL_TABLES,
  ...OBJECTS,
  ...FURTHER_OBJECTS,
  ...PARTITIONS,
  ...HEIRS,
  ...TYPED_TABLES,
  ...RENAMES,
  ...SWAPPED_TYPES,
];

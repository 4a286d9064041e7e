import { CONSTRAINTS } from './cases/constraints.js';
import { GENERATED } from './cases/generated.js';
import { INDEXES } from './cases/indexes.js';
import { KEYS } from './cases/keys.js';
import { TYPES } from './cases/types.js';
import type { SchemaCase } from './schema-case.js';

export const CASES: readonly SchemaCase[] = [...TYPES, ...KEYS, ...GENERATED, ...CONSTRAINTS, ...INDEXES];

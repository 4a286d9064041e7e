import { TYPES } from './cases/types.js';
import type { SchemaCase } from './schema-case.js';

export const CASES: readonly SchemaCase[] = [...TYPES];

import { compareSchemas } from '../../../src/autogenerate/compare/compare-schemas.js';
import { print } from '../../../src/autogenerate/render/document.js';
import { renderOperation } from '../../../src/autogenerate/render/render-operation.js';
import { postgres } from '../../../src/dialects/postgres/index.js';
import type { Operation } from '../../../src/operations/operation.js';
import { buildSchema } from '../../../src/schema/build-schema.js';
import { MetaData } from '../../../src/schema/metadata.js';
import type { Schema } from '../../../src/schema/table.js';

/** The schema that a function declares, in PostgreSQL's terms. */
export function schemaOf(declare: (metadata: MetaData) => void): Schema {
  const metadata = new MetaData();
  declare(metadata);
  return postgres.normalise(buildSchema([metadata]), postgres.assumedServer);
}

export function planOf(from: Schema, to: Schema): Operation[] {
  return compareSchemas(from, to, postgres.capabilities);
}

export function sqlOf(operations: readonly Operation[]): string[] {
  const context = { server: postgres.assumedServer, before: null };
  return operations.flatMap((operation) => postgres.compile(operation, context).map(({ sql }) => sql));
}

/** The calls on `op` that a revision file holds. */
export function callsOf(operations: readonly Operation[]): string[] {
  return operations.map((operation) => print(renderOperation(operation, new Set()), '', ';'));
}

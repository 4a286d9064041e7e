import type { ToolName } from './history-tables.js';
import type { Importer } from './importer.js';

/** The importer of a tool; only that one is loaded. */
export async function loadImporter(tool: ToolName): Promise<Importer> {
  switch (tool) {
    case 'alembic':
      return (await import('./alembic.js')).importer;
    case 'dbmate':
      return (await import('./dbmate.js')).importer;
    case 'drizzle':
      return (await import('./drizzle.js')).importer;
    case 'flyway':
      return (await import('./flyway.js')).importer;
    case 'knex':
      return (await import('./knex.js')).importer;
    case 'kysely':
      return (await import('./kysely.js')).importer;
    case 'node-pg-migrate':
      return (await import('./node-pg-migrate.js')).importer;
    case 'prisma':
      return (await import('./prisma.js')).importer;
    case 'typeorm':
      return (await import('./typeorm.js')).importer;
  }
}

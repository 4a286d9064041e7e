import { defineConfig } from 'aludel';

export default defineConfig({
  // postgresql://, mysql://, mariadb:// or sqlite:
  url: process.env['DATABASE_URL'] ?? 'sqlite:./app.db',
  models: './models/**/*.ts',
  migrations: './migrations',
  // Each revision is one SQL file, with its way back. TypeScript files may lie beside them.
  revisionFormat: 'sql',
});

import { defineConfig } from 'aludel';

export default defineConfig({
  // postgresql://, mysql://, mariadb:// or sqlite:
  url: process.env.DATABASE_URL ?? 'sqlite:./app.db',
  models: './models/**/*.mjs',
  migrations: './migrations',
});

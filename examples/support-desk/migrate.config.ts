import { defineConfig } from 'aludel';

export default defineConfig({
  url: process.env['DATABASE_URL'] ?? 'sqlite:./desk.db',
  models: './src/models.ts',
  migrations: './migrations',
});

import { defineConfig } from 'aludel';

export default defineConfig({
  url: '${DATABASE_URL}',
  models: './models/**/*.ts',
  migrations: './migrations',
});

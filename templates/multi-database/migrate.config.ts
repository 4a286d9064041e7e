import { defineConfig } from 'aludel';

export default defineConfig({
  // What stands here holds for all databases; each says below where it differs.
  databases: {
    main: {
      url: process.env['MAIN_URL'] ?? 'sqlite:./main.db',
      models: './models/main/**/*.ts',
      migrations: './migrations/main',
    },
    analytics: {
      url: process.env['ANALYTICS_URL'] ?? 'sqlite:./analytics.db',
      models: './models/analytics/**/*.ts',
      migrations: './migrations/analytics',
    },
  },
});

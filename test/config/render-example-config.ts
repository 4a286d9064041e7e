import { CONFIG_OPTIONS, type ConfigOption } from '../../src/config/options.js';

/** The source of `migrate.config.example.ts`: every key with its default and what it means. */
export function renderExampleConfig(): string {
  const options: readonly (readonly [string, ConfigOption])[] = Object.entries(CONFIG_OPTIONS);
  const keys = options.map(([key, option]) => {
    const value = option.example ?? renderValue(option.default);
    return [...option.doc.map((line) => `  // ${line}`), `  ${key}: ${value},`].join('\n');
  });
  return `// Every key with its default ("models" has none). Generated from the option table: a test keeps it in step.

import { defineConfig } from 'aludel';

export default defineConfig({
${keys.join('\n\n')}
});
`;
}

/** Text in single quotes, as the formatter would write it; no default holds a quote. */
function renderValue(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : (JSON.stringify(value) ?? 'undefined');
}

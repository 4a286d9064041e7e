import { defineConfig } from 'oxlint';

/**
 * What each folder of src/ may import besides itself, `util/` and `errors.ts`; a folder not listed may import all.
 * `types:x` allows `import type` alone.
 * @type {Record<string, readonly string[]>}
 */
const MAY_IMPORT = {
  'errors.ts': [],
  util: [],
  schema: [],
  operations: ['schema'],
  revisions: [],
  engine: [],
  dialects: ['schema', 'operations', 'types:engine'],
  autogenerate: ['schema', 'operations', 'dialects/dialect.js'],
  extensions: ['schema', 'operations', 'types:engine', 'types:dialects', 'types:autogenerate'],
  lint: ['schema', 'operations', 'dialects/dialect.js'],
  orm: ['schema', 'engine', 'dialects'],
  runtime: ['schema', 'operations', 'revisions', 'engine', 'dialects', 'types:extensions'],
  config: ['types:engine', 'types:extensions', 'types:autogenerate', 'types:schema'],
  import: ['schema', 'types:engine', 'dialects/row.js'],
  commands: [
    'schema',
    'operations',
    'revisions',
    'engine',
    'dialects',
    'autogenerate',
    'lint',
    'orm',
    'runtime',
    'config',
    'extensions',
    'import',
    'connect.js',
  ],
  cli: ['commands', 'config', 'types:extensions'],
};

const FOLDERS = Object.keys(MAY_IMPORT).filter((name) => name !== 'errors.ts' && name !== 'util');
const DIALECTS = ['postgres', 'mysql', 'sqlite'];
const DRIVERS = ['pg', 'mysql2', 'mysql2/promise', 'better-sqlite3'];

/** Packages that only some folders may import. */
const PACKAGES = [
  { names: DRIVERS, folders: ['engine'] },
  { names: ['kysely'], folders: ['engine', 'orm'] },
  { names: ['chalk', 'commander'], folders: ['cli'] },
];

/**
 * The rule for one folder. `inner` adds patterns for a folder below it: of two overrides for one file the last one wins.
 * @param {string} folder
 * @param {readonly Record<string, unknown>[]} [inner]
 * @returns {['error', { paths: { name: string, message: string }[], patterns: Record<string, unknown>[] }]}
 */
function restrictedImports(folder, inner = []) {
  const allowed = MAY_IMPORT[folder] ?? [];
  const seesHelpers = folder !== 'util' && folder !== 'errors.ts';
  const message = `src/${folder} may import ${[...allowed, ...(seesHelpers ? ['util', 'errors.js'] : [])].join(', ') || 'nothing'}`;
  const denied = [...FOLDERS, ...(seesHelpers ? [] : ['util', 'errors.js']), 'index.js', 'connect.js'].filter(
    (name) => name !== folder && !allowed.includes(name),
  );
  const up = folder === 'errors.ts' ? '^\\./' : '^(\\.\\./)+';
  const patterns = denied.map((name) => ({
    ...(allowed.some((entry) => entry.startsWith(`${name}/`))
      ? {
          group: [
            `**/${name}/**`,
            ...allowed.filter((entry) => entry.startsWith(`${name}/`)).map((entry) => `!**/${entry}`),
          ],
        }
      : { regex: `${up}${name.replace('.', '\\.')}${name.endsWith('.js') ? '$' : '/'}` }),
    allowTypeImports: allowed.includes(`types:${name}`),
    message: allowed.includes(`types:${name}`) ? `${message}; of ${name}, types alone.` : `${message}.`,
  }));
  const paths = PACKAGES.filter(({ folders }) => !folders.includes(folder)).flatMap(({ names, folders }) =>
    names.map((name) => ({ name, message: `Only src/${folders.join(' and src/')} may import "${name}".` })),
  );
  return ['error', { paths, patterns: [...patterns, ...inner] }];
}

export default defineConfig({
  plugins: ['typescript', 'import', 'unicorn', 'oxc', 'promise', 'node', 'vitest'],
  categories: { correctness: 'error', suspicious: 'error' },
  env: { node: true, es2024: true },
  ignorePatterns: ['dist', 'fixtures', 'templates', '/docs', '/examples'],
  rules: {
    'import/no-cycle': ['error', { ignoreTypes: false }],
    'typescript/no-explicit-any': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/ban-ts-comment': 'error',
    'typescript/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
    // Sorting a fresh array in place is fine, pg and mysql2 are CommonJS, and the others ask for more words than they save.
    'unicorn/no-array-sort': 'off',
    'unicorn/no-array-reverse': 'off',
    'import/no-named-as-default-member': 'off',
    'eslint/no-unmodified-loop-condition': 'off',
    'promise/always-return': 'off',
    'import/no-unassigned-import': 'off',
    'unicorn/consistent-function-scoping': 'off',
    'eslint/no-new': 'off',
    'vitest/require-to-throw-message': 'off',
    // Properties and tables of cases expect inside helpers and branches, and say which case by the second argument.
    'vitest/expect-expect': 'off',
    'vitest/no-conditional-expect': 'off',
    'vitest/valid-expect': ['error', { maxArgs: 2 }],
  },
  overrides: [
    ...Object.keys(MAY_IMPORT).map((folder) => ({
      files: [folder === 'errors.ts' ? 'src/errors.ts' : `src/${folder}/**`],
      rules: { 'no-restricted-imports': restrictedImports(folder) },
    })),
    ...DIALECTS.map((dialect) => ({
      files: [`src/dialects/${dialect}/**`],
      rules: {
        'no-restricted-imports': restrictedImports('dialects', [
          {
            regex: `^(\\.\\./)+(${DIALECTS.filter((other) => other !== dialect).join('|')})/`,
            message: 'A dialect never imports its sibling.',
          },
        ]),
      },
    })),
    {
      files: ['src/commands/**'],
      rules: {
        'no-restricted-imports': restrictedImports('commands', [
          {
            group: ['**/orm/*/**', '!**/orm/session/**', '!**/orm/mapping/**'],
            message: 'commands see no internals of the ORM.',
          },
        ]),
      },
    },
    {
      files: ['src/**'],
      rules: {
        'no-console': 'error',
        'no-restricted-properties': [
          'error',
          ...['stdout', 'exit', 'exitCode'].map((property) => ({
            object: 'process',
            property,
            message: 'Only src/cli writes to standard output and ends the process.',
          })),
        ],
      },
    },
    { files: ['src/cli/**'], rules: { 'no-restricted-properties': 'off' } },
    {
      files: ['src/orm/**'],
      rules: { 'typescript/no-explicit-any': 'off', 'typescript/no-non-null-assertion': 'off' },
    },
  ],
});

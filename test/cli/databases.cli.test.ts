import { describe, expect, it } from 'vitest';
import { type CliProject, openCliProject, modelFiles, revisionFile } from '../support/cli-project.js';
import type { Files } from '../support/folder.js';

const CONFIG = `import { defineConfig } from 'aludel';

export default defineConfig({
  models: './models/**/*.ts',
  databases: {
    main: { url: 'sqlite:./main.db', migrations: './migrations/main' },
    analytics: { url: 'sqlite:./analytics.db', migrations: './migrations/analytics' },
  },
  environments: {
    test: { databases: { main: { url: 'sqlite:./test.db' } } },
  },
});
`;

const inFolder = (folder: string, files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [name.replace('migrations/', `${folder}/`), text]));

function open(files: Files = {}): Promise<CliProject> {
  return openCliProject({
    'migrate.config.ts': CONFIG,
    ...inFolder(
      'migrations/main',
      revisionFile({ id: 'aaaa1111', upgrade: `op.execute('CREATE TABLE a (id INTEGER)');` }),
    ),
    ...inFolder(
      'migrations/analytics',
      revisionFile({ id: 'bbbb2222', upgrade: `op.execute('CREATE TABLE b (id INTEGER)');` }),
    ),
    ...files,
  });
}

describe('several databases in one config', () => {
  it('each have their revisions and their version', async () => {
    const project = await open();
    const ran = await project.succeed(['upgrade', '-n', 'analytics']);
    expect(ran).toBe(
      'Running upgrade base -> bbbb2222, bbbb2222\nThe database is at bbbb2222.\n' +
        'Next: change the models, then run: npx aludel revision -n analytics --autogenerate -m "..."\n',
    );
    expect(await project.succeed(['current', '--name', 'analytics'])).toBe('bbbb2222 (head), bbbb2222\n');
    expect(await project.succeed(['current', '-n', 'main'])).toBe(
      'The database is at base: no revision is applied.\nNext: npx aludel upgrade -n main head\n',
    );
  });

  it('have to be chosen from, in every command', async () => {
    const project = await open();
    const file = project.path('migrate.config.ts');
    const commands = ['upgrade', 'downgrade base', 'current', 'history', 'heads', 'branches', 'show head', 'graph'];
    const writing = ['revision', 'merge', 'rebase a --onto b', 'edit head', 'stamp head', 'ensure-version', 'check'];
    for (const command of [...commands, ...writing, 'import knex migrations']) {
      const { exitCode, stderr } = await project.run(command.split(' '));
      expect([command, exitCode, stderr]).toEqual([
        command,
        2,
        `Error ALUDEL_USAGE: "${file}" has several databases: "main", "analytics".\n` +
          '  Choose one with "-n main"; "--all" takes all of them where a command has it.\n',
      ]);
    }
  });

  it('are guessed at for a slip of the pen', async () => {
    const { exitCode, stderr } = await (await open()).run(['current', '-n', 'mian']);
    expect([exitCode, stderr]).toEqual([
      2,
      'Error ALUDEL_USAGE: There is no database "mian" (-n).\n  Did you mean "main"? Choose one of: main, analytics.\n',
    ]);
  });
});

describe('--all', () => {
  it('goes through the databases in their order', async () => {
    const project = await open();
    const ran = await project.succeed(['upgrade', '--all']);
    expect(ran.match(/^Database .*|(?<=at )\w+(?=\.$)/gmu)).toEqual([
      'Database main:',
      'aaaa1111',
      'Database analytics:',
      'bbbb2222',
    ]);
    const reports: unknown = JSON.parse(await project.succeed(['current', '--all', '--json']));
    expect(reports).toMatchObject([
      { database: 'main', report: { isAtHead: true, heads: ['aaaa1111'] } },
      { database: 'analytics', report: { isAtHead: true, heads: ['bbbb2222'] } },
    ]);
    expect(await project.succeed(['downgrade', '--all', 'base'])).toContain('aludel upgrade -n analytics head');
  });

  it('writes a revision for each of them', async () => {
    const project = await open(modelFiles());
    await project.succeed(['upgrade', '--all']);
    await project.succeed([
      'revision',
      '--all',
      '--autogenerate',
      '--no-renames',
      '-m',
      'users',
      '--rev-id',
      'cccc3333',
    ]);
    for (const name of ['main', 'analytics']) {
      expect(await project.list(`migrations/${name}`)).toContain('cccc3333_users.ts');
    }
  });

  it('names the database of each script', async () => {
    const sql = await (await open()).succeed(['upgrade', '--all', '--sql']);
    expect(sql.match(/^-- (?:database|upgrade).*/gmu)).toEqual([
      '-- database: main',
      '-- upgrade: base -> aaaa1111',
      '-- database: analytics',
      '-- upgrade: base -> bbbb2222',
    ]);
  });

  it('stops at the first failure, and says what it did not run', async () => {
    const broken = inFolder('migrations/main', revisionFile({ id: 'aaaa1111', upgrade: `op.execute('NONSENSE');` }));
    const project = await open(broken);
    const { exitCode, stderr } = await project.run(['upgrade', '--all']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('Error ALUDEL_REVISION_FAILED');
    expect(stderr).toContain('Not run: analytics.');
    expect(await project.succeed(['current', '-n', 'analytics'])).toContain('The database is at base');
  });

  it('goes on behind a failure with --keep-going, and fails all the same', async () => {
    const broken = inFolder('migrations/main', revisionFile({ id: 'aaaa1111', upgrade: `op.execute('NONSENSE');` }));
    const project = await open(broken);
    const { exitCode, stdout } = await project.run(['upgrade', '--all', '--keep-going', '--json']);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject([
      { database: 'main', error: { code: 'ALUDEL_REVISION_FAILED' } },
      { database: 'analytics', report: { to: ['bbbb2222'] } },
    ]);
  });

  it('exits 3 when a check found something in one of them, and looks at the others', async () => {
    const project = await open(modelFiles());
    await project.succeed(['upgrade', '--all']);
    const { exitCode, stdout } = await project.run(['check', '--all', '--json']);
    expect(exitCode).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject([{ report: { isInStep: false } }, { report: { isInStep: false } }]);
  });

  it.each([[['current', '--all', '-n', 'main']], [['current', '--all', '-c', 'one.config.mjs']]])(
    'is refused where it means nothing: %j',
    async (args) => {
      const project = await open({ 'one.config.mjs': `export default { url: 'sqlite:./one.db' };\n` });
      expect(await project.run(args)).toMatchObject({ exitCode: 2 });
    },
  );
});

describe('an environment', () => {
  it('is chosen with -e or ALUDEL_ENV, and lies over the databases', async () => {
    const project = await open();
    const urlOf = async (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<unknown> => {
      const report: unknown = JSON.parse(await project.succeed(['current', '--json', ...args], { env }));
      return (report as { readonly url: string }).url.replace(`${project.folder}/`, '');
    };
    expect(await urlOf(['-n', 'main'])).toBe('sqlite:main.db');
    expect(await urlOf(['-n', 'main', '-e', 'test'])).toBe('sqlite:test.db');
    expect(await urlOf(['-n', 'main'], { ALUDEL_ENV: 'test' })).toBe('sqlite:test.db');
    expect(await urlOf(['-n', 'analytics', '-e', 'test'])).toBe('sqlite:analytics.db');
  });

  it('that is not in the config stops everything', async () => {
    const { exitCode, stderr } = await (await open()).run(['upgrade', '--all'], { env: { ALUDEL_ENV: 'production' } });
    expect([exitCode, stderr]).toEqual([
      2,
      'Error ALUDEL_USAGE: There is no environment "production" (-e or ALUDEL_ENV).\n  Choose one of: test.\n',
    ]);
  });
});

describe('-x and --tag', () => {
  const files = {
    'migrate.config.ts': `import { defineConfig } from 'aludel';

export default defineConfig(({ x, name, env, tag }) => ({
  url: \`sqlite:./\${[x['file'], name, env, tag].filter((part) => part != null).join('-')}.db\`,
}));
`,
    ...revisionFile({
      id: 'aaaa1111',
      upgrade: `if ('seed' in op.context.x) op.execute(\`CREATE TABLE \${op.context.tag} (\${op.context.x['seed']} INTEGER)\`);`,
    }),
  };

  it('reach a config function', async () => {
    const project = await openCliProject(files);
    await project.succeed(['upgrade', '-x', 'file=a', '-x', 'file=b', '-n', 'n', '-e', 'e', '--tag', 't']);
    expect((await project.list('.')).filter((name) => name.endsWith('.db'))).toEqual(['b-n-e-t.db']);
  });

  it('reach revisions, live and under --sql', async () => {
    const project = await openCliProject(files);
    const args = ['-x', 'file=a', '-x', 'seed=id', '--tag', 'seeds'];
    expect(await project.succeed(['upgrade', '--sql', ...args])).toContain('CREATE TABLE seeds (id INTEGER);');
    expect(await project.succeed(['upgrade', '--dry-run', ...args])).toContain('CREATE TABLE seeds (id INTEGER)');
    expect(await project.succeed(['upgrade', '-v', ...args])).toContain('CREATE TABLE seeds (id INTEGER)');
    expect(await project.succeed(['upgrade', '--sql', '-x', 'file=a', '-x', 'seed', '--tag', 'seeds'])).toContain(
      'CREATE TABLE seeds ( INTEGER);',
    );
  });

  it('must have a key', async () => {
    const project = await openCliProject(files);
    const { exitCode, stderr } = await project.run(['upgrade', '-x', '=1']);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('Write it as key=value.')]);
  });
});

describe('init --template', () => {
  it('multi-database is a project of two databases that can be upgraded', async () => {
    const project = await openCliProject();
    expect(await project.succeed(['init', '--template', 'multi-database'])).toContain(
      'npx aludel revision --all --autogenerate -m "create tables"',
    );
    await project.succeed(['revision', '--all', '--autogenerate', '-m', 'create tables']);
    await project.succeed(['upgrade', '--all']);
    await project.succeed(['check', '--all']);
    await project.succeed(['downgrade', '--all', 'base']);
  });

  it('sql is a project whose revisions are SQL', async () => {
    const project = await openCliProject();
    await project.succeed(['init', '--template', 'sql']);
    await project.succeed(['revision', '--autogenerate', '-m', 'create users', '--rev-id', 'aaaa1111']);
    await project.succeed(['revision', '-m', 'empty', '--rev-id', 'bbbb2222']);
    expect(await project.list('migrations')).toEqual(['aaaa1111_create_users.sql', 'bbbb2222_empty.sql']);
    await project.succeed(['upgrade']);
    await project.succeed(['check']);
    await project.succeed(['squash', ':head', '--delete', '-m', 'all']);
    expect(await project.read('migrations/bbbb2222_all.sql')).toContain('CREATE TABLE "users"');
    await project.succeed(['current', '--strict', '--check-heads']);
    await project.succeed(['downgrade', 'base']);
    await project.succeed(['upgrade']);
    await project.succeed(['check']);
  });
});

import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Target } from '../../src/config/config.js';
import type { MigrationEvent } from '../../src/runtime/environment.js';
import { versionProblem } from '../../src/runtime/run-dump.js';
import { findClient } from '../servers/clients.js';
import { connectTo } from '../support/connect-to.js';
import { dialects } from '../support/databases.js';
import { useProject } from '../support/project.js';

const CLIENTS = { postgres: 'pg_dump', mysql: 'mysqldump', mariadb: 'mariadb-dump' } as const;

describe.each(dialects)('a backup before a run on $name', (dialect) => {
  const project = useProject(dialect);
  let programs: string;

  beforeEach(async () => {
    programs = join(project.folder, 'bin');
    await mkdir(programs);
    await project.write({
      id: 'aaaa',
      upgrade: `op.createTable('users', [column('id', integer())]); op.execute('INSERT INTO users VALUES (7)');`,
    });
    await project.migrator.upgrade();
    await project.write({ id: 'bbbb', down: 'aaaa', upgrade: `op.execute('UPDATE users SET id = 8');` });
  });

  afterEach(async () => {
    vi.unstubAllEnvs();
  });

  const at = async (): Promise<string | undefined> => (await project.migrator.current()).revisions[0]?.revision;
  /** Puts a program on the PATH, before all others. */
  const install = async (name: string, script: string): Promise<void> => {
    await writeFile(join(programs, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(programs, name), 0o755);
    vi.stubEnv('PATH', `${programs}${delimiter}${process.env['PATH'] ?? ''}`);
  };

  test('holds the database as it was, is named, and only its owner can read it', async () => {
    if (dialect.name !== 'sqlite') {
      const command = await findClient(CLIENTS[dialect.name]);
      await install(CLIENTS[dialect.name], `exec ${command.map((part) => `'${part}'`).join(' ')} "$@"`);
    }
    const events: MigrationEvent[] = [];
    const { backup } = await project
      .open({ onEvent: (event) => events.push(event) })
      .upgrade('head', { backup: { to: 'copies' } });
    const { file = '', command = '' } = backup ?? {};
    expect(events[0]).toEqual({ kind: 'backedUp', file, command });
    expect(file).toMatch(/copies\/\w+-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.(?:db|dump|sql)$/);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const { password } = new URL(project.url);
    if (password !== '') expect(command).not.toContain(password);
    if (dialect.name === 'sqlite') {
      const rows = await connectTo(`sqlite:${file}`, (copy) => copy.execute('SELECT id FROM users'));
      expect(rows.rows).toEqual([{ id: 7 }]);
    } else {
      const text = await readFile(file, 'latin1');
      expect(text.startsWith('PGDMP') || /INSERT INTO `users` VALUES\s+\(7\)/.test(text)).toBe(true);
    }
    expect(await at()).toBe('bbbb');
  });

  test('holds each tenant by itself, where each is upgraded', async () => {
    const names = [`${new URL(project.url).pathname.split('/').at(-1)?.replace('.db', '') ?? ''}_a`, 'Tenant "b"'];
    if (dialect.family === 'mysql') names[1] = `${names[0]}b`;
    const quoted = (name: string): string =>
      dialect.family === 'mysql' ? `\`${name}\`` : `"${name.replaceAll('"', '""')}"`;
    const isSchema = dialect.name !== 'sqlite';
    try {
      if (dialect.name !== 'sqlite') {
        for (const name of names) {
          await connectTo(project.url, (one) => one.execute(`CREATE SCHEMA ${quoted(name)}`));
        }
        const command = await findClient(CLIENTS[dialect.name]);
        await install(CLIENTS[dialect.name], `exec ${command.map((part) => `'${part}'`).join(' ')} "$@"`);
      }
      const each = (): Target[] =>
        names.map((name, i) =>
          isSchema ? { schema: name } : { name, url: `sqlite:${join(project.folder, `${i}.db`)}` },
        );
      await project.migrator.upgradeEach('aaaa', { each });
      const { failed, targets } = await project.migrator.upgradeEach('head', { each, backup: { to: 'copies' } });
      expect(failed).toEqual([]);
      const copies = targets.map(({ report }) => report?.backup ?? { file: '', command: '' });
      expect(new Set(copies.map(({ file }) => file)).size).toBe(2);
      for (const [i, { file, command }] of copies.entries()) {
        const name = names[i] ?? '';
        if (dialect.name === 'postgres') expect(command).toContain(`--schema=${quoted(name)}`);
        const text = await readFile(file, 'latin1');
        const other = names[1 - i] ?? '';
        // The dump of a schema names that one, and the copy of a file holds its rows.
        if (dialect.name === 'postgres') expect([text.includes(name), text.includes(other)]).toEqual([true, false]);
        else if (dialect.name !== 'sqlite') expect(text).toMatch(/INSERT INTO `users` VALUES\s+\(7\)/);
        else
          expect((await connectTo(`sqlite:${file}`, (copy) => copy.execute('SELECT id FROM users'))).rows).toEqual([
            { id: 7 },
          ]);
      }
    } finally {
      if (dialect.family === 'mysql') {
        for (const name of names) await connectTo(project.url, (one) => one.execute(`DROP SCHEMA ${quoted(name)}`));
      }
    }
  });

  test('is not made when there is nothing to run', async () => {
    await project.migrator.upgrade();
    expect((await project.migrator.upgrade('head', { backup: { to: 'copies' } })).backup).toBeNull();
    expect(await readdir(project.folder)).not.toContain('copies');
  });

  test('that cannot be made stops the run before anything has run, and leaves no file', async () => {
    const copies = join(project.folder, 'copies');
    if (dialect.name === 'sqlite') {
      await writeFile(copies, 'no folder');
      const run = project.migrator.upgrade('head', { backup: { to: 'copies' } });
      await expect(run).rejects.toMatchObject({ code: 'ALUDEL_BACKUP_FAILED' });
    } else {
      const { password } = new URL(project.url);
      const version = { postgres: '(PostgreSQL) 99.1', mysql: 'Ver 99.1.0', mariadb: 'Distrib 99.1.0-MariaDB' }[
        dialect.name
      ];
      const script = `[ "$1" = --version ] && echo 'dump ${version}' && exit; echo "no: $PGPASSWORD$MYSQL_PWD" >&2; exit 3`;
      await install(CLIENTS[dialect.name], script);
      const run = project.migrator.upgrade('head', { backup: { to: 'copies' } });
      const error = await run.then(
        () => null,
        (reason: unknown) => reason,
      );
      const said = password === '' ? 'no:' : 'no: ***';
      expect(error).toMatchObject({ code: 'ALUDEL_BACKUP_FAILED', message: expect.stringContaining(said) });
      if (password !== '') expect(JSON.stringify(error)).not.toContain(password);
      expect(await readdir(copies)).toEqual([]);
    }
    expect(await at()).toBe('aaaa');
  });

  test.runIf(dialect.name !== 'sqlite')(
    'by a program that is missing or older is refused, with the command',
    async () => {
      if (dialect.name === 'sqlite') return;
      const program = CLIENTS[dialect.name];
      vi.stubEnv('PATH', programs);
      const expected = { code: 'ALUDEL_BACKUP_UNAVAILABLE', hint: expect.stringContaining(`run: ${program} `) };
      const run = (): Promise<unknown> => project.migrator.upgrade('head', { backup: true });
      await expect(run()).rejects.toMatchObject({ ...expected, message: expect.stringContaining('is not installed') });
      const old = { postgres: '(PostgreSQL) 9.6', mysql: 'Ver 5.7.1', mariadb: 'Distrib 10.1.2-MariaDB' }[dialect.name];
      await install(program, `echo 'dump ${old}'`);
      await expect(run()).rejects.toMatchObject({
        ...expected,
        message: expect.stringContaining('older than the server'),
      });
      expect(await at()).toBe('aaaa');
    },
  );

  test.runIf(dialect.name === 'sqlite')('of a database in memory is refused', async () => {
    const run = project.open({ url: 'sqlite::memory:' }).upgrade('head', { backup: true });
    await expect(run).rejects.toMatchObject({ code: 'ALUDEL_BACKUP_UNAVAILABLE' });
  });
});

test('the versions of the programs are read from what they say', () => {
  const server = (dialect: 'postgres' | 'mysql' | 'mariadb', major: number, minor: number) => {
    return { dialect, major, minor, text: `${major}.${minor}` };
  };
  expect(
    versionProblem('pg_dump', 'pg_dump (PostgreSQL) 18.4 (Debian 18.4-1.pgdg12+1)', server('postgres', 18, 6)),
  ).toBeNull();
  expect(versionProblem('pg_dump', 'pg_dump (PostgreSQL) 15.18', server('postgres', 18, 4))).toContain('version 15,');
  const debian = 'mysqldump  Ver 10.19 Distrib 10.11.18-MariaDB, for debian-linux-gnu (x86_64)';
  expect(versionProblem('mariadb-dump', debian, server('mariadb', 10, 11))).toBeNull();
  expect(versionProblem('mariadb-dump', debian, server('mariadb', 11, 4))).toContain('10.11, older');
  expect(versionProblem('mysqldump', debian, server('mysql', 8, 4))).toContain('of MariaDB');
  const eleven = 'mariadb-dump from 11.4.2-MariaDB, client 10.19 for Linux (x86_64)';
  expect(versionProblem('mariadb-dump', eleven, server('mariadb', 11, 4))).toBeNull();
  expect(versionProblem('mysqldump', 'mysqldump  Ver 9.7.0 for Linux on x86_64', server('mysql', 9, 7))).toBeNull();
});

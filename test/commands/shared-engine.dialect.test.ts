import { beforeEach, describe, expect, test } from 'vitest';
import { createEngine } from '../../src/engine/create-engine.js';
import { dialects, useEmptyDatabase } from '../support/databases.js';
import { useProject } from '../support/project.js';

const CREATE = `op.createTable('seats', [column('id', integer(), { nullable: false })]);`;

describe.each(dialects)('a migrator with an engine of the program on $name', (dialect) => {
  const database = useEmptyDatabase(dialect);
  const project = useProject('sqlite:./nowhere/else.db');

  beforeEach(async () => {
    await project.write({ id: 'aaaa', upgrade: CREATE, downgrade: `op.dropTable('seats');` });
  });

  test('runs on it and leaves it open', async () => {
    const engine = createEngine(database.url);
    const migrator = project.open({ engine });
    try {
      expect((await migrator.upgrade()).to).toEqual(['aaaa']);
      expect((await migrator.current()).revisions).toMatchObject([{ revision: 'aaaa' }]);
      const connection = await engine.connect();
      expect((await connection.execute('SELECT * FROM seats')).rows).toEqual([]);
      await connection.close();
      expect((await migrator.downgrade('base')).to).toEqual([]);
    } finally {
      await engine.dispose();
    }
  });

  test.runIf(dialect.name === 'sqlite')('keeps a database in memory', async () => {
    const engine = createEngine('sqlite::memory:');
    try {
      await project.open({ engine }).upgrade();
      expect((await project.open({ engine }).upgrade()).steps).toEqual([]);
    } finally {
      await engine.dispose();
    }
  });
});

import { beforeEach, describe, expect, test } from 'vitest';
import { dialects } from '../support/databases.js';
import { useProject } from '../support/project.js';

describe.each(dialects)('looking at revisions on $name', (dialect) => {
  const project = useProject(dialect);

  beforeEach(async () => {
    await project.write({ id: 'aaaa', upgrade: `op.execute('SELECT 1');` });
    await project.write({ id: 'bbb1', down: 'aaaa' });
    await project.write({ id: 'bbb2', down: 'aaaa', header: `export const dependsOn = ['bbb1'];` });
  });

  test('"current" stands for where the database is', async () => {
    const { migrator } = project;
    await expect(migrator.show('current')).rejects.toMatchObject({
      code: 'ALUDEL_REVISION_NOT_FOUND',
      message: 'The database is at base: no revision is applied.',
    });
    await migrator.upgrade('aaaa');
    expect(await migrator.show('current')).toMatchObject([
      { revision: 'aaaa', down: [], next: ['bbb1', 'bbb2'], requiredBy: [], isBranchPoint: true },
    ]);
    expect(await migrator.current()).toMatchObject({ isAtHead: false, revisions: [{ isCurrent: true }] });
    await migrator.upgrade('heads');
    expect((await migrator.show('current')).map((entry) => entry.revision)).toEqual(['bbb2']);
    expect((await migrator.current()).isAtHead).toBe(true);
  });

  test('the history says which revisions the database is at, when asked', async () => {
    const { migrator } = project;
    await migrator.upgrade('bbb1');
    const marks = async (indicateCurrent: boolean): Promise<unknown> =>
      Object.fromEntries(
        (await migrator.history({ indicateCurrent })).map((entry) => [entry.revision, entry.isCurrent]),
      );
    expect(await marks(true)).toEqual({ aaaa: false, bbb1: true, bbb2: false });
    expect(await marks(false)).toEqual({ aaaa: null, bbb1: null, bbb2: null });
  });
});

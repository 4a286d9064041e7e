import { beforeEach, describe, expect, test } from 'vitest';
import { dialects } from '../support/databases.js';
import { useProject } from '../support/project.js';

/** Months of work: what ends it is the timeout. */
const HEAVY = `CREATE TABLE heavy AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900)
  SELECT COUNT(*) AS c FROM n AS a, n AS b, n AS c, n AS d`;

describe.each(dialects)('statementTimeout on $name', (dialect) => {
  const project = useProject(dialect, { statementTimeout: 300 });
  beforeEach(async () => {
    await project.write({ id: 'aaaa', upgrade: `op.execute(\`${HEAVY}\`);` });
  });
  test.runIf(dialect.name !== 'sqlite')('ends DDL that takes too long, and the revision is not applied', async () => {
    await expect(project.migrator.upgrade()).rejects.toMatchObject({
      code: 'ALUDEL_REVISION_FAILED',
      hint: expect.stringMatching(/"statementTimeout".*Nothing of this revision was applied/s),
    });
    expect((await project.migrator.current()).revisions).toEqual([]);
  });

  test.runIf(dialect.name === 'sqlite')('is refused where nothing can end a statement', async () => {
    await expect(project.migrator.upgrade()).rejects.toMatchObject({
      code: 'ALUDEL_USAGE',
      message: 'SQLite has no option "statementTimeout": its driver cannot interrupt.',
    });
  });
});

import { MetaData } from 'aludel';
import { connectTo } from '../support/connect-to.js';
import type { TestDialect } from '../support/databases.js';
import { executeSql } from '../support/execute-sql.js';
import { createProject, type TestProject } from '../support/project.js';

export type Declare = (metadata: MetaData) => void;

/** A project whose models change: what other tools lost on such a way. */
export interface LossProject {
  readonly project: TestProject;
  /** Autogenerates a revision to these models and runs it; gives its lines. */
  moveTo(declare: Declare): Promise<readonly string[]>;
  execute(...statements: readonly string[]): Promise<void>;
  /** The values of each row in order, as text; `NULL` for none. */
  rows(sql: string): Promise<string[]>;
  remove(): Promise<void>;
}

export async function createLossProject(dialect: TestDialect): Promise<LossProject> {
  let models = new MetaData();
  const project = await createProject(dialect, { models: async () => models });
  let revisions = 0;
  return {
    project,
    moveTo: async (declare) => {
      models = new MetaData();
      declare(models);
      revisions += 1;
      const { descriptions } = await project.migrator.revision({
        autogenerate: true,
        revisionId: `aaa${revisions}`,
      });
      await project.migrator.upgrade();
      return descriptions;
    },
    execute: (...statements) => executeSql(project.url, statements),
    rows: (sql) =>
      connectTo(project.url, async (connection) => {
        const { rows } = await connection.execute(sql);
        return rows.map((row) =>
          Object.values(row)
            .map((value) => (value === null ? 'NULL' : String(value)))
            .join(' '),
        );
      }),
    remove: project.remove,
  };
}

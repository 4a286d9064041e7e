import { expect, test } from 'vitest';
import { mysql } from '../../src/dialects/mysql/index.js';
import { postgres } from '../../src/dialects/postgres/index.js';
import { sqlite } from '../../src/dialects/sqlite/index.js';
import { apply } from '../../src/operations/apply.js';
import type { Operation } from '../../src/operations/operation.js';
import type { Schema } from '../../src/schema/table.js';
import { connectTo } from '../support/connect-to.js';
import { dialects } from '../support/databases.js';
import { describeEach } from '../support/describe-each.js';
import { executeSql } from '../support/execute-sql.js';
import { useProject } from '../support/project.js';

/** Tables in which as much as possible names the column `kind`. */
const TABLES = {
  postgres: [
    `CREATE TABLE t (id integer, kind text STORAGE EXTERNAL COMPRESSION pglz, n integer, "kind x" text,
       upper_kind text GENERATED ALWAYS AS (upper(kind)) STORED, PRIMARY KEY (id) INCLUDE (kind), UNIQUE (n, kind),
       CONSTRAINT ck CHECK (kind <> 'kind'), EXCLUDE USING btree (kind WITH =) WHERE (kind IS NOT NULL))`,
    'ALTER TABLE t ALTER COLUMN kind SET STATISTICS 77, ALTER COLUMN kind SET (n_distinct = 5)',
    "CREATE INDEX ix ON t (n, lower(kind) DESC) INCLUDE (kind) WHERE kind > 'a'",
    'CREATE TABLE other (kind text, n integer, FOREIGN KEY (n, kind) REFERENCES t (n, kind))',
    'CREATE TABLE parts (id integer, kind text) PARTITION BY LIST (kind)',
    "CREATE TABLE part PARTITION OF parts FOR VALUES IN ('kind')",
    'CREATE TABLE heir (more integer) INHERITS (t)',
  ],
  sqlite: [
    `CREATE TABLE t (id INTEGER PRIMARY KEY, kind TEXT COLLATE NOCASE NOT NULL ON CONFLICT IGNORE, n INTEGER,
       g TEXT AS (upper(kind)), UNIQUE (n, kind DESC), UNIQUE (kind), CONSTRAINT ck CHECK (kind <> 'kind'))`,
    "CREATE INDEX ix ON t (n, lower(kind) DESC) WHERE kind > 'a'",
    `CREATE TABLE other (kind TEXT, n INTEGER, FOREIGN KEY (n, kind) REFERENCES t (n, kind) ON UPDATE CASCADE ON DELETE CASCADE
       CHECK (kind <> n))`,
  ],
  mariadb: [
    `CREATE TABLE t (id integer, kind varchar(20) DEFAULT 'kind', n integer, PRIMARY KEY (id, kind), UNIQUE u (n, kind(5)),
       KEY (kind), g varchar(20) AS (upper(kind)) STORED, CONSTRAINT ck CHECK (kind <> 'kind'))`,
    'CREATE TABLE other (kind varchar(20), n integer, o integer, FOREIGN KEY fk (o, kind) REFERENCES t (id, kind))',
  ],
  mysql: [
    `CREATE TABLE t (id integer, kind varchar(20) DEFAULT 'kind', n integer, PRIMARY KEY (id, kind), UNIQUE u (n, kind(5)),
       KEY (kind), KEY f ((lower(n))))`,
    'CREATE TABLE other (kind varchar(20), n integer, o integer, FOREIGN KEY fk (o, kind) REFERENCES t (id, kind))',
  ],
};

const DIALECTS = { postgres, sqlite, mysql, mariadb: mysql };

describeEach(dialects, 'a column that is renamed in memory on $name', (dialect) => {
  const project = useProject(dialect);

  const tables = dialect.name === 'postgres' ? ['t', 'other', 'parts'] : ['t', 'other'];

  test.each(tables)('takes along what names it, as in the database: %s', async (name) => {
    const { compile, reflect } = DIALECTS[dialect.name];
    const table = { namespace: null, name };
    const operation: Operation = {
      kind: 'alterColumn',
      table,
      column: 'kind',
      changes: { name: 'sort' },
      existing: null,
      using: null,
    };
    await executeSql(project.url, TABLES[dialect.name]);
    await connectTo(project.url, async (connection) => {
      const read = () => reflect(connection, { namespaces: [], ignoredTables: [] });
      const before = await read();
      for (const { sql } of compile(operation, { server: connection.server, before })) await connection.execute(sql);
      const after = comparable(await read());
      expect(comparable(apply(before, operation))).toEqual(after);
      expect(comparable(before)).not.toEqual(after);
    });
  });
});

/** What a table stands on is the catalog's business; the text that SQLite keeps, and how it spells a name, are read again. */
function comparable({ tables }: Schema): unknown {
  const isKept = (key: string): boolean => key !== 'source' && key !== 'dependsOn';
  const sorted = tables.map((table) => ({ ...table, options: Object.entries(table.options).toSorted() }));
  return JSON.parse(JSON.stringify(sorted, (key, value: unknown) => (isKept(key) ? value : undefined)));
}

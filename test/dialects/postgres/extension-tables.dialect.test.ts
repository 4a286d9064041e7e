import { expect, test } from 'vitest';
import { reflect } from '../../../src/dialects/postgres/reflect.js';
import { connectTo } from '../../support/connect-to.js';
import { createDatabase, dialects } from '../../support/databases.js';
import { describeEach } from '../../support/describe-each.js';
import { executeSql } from '../../support/execute-sql.js';

// No other database has extensions that own tables.
describeEach(
  dialects.filter(({ name }) => name === 'postgres'),
  'tables of extensions on $name',
  (dialect) => {
    test('are left out, and known to the foreign keys that refer to them', async () => {
      const { url, drop } = await createDatabase(dialect);
      try {
        await executeSql(url, [
          'CREATE TABLE places (id integer PRIMARY KEY, code text UNIQUE)',
          'ALTER EXTENSION plpgsql ADD TABLE places',
          'CREATE TABLE visits (id integer PRIMARY KEY, place text REFERENCES places (code))',
        ]);
        const { tables } = await connectTo(url, (connection) =>
          reflect(connection, { namespaces: [], ignoredTables: [] }),
        );
        expect(tables.map(({ name }) => name)).toEqual(['visits']);
        expect(tables[0]?.foreignKeys).toMatchObject([
          { target: { namespace: null, name: 'places' }, columns: ['place'], targetColumns: ['code'] },
        ]);
      } finally {
        await drop();
      }
    });
  },
);

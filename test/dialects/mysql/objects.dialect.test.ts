import { createConnection } from 'mysql2/promise';
import { expect, test } from 'vitest';
import { reflect } from '../../../src/dialects/mysql/reflect.js';
import { connectTo } from '../../support/connect-to.js';
import { createDatabase, dialects } from '../../support/databases.js';
import { describeEach } from '../../support/describe-each.js';

const servers = dialects.filter(({ family }) => family === 'mysql');

describeEach(servers, 'objects on $name', (dialect) => {
  test('whose bodies were sent together with another statement have no semicolon', async () => {
    const database = await createDatabase(dialect);
    try {
      const client = await createConnection({
        uri: database.url.replace(/^mariadb/, 'mysql'),
        multipleStatements: true,
      });
      await client.query(
        'CREATE TABLE t (id INT); CREATE FUNCTION f() RETURNS INT DETERMINISTIC RETURN 1; CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.id = 1; SELECT 1',
      );
      await client.end();
      const { objects = [] } = await connectTo(database.url, (connection) =>
        reflect(connection, { ignoredTables: [], namespaces: [] }),
      );
      const texts = objects.map(({ definition, source = '' }) => [definition.slice(-8), source.slice(-8)]);
      expect(texts).toEqual([
        ['RETURN 1', ''],
        [`W.id = 1`, 'W.id = 1'],
      ]);
    } finally {
      await database.drop();
    }
  });
});

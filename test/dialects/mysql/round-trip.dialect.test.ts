import { describe, expect, it } from 'vitest';
import { compareSchemas } from '../../../src/autogenerate/compare/compare-schemas.js';
import { reverseAll } from '../../../src/operations/reverse.js';
import { EMPTY_SCHEMA } from '../../../src/schema/table.js';
import { createDatabase, dump, findChanges, run, servers } from './support/database.js';
import { firstModels, secondModels } from './support/models.js';

describe.each(servers)('$name', ({ name, dialect, url }) => {
  const isMariadb = name === 'mariadb';

  it('creates what the models say and finds nothing more to do', async () => {
    const connection = await (await createDatabase(url)).connect();
    const wanted = dialect.normalise(firstModels(isMariadb), connection.server);
    await run(dialect, connection, compareSchemas(EMPTY_SCHEMA, wanted, dialect.capabilities));
    expect(await findChanges(dialect, connection, firstModels(isMariadb))).toEqual([]);
  });

  it('goes up and down through changes of every kind, and the dump is what it was', async () => {
    const connection = await (await createDatabase(url)).connect();
    await run(dialect, connection, await findChanges(dialect, connection, firstModels(isMariadb)));
    const original = await dump(connection);
    const up = await findChanges(dialect, connection, secondModels(isMariadb));
    await run(dialect, connection, up);
    expect(await findChanges(dialect, connection, secondModels(isMariadb))).toEqual([]);
    await run(dialect, connection, reverseAll(up));
    expect(await dump(connection)).toBe(original);
    expect(await findChanges(dialect, connection, firstModels(isMariadb))).toEqual([]);
  });

  it('leaves nothing behind on the way down to an empty database', async () => {
    const connection = await (await createDatabase(url)).connect();
    const up = await findChanges(dialect, connection, firstModels(isMariadb));
    await run(dialect, connection, up);
    await run(dialect, connection, reverseAll(up));
    expect(await dump(connection)).toBe('');
  });
});

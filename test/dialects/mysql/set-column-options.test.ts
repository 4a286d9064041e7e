import { expect, test } from 'vitest';
import { setColumnOptions } from '../../../src/dialects/mysql/set-column-options.js';
import type { SetTableOptions } from '../../../src/operations/operation.js';

const HIDE: SetTableOptions = {
  kind: 'setTableOptions',
  table: { namespace: null, name: 't' },
  changes: { 'columnInvisible a': true },
  existing: null,
};
const on = (dialect: 'mysql' | 'mariadb') => ({ server: { dialect, major: 11, minor: 4, text: '11.4' }, before: null });

test('without a connection MySQL is told of the column alone', () => {
  expect(setColumnOptions(HIDE, on('mysql'))).toEqual([{ sql: 'ALTER TABLE `t` ALTER COLUMN `a` SET INVISIBLE' }]);
});

test('without a connection MariaDB is refused: nothing would be sent', () => {
  expect(() => setColumnOptions(HIDE, on('mariadb'))).toThrow(
    expect.objectContaining({
      code: 'ALUDEL_OPERATION_UNSUPPORTED',
      message: expect.stringContaining('MariaDB restates column "a", which only a connection tells'),
    }),
  );
});

import { describe, expect, it } from 'vitest';
import { bindMysqlParameters } from '../../src/engine/drivers/mysql-parameters.js';
import { parseMysqlVersion } from '../../src/engine/drivers/mysql.js';

describe('bindMysqlParameters', () => {
  it('replaces placeholders only where they are ones', () => {
    const sql = "SELECT '?', `?`, \"it''s ?\", ? /* ? */, ? -- ?\n, ? # ?";
    expect(bindMysqlParameters(sql, [1, 'a', null])).toBe(
      "SELECT '?', `?`, \"it''s ?\", 1 /* ? */, 'a' -- ?\n, NULL # ?",
    );
  });

  it('writes each kind of value so that no sql_mode can misread it', () => {
    expect(bindMysqlParameters('?,?,?,?,?,?', ["it's", '\\', true, 10n, new Uint8Array([1, 255]), new Date(0)])).toBe(
      "'it''s',_utf8mb4 X'5c',true,10,X'01ff','1970-01-01 00:00:00.000'",
    );
  });

  it.each([[[{ admin: 1 }]], [[[1, 2]]], [[Number.NaN]], [[]], [[1, 2]]])(
    'refuses %j for one placeholder',
    (params) => {
      expect(() => bindMysqlParameters('SELECT ?', params)).toThrow(TypeError);
    },
  );
});

describe('parseMysqlVersion', () => {
  it.each([
    ['10.11.6-MariaDB-0+deb12u1', 'mariadb', 10, 11],
    ['5.5.5-10.6.4-MariaDB', 'mariadb', 10, 6],
    ['9.7.0', 'mysql', 9, 7],
    ['8.0.36-0ubuntu0.22.04.1', 'mysql', 8, 0],
  ])('reads %s', (text, dialect, major, minor) => {
    expect(parseMysqlVersion(text)).toEqual({ dialect, major, minor, text });
  });
});

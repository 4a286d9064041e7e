import { describe, expect, it } from 'vitest';
import { testDialects, urlVariable } from './test-dialects.js';

describe('testDialects', () => {
  it('gives all four where nothing is said', () => {
    expect(testDialects('')).toEqual(['sqlite', 'postgres', 'mariadb', 'mysql']);
  });

  it('gives those that are listed', () => {
    expect(testDialects('mysql, sqlite')).toEqual(['sqlite', 'mysql']);
  });

  it('refuses a name that it does not know, rather than test less', () => {
    expect(() => testDialects('sqlite,postgresql')).toThrow('ALUDEL_TEST_DIALECTS names "postgresql"');
  });
});

describe('urlVariable', () => {
  it('names the variable of a server', () => {
    expect(urlVariable('mariadb')).toBe('ALUDEL_TEST_MARIADB_URL');
  });
});

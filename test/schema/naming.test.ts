import { describe, expect, it } from 'vitest';
import { columnNameFor, conventionalName, DEFAULT_NAMING } from '../../src/schema/naming.js';

const parts = { table: 'tickets', columns: ['creator_id', 'state'], referredTable: 'users', name: 'positive' };

describe('conventionalName', () => {
  it.each([
    ['index', 'ix_tickets_creator_id_state'],
    ['unique', 'uq_tickets_creator_id_state'],
    ['check', 'ck_tickets_positive'],
    ['foreignKey', 'fk_tickets_creator_id_state_users'],
    ['primaryKey', 'pk_tickets'],
  ] as const)('names %s', (kind, name) => {
    expect(conventionalName(DEFAULT_NAMING, kind, parts)).toBe(name);
  });

  it('takes a template with other tokens, and a function', () => {
    expect(conventionalName({ ...DEFAULT_NAMING, index: '{column0}_{unknown}' }, 'index', parts)).toBe(
      'creator_id_{unknown}',
    );
    expect(conventionalName({ ...DEFAULT_NAMING, index: ({ table }) => `${table}!` }, 'index', parts)).toBe('tickets!');
  });

  it('cuts names at 63 bytes, keeps characters whole, and tells long names apart', () => {
    const one = conventionalName(DEFAULT_NAMING, 'primaryKey', { ...parts, table: 'é'.repeat(60) }) ?? '';
    const other = conventionalName(DEFAULT_NAMING, 'primaryKey', { ...parts, table: `${'é'.repeat(60)}x` });
    expect(Buffer.byteLength(one)).toBeLessThanOrEqual(63);
    expect(one).toMatch(/^pk_é+_[0-9a-f]{8}$/);
    expect(other).not.toBe(one);
  });

  it('leaves a name of 63 bytes as it is', () => {
    const name = conventionalName(DEFAULT_NAMING, 'primaryKey', { ...parts, table: 'x'.repeat(60) });
    expect(name).toBe(`pk_${'x'.repeat(60)}`);
  });
});

describe('columnNameFor', () => {
  it.each([
    ['creatorId', 'creator_id'],
    ['id', 'id'],
    ['HTMLText', 'html_text'],
    ['sha256Sum', 'sha256_sum'],
    ['parentURL', 'parent_url'],
    ['already_snake', 'already_snake'],
  ])('makes %s to %s', (property, column) => {
    expect(columnNameFor('snake_case', property)).toBe(column);
  });

  it('keeps names, or asks a function', () => {
    expect(columnNameFor('same', 'creatorId')).toBe('creatorId');
    expect(columnNameFor((property) => property.toUpperCase(), 'id')).toBe('ID');
  });
});

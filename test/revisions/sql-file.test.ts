import { describe, expect, it } from 'vitest';
import { parseHeader } from '../../src/revisions/parse-header.js';
import { rewriteParents } from '../../src/revisions/rewrite-header.js';
import { revisionChecksum } from '../../src/revisions/revision-checksum.js';

const HEAD = '-- revision: aaaa1111\n-- downRevision: base\n';
const BODY = "-- upgrade\nCREATE TABLE a (b TEXT DEFAULT '-- x');\n-- downgrade\nDROP TABLE a;\n";
const parse = (source: string): unknown => parseHeader(source, 'a.sql');

describe('the header of an SQL file', () => {
  it('is read from its comments', () => {
    const source = `-- create a\n--\n${HEAD.replace('base', 'bbbb2222, cccc3333')}-- branchLabels: x, y\n-- dependsOn: dddd\n-- replaces: eeee\n-- transaction: false\n-- created: 2026-11-21\n\n${BODY}`;
    expect(parse(source)).toEqual({
      id: 'aaaa1111',
      down: ['bbbb2222', 'cccc3333'],
      branchLabels: ['x', 'y'],
      dependsOn: ['dddd'],
      replaces: ['eeee'],
      message: 'create a',
      createdAt: '2026-11-21',
      file: 'a.sql',
      isTransactional: false,
    });
  });

  it('may be spelled as Alembic spells it, with any line ends', () => {
    const source = `-- REVISION: aaaa1111\r\n-- down_revision: bbbb\r\n-- depends-on: cccc\r\n-- upgrade\r\nSELECT 1;`;
    expect(parse(source)).toMatchObject({ id: 'aaaa1111', down: ['bbbb'], dependsOn: ['cccc'] });
  });

  it('may go on behind a part of the file', () => {
    expect(parseHeader('-- revision: aaaa1111\n', 'a.sql', { isPartial: true })).toBeNull();
  });

  it.each([
    ['-- downRevision: base\n-- upgrade\n', 'has no line "-- revision:".'],
    ['-- revision: aaaa\n-- upgrade\n', 'has no line "-- downRevision:".'],
    [HEAD, 'has no line "-- upgrade".'],
    [`${HEAD}SELECT 1;\n-- upgrade\n`, 'has SQL before "-- upgrade" (line 3).'],
    [`${HEAD}-- revision: b\n-- upgrade\n`, 'says "revision" twice.'],
    [`${HEAD}-- transaction: no\n-- upgrade\n`, 'says "transaction: no".'],
  ])('is refused as %j', (source, problem) => {
    expect(() => parse(source)).toThrow(
      expect.objectContaining({ code: 'ALUDEL_REVISION_INVALID', message: `"a.sql" ${problem}` }),
    );
  });

  it('is given other parents', () => {
    const source = `-- x\n${HEAD}${BODY}-- downRevision: base\n`;
    expect(rewriteParents(source, ['bbbb', 'cccc'], 'a.sql')).toBe(source.replace('base', 'bbbb, cccc'));
    expect(rewriteParents(source, [], 'a.sql')).toBe(source);
  });
});

describe('the checksum of an SQL file', () => {
  const of = (source: string): string => revisionChecksum(source, 'a.sql');
  const same: readonly (readonly [string, string])[] = [
    ['comments', `-- more\n${HEAD}${BODY.replace('CREATE', '-- why\nCREATE')}`],
    ['white space', HEAD + BODY.replaceAll(' TABLE ', '\n  TABLE\t')],
    ['line ends', (HEAD + BODY).replaceAll('\n', '\r\n')],
  ];
  it.each(same)('does not count %s', (_what, source) => {
    expect(of(source)).toBe(of(HEAD + BODY));
  });

  const other: readonly (readonly [string, string])[] = [
    ['a word', BODY.replace('TEXT', 'INT')],
    ['a comment inside quotes', BODY.replace('-- x', '-- y')],
    ['white space inside quotes', BODY.replace('-- x', '--  x')],
    [
      'another section',
      BODY.replace('\n-- downgrade', '').replace('DROP', '-- downgrade\nDROP').replace('-- downgrade\n', ''),
    ],
  ];
  it.each(other)('counts %s', (_what, body) => {
    expect(of(HEAD + body)).not.toBe(of(HEAD + BODY));
  });

  it('counts the header', () => {
    expect(of(`${HEAD}-- transaction: false\n${BODY}`)).not.toBe(of(HEAD + BODY));
  });

  it('counts every character where it depends on the database what a comment is', () => {
    const body = '-- upgrade\nCREATE FUNCTION f() RETURNS int AS $$ -- a\n SELECT 1 $$;';
    expect(of(HEAD + body)).not.toBe(of(HEAD + body.replace('-- a', '-- b')));
  });
});

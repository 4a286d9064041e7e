import { describe, expect, test } from 'vitest';
import { revisionChecksum } from '../../src/revisions/revision-checksum.js';

const SOURCE = `/** add users */
export const revision = 'a1';
export async function upgrade(op) {
  op.addColumn('users', column('age', integer(), { serverDefault: 18 }));
  if (op.offline) return;
  await op.execute(\`update users set note = 'x  y' -- \${1 + 1}\`);
}
`;

describe('revisionChecksum', () => {
  test('is a SHA-256 in hex', () => {
    expect(revisionChecksum(SOURCE)).toMatch(/^[0-9a-f]{64}$/u);
  });

  test.each([
    ['a changed comment', SOURCE.replace('add users', 'add the users')],
    ['an added comment', SOURCE.replace('if (', '// only online\n  if (/* not */ ')],
    ['other white space', SOURCE.replaceAll('\n', '\r\n').replaceAll('  ', '\t').replace('x\ty', 'x  y')],
    [
      'a call over several lines',
      SOURCE.replace("('users', column", "(\n    'users',\n    column").replace('}));', '}),\n);'),
    ],
    ['other quotes', SOURCE.replace("'a1'", '"a1"')],
    ['no semicolons', SOURCE.replaceAll(';\n', '\n').replace('op.offline) return\n', 'op.offline) return;\n')],
  ])('stays the same with %s', (_, changed) => {
    expect(changed).not.toBe(SOURCE);
    expect(revisionChecksum(changed)).toBe(revisionChecksum(SOURCE));
  });

  test.each([
    ['another value', SOURCE.replace('18', '19')],
    ['another string', SOURCE.replace("'users'", "'user'")],
    ['white space in a string', SOURCE.replace('x  y', 'x y')],
    ['a comment sign in a string', SOURCE.replace("'users'", "'users//'")],
    ['a changed substitution', SOURCE.replace('1 + 1', '1 + 2')],
    ['a removed statement', SOURCE.replace(/ {2}if .*\n/u, '')],
    ['a statement turned into a comment', SOURCE.replace('  if', '  // if')],
  ])('changes with %s', (_, changed) => {
    expect(changed).not.toBe(SOURCE);
    expect(revisionChecksum(changed)).not.toBe(revisionChecksum(SOURCE));
  });

  test.each([
    ['while (f());\ng()', 'while (f())\ng()'],
    ['return\nf()', 'return f()'],
    ['a\n++b', 'a++\nb'],
    ['f();\n(g)()', 'f()\n(g)()'],
    ['[, 1]', '[1]'],
    ['[1, ,]', '[1]'],
    ['for (;;) {}', 'for () {}'],
    ["a = 'b'", 'a = `b`'],
    ['x = /a b/', 'x = /ab/'],
    ['x = /"/; f("a  b")', 'x = /"/; f("a b")'],
    ['if (x) /a//b/.test(y)', 'if (x) /a//c/.test(y)'],
    ["'a\\'b'", "'a\\\\'; b'"],
  ])('tells %j from %j', (one, other) => {
    expect(revisionChecksum(one)).not.toBe(revisionChecksum(other));
  });

  test('takes escaped and unescaped quotes for the same string', () => {
    expect(revisionChecksum(String.raw`f('it\'s')`)).toBe(revisionChecksum(`f("it's")`));
  });
});

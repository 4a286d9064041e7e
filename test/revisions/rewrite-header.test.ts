import { describe, expect, test } from 'vitest';
import { AludelError } from '../../src/errors.js';
import { parseHeader } from '../../src/revisions/parse-header.js';
import { rewriteParents } from '../../src/revisions/rewrite-header.js';

const rest = `
export function upgrade(op) { op.execute("downRevision = 'x'"); }
`;

describe('rewriting the parents of a revision', () => {
  test('changes the literal and the comment, and nothing else', () => {
    const source = `/**\n * add age\n *\n * Revision: bbbb\n * Parent: aaaa\n */\nexport const revision = 'bbbb';\nexport const downRevision = 'aaaa';\n${rest}`;
    expect(rewriteParents(source, ['cccc'], 'b.ts')).toBe(
      source.replace('Parent: aaaa', 'Parent: cccc').replace("= 'aaaa'", "= 'cccc'"),
    );
    expect(rewriteParents(source, [], 'b.ts')).toBe(
      source.replace('Parent: aaaa', 'Parent: base').replace("= 'aaaa'", '= null'),
    );
  });

  test.each([
    ['null', `export const downRevision = null`],
    ['a list', `export const downRevision = ['aaaa', "dddd"] as const;`],
    ['an annotated one', `export const downRevision: string | null = "aaaa";`],
    ['one among comments', `// downRevision = 'no'\nexport const downRevision = /* why */ 'aaaa' /* so */;`],
    ['one with let', `export let downRevision = 'aaaa'`],
  ])('reads %s', (_, line) => {
    const source = `export const revision = 'bbbb';\n${line}\n${rest}`;
    const rewritten = rewriteParents(source, ['c1', 'c2'], 'b.ts');
    expect(parseHeader(rewritten, 'b.ts')).toMatchObject({ id: 'bbbb', down: ['c1', 'c2'] });
    expect(rewritten.endsWith(rest)).toBe(true);
  });

  test('leaves a comment alone that names another parent', () => {
    const source = `/** Parent: of all */\nexport const revision = 'b';\nexport const downRevision = 'a';\n`;
    expect(rewriteParents(source, ['c'], 'b.ts')).toBe(source.replace("'a'", "'c'"));
  });

  test('refuses a header that is no literal', () => {
    const call = (): string =>
      rewriteParents(`export const revision = 'b';\nexport const downRevision = x;`, [], 'b.ts');
    expect(call).toThrow(AludelError);
  });
});

import { describe, expect, test } from 'vitest';
import { parseHeader } from '../../src/revisions/parse-header.js';
import { catchError } from './catch-error.js';

const TEMPLATE = `/**
 * add users
 *
 * Revision: 3f2a9c1b7d04
 * Parent: base
 * Created: 2026-11-21T10:20:30Z
 */
import { column, integer, type Op } from 'aludel';

export const revision = '3f2a9c1b7d04';
export const downRevision = null;

export async function upgrade(op: Op): Promise<void> {}
`;
const EMPTY = { id: 'a1', down: [], branchLabels: [], dependsOn: [], message: null, createdAt: null, file: 'x.ts' };

describe('parseHeader', () => {
  test('reads a file as the template writes it', () => {
    expect(parseHeader(TEMPLATE, 'x.ts')).toEqual({
      ...EMPTY,
      id: '3f2a9c1b7d04',
      message: 'add users',
      createdAt: '2026-11-21T10:20:30Z',
    });
  });

  test('reads the end of a comment in a message as it was given', () => {
    const source = TEMPLATE.replace('add users', 'drop *\\/ and /* too');
    expect(parseHeader(source, 'x.ts')?.message).toBe('drop */ and /* too');
  });

  test('reads the plain form and any other form alike', () => {
    for (const [from, to] of [
      ['revision =', 'revision: string ='],
      ["'3f2a9c1b7d04'", '"3f2a9c1b7d04"'],
      ['null;', 'null'],
      ['import', '// it\'s "quoted"\nimport'],
      ['\n', '\r\n'],
    ] as const) {
      const changed = TEMPLATE.replaceAll(from, to);
      expect(changed).not.toBe(TEMPLATE);
      expect(parseHeader(changed, 'x.ts')).toEqual(parseHeader(TEMPLATE, 'x.ts'));
    }
  });

  test.each([
    ["export const downRevision = 'b2';", { down: ['b2'] }],
    ['export const downRevision: string | null = "b2" as string | null;', { down: ['b2'] }],
    ['export const downRevision: readonly string[] = [`b2`, "c3",] as const;', { down: ['b2', 'c3'] }],
    ["export const downRevision = ['b2', /* and */ 'c3'] satisfies string[];", { down: ['b2', 'c3'] }],
    ["export const downRevision = 'b2'; export const branchLabels = 'shop';", { down: ['b2'], branchLabels: ['shop'] }],
    [
      "export const downRevision = 'b2'\nexport const dependsOn = ['c3', 'shop']",
      { down: ['b2'], dependsOn: ['c3', 'shop'] },
    ],
    ['export const downRevision = undefined, x = 1;', null],
    ["export const downRevision = [...['b2']];", null],
    ["export const downRevision = 'b2' + 'c3';", null],
    ["export const downRevision = 'b2'\n  + 'c3';", null],
    // oxlint-disable-next-line no-template-curly-in-string
    ['export const downRevision = `${x}`;', null],
    ['export const downRevision = parent;', null],
    ["export const downRevision = ['b2', parent];", null],
    ["export const downRevision = 'b2", null],
    ['export const downRevision;', null],
  ])('reads or refuses %j', (line, expected) => {
    const source = `export const revision = 'a1';\n${line}\nexport const upgrade = async () => {};\n`;
    if (expected === null) {
      expect(catchError(() => parseHeader(source, 'x.ts'))).toMatchObject({
        code: 'ALUDEL_REVISION_INVALID',
        details: { file: 'x.ts', line: 2 },
      });
    } else {
      expect(parseHeader(source, 'x.ts')).toEqual({ ...EMPTY, ...expected });
    }
  });

  test('does not take text in comments, strings or functions for the header', () => {
    const source = `// export const revision = 'wrong';
      const text = "export const revision = 'wrong';";
      function make() { const x = { export: 1 }; return \`export const revision = 'wrong'\`; }
      export const revision = 'a1';
      export const downRevision = null;`;
    expect(parseHeader(source, 'x.ts').id).toBe('a1');
  });

  test('says which constant a file lacks', () => {
    expect(catchError(() => parseHeader('export const x = 1;', 'x.ts'))).toMatchObject({
      code: 'ALUDEL_REVISION_INVALID',
      message: '"x.ts" (line 1) lacks "export const revision".',
    });
    expect(catchError(() => parseHeader("export const revision = 'a1';", 'x.ts')).message).toBe(
      '"x.ts" (line 1) lacks "export const downRevision".',
    );
  });

  test('asks for more when the text ends before the header does, wherever it is cut', () => {
    const source = TEMPLATE.replace('null;', "['aaaa', 'bbbb'];\nexport const dependsOn = ['cccc'];");
    const whole = parseHeader(source, 'x.ts');
    const end = source.indexOf('export async');
    for (let length = 0; length <= source.length; length++) {
      const read = parseHeader(source.slice(0, length), 'x.ts', { isPartial: true });
      expect(read).toEqual(length <= end + 'export'.length ? null : read && whole);
    }
    expect(parseHeader(source.slice(0, end + 'export async'.length), 'x.ts', { isPartial: true })).toEqual(whole);
  });
});

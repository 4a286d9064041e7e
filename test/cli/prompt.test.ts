import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { askBackfill } from '../../src/cli/ask-backfill.js';
import { askRename } from '../../src/cli/ask-rename.js';
import { askConfirm, askText } from '../../src/cli/prompt.js';

/** A terminal of the test's own; keys are typed once the question stands there. */
function terminal(keys: readonly string[]): { input: PassThrough; output: PassThrough; shown: () => string } {
  const [input, output] = [new PassThrough(), new PassThrough()];
  let text = '';
  const left = [...keys];
  output.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    const key = left.shift();
    if (key !== undefined) setImmediate(() => input.write(key));
  });
  return { input, output, shown: () => text };
}

const [DOWN, ENTER, CTRL_C] = ['\u001B[B', '\n', '\u0003'];

const QUESTION = {
  kind: 'column',
  dropped: 'users.name',
  candidates: [
    { to: 'users.full_name', answer: 'users.name:users.full_name', score: 0.88 },
    { to: 'users.nick', answer: 'users.name:users.nick', score: 0.6 },
  ],
} as const;

describe('the question about a rename', () => {
  test('shows the partners, and the first is the one that is pointed at', async () => {
    const { shown, ...streams } = terminal([ENTER]);
    expect(await askRename(QUESTION, streams)).toBe('users.name:users.full_name');
    expect(shown()).toContain('Column "users.name" is not in the models any more. What became of it?');
    expect(shown()).toContain('it is now "users.full_name"');
    expect(shown()).toContain('it is now "users.nick"');
    expect(shown()).toContain('it is dropped');
    expect(shown()).toContain('--rename users.name:users.full_name');
  });

  test('takes the drop for an answer', async () => {
    const { input, output } = terminal([DOWN, DOWN, ENTER]);
    expect(await askRename(QUESTION, { input, output })).toBeNull();
  });

  test('is broken off by Ctrl-C, and nothing is decided', async () => {
    const { input, output } = terminal([CTRL_C]);
    await expect(askRename(QUESTION, { input, output })).rejects.toMatchObject({
      code: 'ALUDEL_USAGE',
      message: 'The question was left unanswered: nothing was done.',
    });
  });
});

test('the question about the value of a required column suggests one that the column takes', async () => {
  const question = { column: 'users.name', rows: 2, suggestion: "''" };
  const first = terminal([ENTER]);
  expect(await askBackfill(question, first)).toBe("''");
  expect(first.shown()).toContain('"users.name" becomes required, and 2 rows have no value.');
  const second = terminal(['upper(email)', ENTER]);
  expect(await askBackfill(question, second)).toBe('upper(email)');
});

test('a confirmation says no by itself', async () => {
  const { input, output } = terminal([ENTER]);
  expect(await askConfirm('Go on?', {}, { input, output })).toBe(false);
});

test('a text is asked again until it fits', async () => {
  const { input, output, shown } = terminal(['x', ENTER, '1', ENTER]);
  const validate = (text: string): string | undefined => (/\d/.test(text) ? undefined : 'A number, please.');
  expect(await askText('How many?', { validate }, { input, output })).toBe('x1');
  expect(shown()).toContain('A number, please.');
});

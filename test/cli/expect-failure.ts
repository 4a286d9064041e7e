import { expect } from 'vitest';
import type { CliProject, RunOptions } from '../support/cli-project.js';

/** What every URL of these tests has for a password. */
export const PASSWORD = 's3cr3t-pw';

export interface ExpectedFailure {
  readonly exitCode?: number;
  readonly code: string;
  /** The message holds each of these. */
  readonly says: readonly string[];
  /** The hint holds each of these. */
  readonly hint: readonly string[];
}

/**
 * Runs the command twice, plainly and with --json --verbose, and expects of both what every failure must keep to:
 * a code, the names, the next step, a stack only with --verbose, and the password nowhere.
 */
export async function expectFailure(
  project: CliProject,
  args: readonly string[],
  { exitCode = 1, code, says, hint }: ExpectedFailure,
  options?: RunOptions,
): Promise<void> {
  const plain = await project.run(args, options);
  const [message = '', next = ''] = splitHint(plain.stderr);
  expect(plain).toMatchObject({ exitCode });
  expect(message).toMatch(new RegExp(`^Error ${code}: `));
  for (const text of says) expect(message).toContain(text);
  expect(next).not.toBe('');
  for (const text of hint) expect(next).toContain(text);
  expect(plain.stderr).not.toMatch(/^\s+at .*:\d+/m);

  const verbose = await project.run([...args, '--json', '--verbose'], options);
  const { error }: { error: unknown } = JSON.parse(verbose.stdout);
  expect(error).toMatchObject({ code, message: expect.stringContaining(says[0] ?? ''), details: expect.anything() });
  expect((error as { hint: string }).hint.replaceAll('\n', '\n  ')).toBe(next);
  expect(verbose.exitCode).toBe(exitCode);
  if (code !== 'ALUDEL_USAGE') expect(verbose.stderr).toMatch(/^\s+at .*:\d+/m);

  for (const text of [plain.stdout, plain.stderr, verbose.stdout, verbose.stderr]) {
    expect(text).not.toContain(PASSWORD);
  }
}

/** The hint is what comes indented at the end. */
function splitHint(stderr: string): [message: string, hint: string] {
  const lines = stderr.trimEnd().split('\n');
  const last = lines.at(-1) ?? '';
  return [lines.slice(0, -1).join('\n'), last.startsWith('  ') ? last.slice(2) : ''];
}

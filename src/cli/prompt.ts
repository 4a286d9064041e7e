/**
 * Questions on a terminal. This file is loaded only when something is asked (see `canAsk`), and the library for each kind
 * of question only with its first one. Questions go to stderr: stdout is the result's.
 */
import { AludelError } from '../errors.js';

export interface Choice<T> {
  readonly value: T;
  readonly name: string;
  /** Shown below the list while the choice is pointed at. */
  readonly description?: string;
}

/** Where questions are shown and answers come from. Default: the terminal. */
export interface PromptStreams {
  readonly input?: NodeJS.ReadableStream;
  readonly output?: NodeJS.WritableStream;
}

/** @throws AludelError ALUDEL_USAGE when the question is broken off by Ctrl-C. */
export async function askChoice<T>(
  message: string,
  choices: readonly Choice<T>[],
  streams: PromptStreams = {},
): Promise<T> {
  const { default: select } = await import('@inquirer/select');
  return answered(select<T>({ message, choices: [...choices] }, { output: process.stderr, ...streams }));
}

/** Yes or no. @throws AludelError ALUDEL_USAGE when the question is broken off by Ctrl-C. */
export async function askConfirm(
  message: string,
  options: { readonly default?: boolean } = {},
  streams: PromptStreams = {},
): Promise<boolean> {
  const { default: confirm } = await import('@inquirer/confirm');
  const { default: preset = false } = options;
  return answered(confirm({ message, default: preset }, { output: process.stderr, ...streams }));
}

/**
 * A line of text; `validate` gives what is wrong with it, or nothing.
 * @throws AludelError ALUDEL_USAGE when the question is broken off by Ctrl-C.
 */
export async function askText(
  message: string,
  options: { readonly default?: string; readonly validate?: (text: string) => string | undefined } = {},
  streams: PromptStreams = {},
): Promise<string> {
  const { default: input } = await import('@inquirer/input');
  const { default: preset, validate } = options;
  return answered(
    input(
      {
        message,
        ...(preset === undefined ? {} : { default: preset }),
        validate: (text) => validate?.(text) ?? true,
      },
      { output: process.stderr, ...streams },
    ),
  );
}

async function answered<T>(prompt: Promise<T>): Promise<T> {
  try {
    return await prompt;
  } catch (error) {
    // The library's own classes: broken off by the user, or by the end of the input.
    if (!(error instanceof Error) || !['ExitPromptError', 'AbortPromptError'].includes(error.name)) throw error;
    throw new AludelError('ALUDEL_USAGE', 'The question was left unanswered: nothing was done.', {
      hint: 'Run the command again, or give the answer as an option (see --help).',
    });
  }
}

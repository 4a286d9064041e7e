/** Questions on a terminal, loaded only when something is asked (see `canAsk`). They go to stderr: stdout is the result's. */
import { createInterface } from 'node:readline/promises';

/** Where questions are shown and answers come from. Default: the terminal. */
export interface PromptStreams {
  readonly input?: NodeJS.ReadableStream;
  readonly output?: NodeJS.WritableStream;
}

/** Yes or no; no answer, and Ctrl-C, is `default`. */
export async function askConfirm(
  message: string,
  options: { readonly default?: boolean } = {},
  { input = process.stdin, output = process.stderr }: PromptStreams = {},
): Promise<boolean> {
  const { default: preset = false } = options;
  const terminal = createInterface({ input, output });
  try {
    const broken = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
    const answer = await Promise.race([terminal.question(`${message} ${preset ? '(Y/n)' : '(y/N)'} `), broken]);
    return answer.trim() === '' ? preset : /^y(?:es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}

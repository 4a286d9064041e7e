/** The only writer to the terminal. Colour is loaded and used on a terminal only, and never under NO_COLOR. */

export type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow';

/** Puts a style on text, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

export interface Output {
  readonly paint: Paint;
  /** For results: nothing under --quiet. */
  print(text: string): void;
  /** For results that were asked for by name, such as SQL or JSON: always. */
  printRaw(text: string): void;
  /** For what is said beside the result. */
  note(text: string): void;
  /** For how far something has come: one line that is written over on a terminal, elsewhere the last one alone. */
  progress(text: string, isLast: boolean): void;
}

export interface OutputOptions {
  readonly quiet: boolean;
  /** Completes the commands that are named in what is printed. */
  readonly nameCommands?: ((text: string) => string) | null;
}

const plain: Paint = (_style, text) => text;

export async function createOutput({ quiet, nameCommands }: OutputOptions): Promise<Output> {
  const complete = nameCommands ?? ((text: string): string => text);
  const paint = hasColour(process.stdout) ? await loadPaint() : plain;
  return {
    paint,
    print: (text) => {
      if (!quiet) process.stdout.write(`${complete(text)}\n`);
    },
    printRaw: (text) => {
      process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
    },
    note: (text) => {
      if (!quiet) process.stderr.write(`${complete(text)}\n`);
    },
    progress: (text, isLast) => {
      if (quiet || (!isLast && process.stderr.isTTY !== true)) return;
      // The line is cleared, and the cursor goes back to its start: whatever comes next is written over it.
      process.stderr.write(`${process.stderr.isTTY === true ? '\u001B[2K' : ''}${text}${isLast ? '\n' : '\r'}`);
    },
  };
}

/** What a command is about. */
export interface Target {
  readonly name?: string | undefined;
  readonly env?: string | undefined;
}

/** A function that puts `-n` and `-e` behind the verb of each command in a text; null where there is nothing to put. */
export function commandNamer({ name, env }: Target): ((text: string) => string) | null {
  const options = [...(name === undefined ? [] : [` -n ${name}`]), ...(env === undefined ? [] : [` -e ${env}`])].join(
    '',
  );
  if (options === '') return null;
  return (text) => text.replace(/\baludel [a-z][a-z-]*/gu, (command) => command + options);
}

/** https://no-color.org */
export function hasColour(stream: { readonly isTTY?: boolean }): boolean {
  return stream.isTTY === true && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb';
}

async function loadPaint(): Promise<Paint> {
  const { Chalk } = await import('chalk');
  // Whether there is colour was decided above: chalk's own guess knows NO_COLOR not, and every CI as colourless.
  const chalk = new Chalk({ level: 1 });
  return (style, text) => chalk[style](text);
}

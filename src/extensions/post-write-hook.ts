/** A program that runs on each revision file that was written. */
export interface HookCommand {
  /** A program of `node_modules/.bin`, a path relative to the config file, or a program of the system. */
  readonly command: string;
  /** `{file}` stands for the file; where it is nowhere, the file comes last. */
  readonly args?: readonly string[];
}

export type HookTool = 'prettier' | 'oxfmt' | 'biome' | 'eslint';

/** What each tool is called with before the file. */
export const HOOK_TOOLS: { readonly [Tool in HookTool]: readonly string[] } = {
  prettier: ['--write'],
  oxfmt: [],
  biome: ['check', '--write'],
  eslint: ['--fix'],
};

/** The name of a tool, a program with its arguments, or a function of the file's path. */
export type PostWriteHook = HookTool | HookCommand | ((file: string) => void | Promise<void>);

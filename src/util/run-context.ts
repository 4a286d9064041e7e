/** What a run was started with: a config that is a function is given it, and revisions read it as `op.context`. */
export interface RunContext {
  /** The database that was chosen among those of the config (`-n`); null where there is nothing to choose. */
  readonly name: string | null;
  /** The environment that was chosen (`-e`, else ALUDEL_ENV). */
  readonly env: string | null;
  /** The `-x key=value` of the command line; `-x key` alone gives empty text. */
  readonly x: Readonly<Record<string, string>>;
  /** Free text (`--tag`). */
  readonly tag: string | null;
}

/** What a run is started with when nothing is said. */
export const EMPTY_CONTEXT: RunContext = { name: null, env: null, x: {}, tag: null };

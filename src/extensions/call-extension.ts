/** Code of the project that Aludel calls: what it throws is told with its name and that of the config file. */
import { AludelError } from '../errors.js';

/** A function of the config or of a plugin, and what to call it in messages. */
export interface Sourced<F> {
  /** `"include" of plugin "acme"`, `"include"`. */
  readonly source: string;
  readonly run: F;
}

/** @throws AludelError ALUDEL_EXTENSION_FAILED for whatever `run` throws. */
export function callExtension<T>(source: string, configFile: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw extensionError(source, configFile, error);
  }
}

/** The same for what may be a promise. */
export async function awaitExtension<T>(source: string, configFile: string, run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw extensionError(source, configFile, error);
  }
}

/** The error for an answer that cannot be used. */
export function wrongAnswer(source: string, configFile: string, problem: string): AludelError {
  return new AludelError('ALUDEL_EXTENSION_FAILED', `${capitalise(source)} in "${configFile}" ${problem}.`, {
    hint: 'Correct it, then run the command again.',
    details: { source, config: configFile },
  });
}

function extensionError(source: string, configFile: string, error: unknown): unknown {
  if (error instanceof AludelError && error.code === 'ALUDEL_EXTENSION_FAILED') return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new AludelError('ALUDEL_EXTENSION_FAILED', `${capitalise(source)} in "${configFile}" threw: ${reason}`, {
    hint: 'Correct it, then run the command again; --verbose shows where it threw.',
    details: { source, config: configFile, ...(error instanceof AludelError ? { code: error.code } : {}) },
    cause: error,
  });
}

function capitalise(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

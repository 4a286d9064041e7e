import { AludelError } from '../../src/errors.js';

/** Runs the function and gives its AludelError as data to compare. */
export function catchError(run: () => unknown): Pick<AludelError, 'code' | 'message' | 'hint' | 'details'> {
  try {
    run();
  } catch (error) {
    if (!(error instanceof AludelError)) throw error;
    const { code, message, hint, details } = error;
    return { code, message, hint, details };
  }
  throw new Error('no error was thrown');
}

import { AludelError, type AludelErrorOptions } from '../../errors.js';

/** A relation or an expired column was read before it was loaded; code ALUDEL_NOT_LOADED. */
export class NotLoadedError extends AludelError {
  constructor(message: string, options: AludelErrorOptions) {
    super('ALUDEL_NOT_LOADED', message, options);
    this.name = 'NotLoadedError';
  }
}

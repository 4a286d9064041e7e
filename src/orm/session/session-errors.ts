/** The errors of sessions that a caller will want to catch. */
import { AludelError, type AludelErrorOptions } from '../../errors.js';

/** A row that was to be changed or deleted has another version, or is gone; code ALUDEL_STALE_ROW. */
export class StaleRowError extends AludelError {
  constructor(message: string, options: AludelErrorOptions) {
    super('ALUDEL_STALE_ROW', message, options);
    this.name = 'StaleRowError';
  }
}

/** A flush has failed: `rollback()` comes first; code ALUDEL_ROLLBACK_NEEDED. The first error is the `cause`. */
export class RollbackNeededError extends AludelError {
  constructor(cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(
      'ALUDEL_ROLLBACK_NEEDED',
      `The transaction of this session is over, because a flush or COMMIT failed: ${reason}`,
      {
        hint: 'Call session.rollback() before the session is used again, or put what may fail inside session.nested().',
        cause,
      },
    );
    this.name = 'RollbackNeededError';
  }
}

/** A query that needs one row gave none, or several; code ALUDEL_ROW_COUNT. */
export class RowCountError extends AludelError {
  /** 0, or 2 where there were more than one. */
  readonly found: number;

  constructor(message: string, found: number, options: AludelErrorOptions = {}) {
    super('ALUDEL_ROW_COUNT', message, options);
    this.name = 'RowCountError';
    this.found = found;
  }
}

/** A refresh would throw changes away; code ALUDEL_UNSAVED_CHANGES. */
export class UnsavedChangesError extends AludelError {
  constructor(label: string, properties: readonly string[]) {
    const names = properties.map((name) => `"${name}"`).join(', ');
    super('ALUDEL_UNSAVED_CHANGES', `${label} has changes of ${names} that a refresh would throw away.`, {
      hint: 'Call session.flush() first, or pass { discard: true }.',
      details: { properties },
    });
    this.name = 'UnsavedChangesError';
  }
}

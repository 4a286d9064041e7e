/**
 * What a database can answer that a program will want to catch, the same on every driver. Each class has one code.
 * None holds a value of a row: only names of constraints, tables and columns.
 */
import { AludelError, type AludelErrorOptions, type ErrorCode } from './errors.js';

/** The names in a violation, as far as the driver tells them. */
export interface ViolatedNames {
  /** PostgreSQL, MySQL and MariaDB tell it; SQLite only for CHECK constraints and indexes on expressions. */
  readonly constraint: string | undefined;
  /** MariaDB does not tell it for unique keys, nor SQLite for foreign keys. */
  readonly table: string | undefined;
  /** Empty where the driver tells none: unique keys of MySQL and MariaDB, foreign keys of SQLite, checks everywhere. */
  readonly columns: readonly string[];
}

type ViolationCode = Extract<ErrorCode, `ALUDEL_${string}_VIOLATION`>;

/** A row that a constraint refused: the common shape of the four violations. */
export class ConstraintViolationError extends AludelError implements ViolatedNames {
  readonly constraint: string | undefined;
  readonly table: string | undefined;
  readonly columns: readonly string[];

  constructor(code: ViolationCode, message: string, names: ViolatedNames, options?: AludelErrorOptions) {
    super(code, message, options);
    this.name = 'ConstraintViolationError';
    this.constraint = names.constraint;
    this.table = names.table;
    this.columns = names.columns;
  }
}

/** A row with this key exists already: ALUDEL_UNIQUE_VIOLATION, for primary keys, unique constraints and indexes. */
export class UniqueViolationError extends ConstraintViolationError {
  constructor(message: string, names: ViolatedNames, options?: AludelErrorOptions) {
    super('ALUDEL_UNIQUE_VIOLATION', message, names, options);
    this.name = 'UniqueViolationError';
  }
}

/** The row referred to is missing, or one that others refer to would go: ALUDEL_FOREIGN_KEY_VIOLATION. */
export class ForeignKeyViolationError extends ConstraintViolationError {
  constructor(message: string, names: ViolatedNames, options?: AludelErrorOptions) {
    super('ALUDEL_FOREIGN_KEY_VIOLATION', message, names, options);
    this.name = 'ForeignKeyViolationError';
  }
}

/** A column that needs a value was given NULL or nothing: ALUDEL_NOT_NULL_VIOLATION. */
export class NotNullViolationError extends ConstraintViolationError {
  constructor(message: string, names: ViolatedNames, options?: AludelErrorOptions) {
    super('ALUDEL_NOT_NULL_VIOLATION', message, names, options);
    this.name = 'NotNullViolationError';
  }
}

/** The condition of a CHECK does not hold: ALUDEL_CHECK_VIOLATION. */
export class CheckViolationError extends ConstraintViolationError {
  constructor(message: string, names: ViolatedNames, options?: AludelErrorOptions) {
    super('ALUDEL_CHECK_VIOLATION', message, names, options);
    this.name = 'CheckViolationError';
  }
}

/** Two transactions waited for each other and the server ended this one: ALUDEL_DEADLOCK. Run it again. */
export class DeadlockError extends AludelError {
  constructor(message: string, options?: AludelErrorOptions) {
    super('ALUDEL_DEADLOCK', message, options);
    this.name = 'DeadlockError';
  }
}

/** Others changed what the transaction had read or prepared: ALUDEL_SERIALIZATION_FAILURE. Run it again. */
export class SerializationError extends AludelError {
  constructor(message: string, options?: AludelErrorOptions) {
    super('ALUDEL_SERIALIZATION_FAILURE', message, options);
    this.name = 'SerializationError';
  }
}

/** A lock was not free in time: ALUDEL_LOCK_TIMEOUT. */
export class LockTimeoutError extends AludelError {
  constructor(message: string, options?: AludelErrorOptions) {
    super('ALUDEL_LOCK_TIMEOUT', message, options);
    this.name = 'LockTimeoutError';
  }
}

/** The connection is closed, was lost, or its engine was disposed: ALUDEL_CONNECTION_LOST. */
export class ConnectionLostError extends AludelError {
  constructor(message: string, options?: AludelErrorOptions) {
    super('ALUDEL_CONNECTION_LOST', message, options);
    this.name = 'ConnectionLostError';
  }
}

/** No connection of the pool came free in time: ALUDEL_POOL_TIMEOUT. `details.holders` says who has them. */
export class PoolTimeoutError extends AludelError {
  constructor(message: string, options?: AludelErrorOptions) {
    super('ALUDEL_POOL_TIMEOUT', message, options);
    this.name = 'PoolTimeoutError';
  }
}

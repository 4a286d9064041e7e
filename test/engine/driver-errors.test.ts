import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { wrapConnectError, wrapStatementError } from '../../src/engine/driver-errors.js';
import type { DialectName } from '../../src/engine/connection.js';

/** An error as a driver throws it. */
function driverError(message: string, fields: Record<string, unknown>): Error {
  return Object.assign(new Error(message), fields);
}

function wrap(dialect: DialectName, error: Error, params: readonly unknown[] = [], hideParameters = true) {
  const sql = 'INSERT INTO users VALUES (?)';
  const statement = {
    dialect,
    place: 'db:1',
    sql,
    params,
    hideParameters,
    lockTimeout: 5000,
    ifLost: 'unknown',
  } as const;
  return wrapStatementError(error, statement);
}

describe('wrapStatementError', () => {
  it('says what to do about columns that PostgreSQL does not compare', () => {
    const error = driverError('could not identify an equality operator for type json', { code: '42883' });
    expect(wrap('postgres', error).hint).toContain('declare jsonb()');
  });

  it('says what to do in a transaction that an error has ended', () => {
    const error = driverError('current transaction is aborted', { code: '25P02' });
    expect(wrap('postgres', error).hint).toBe(
      'A statement before it has failed: roll back, or run what may fail in a savepoint, session.nested(fn).',
    );
  });

  it.each([
    ['postgres', { code: '42501' }, /^The user of the connection may not do this/],
    ['mariadb', { code: 'ER_TABLEACCESS_DENIED_ERROR', errno: 1142 }, /^The user of the connection may not do this/],
    ['postgres', { code: '53100' }, /^Make room/],
    ['mysql', { code: 'ER_RECORD_FILE_FULL', errno: 1114 }, /^Make room/],
    ['sqlite', { code: 'SQLITE_FULL' }, /^Make room/],
  ] as const)('says what to do on %s about %j', (dialect, fields, hint) => {
    expect(wrap(dialect, driverError('no', fields)).hint).toMatch(hint);
  });

  it.each([
    ['22P02', 'invalid input syntax for type integer: "s3cret"', 'invalid input syntax for type integer: "***"'],
    ['22P02', 'invalid input syntax for type integer: "a"s3cret"', 'invalid input syntax for type integer: "***"'],
    ['22P02', 'invalid input value for enum mood: "s3cret"', 'invalid input value for enum mood: "***"'],
    ['22003', 'value "s3cret" is out of range for type integer', 'value "***" is out of range for type integer'],
    ['22008', 'date/time field value out of range: "s3cret"', 'date/time field value out of range: "***"'],
    ['22P02', '"s3cret" is not a valid binary digit', '"***" is not a valid binary digit'],
    ['22007', 'invalid value "s3cret" for "YYYY"', 'invalid value "***" for "***"'],
    ['22023', 'time zone "s3cret" not recognized', 'time zone "***" not recognized'],
    ['22023', 'invalid value for parameter "TimeZone": "s3cret"', 'invalid value for parameter "TimeZone": "***"'],
    ['P0001', 'no such mail "s3cret" for s3cret', 'no such mail "***" for ***'],
    ['42P01', 'relation "users" does not exist', 'relation "users" does not exist'],
    ['42703', 'column "mail" of relation "users" does not exist', 'column "mail" of relation "users" does not exist'],
    ['55P04', 'unsafe use of new value "sad" of enum type mood', 'unsafe use of new value "sad" of enum type mood'],
    ['42601', 'syntax error at or near "SELEC"', 'syntax error at or near "SELEC"'],
  ])('masks values and keeps names in what PostgreSQL says (%s %s)', (code, message, masked) => {
    expect(wrap('postgres', driverError(message, { code }), ['s3cret']).message).toBe(masked);
  });

  it.each([
    [
      'ER_DUP_ENTRY',
      "Duplicate entry 's3c' for key 'ret' for key 'users.mail'",
      "Duplicate entry '***' for key 'users.mail'",
    ],
    [
      'ER_TRUNCATED_WRONG_VALUE_FOR_FIELD',
      "Incorrect integer value: 's3cret' for column 'c' at row 1",
      "Incorrect integer value: '***' for column 'c' at row 1",
    ],
    [
      'ER_TRUNCATED_WRONG_VALUE_FOR_FIELD',
      "Incorrect integer value: 's3cret' for column `app`.`t`.`c` at row 1",
      "Incorrect integer value: '***' for column `app`.`t`.`c` at row 1",
    ],
    [
      'ER_TRUNCATED_WRONG_VALUE',
      "Truncated incorrect DOUBLE value: 's3cret'",
      "Truncated incorrect DOUBLE value: '***'",
    ],
    [
      'ER_WRONG_VALUE_FOR_TYPE',
      "Incorrect datetime value: 's3cret' for function str_to_date",
      "Incorrect datetime value: '***' for function str_to_date",
    ],
    ['ER_DATA_OUT_OF_RANGE', "BIGINT value is out of range in '(1 + s3cret)'", "BIGINT value is out of range in '***'"],
    ['ER_SIGNAL_EXCEPTION', "bad mail 's3cret'", "bad mail '***'"],
    ['ER_PARSE_ERROR', "You have an error near 'x = 's3cret'' at line 1", "You have an error near '***' at line 1"],
    ['ER_NO_SUCH_TABLE', "Table 'app.users' doesn't exist", "Table 'app.users' doesn't exist"],
    ['ER_BAD_FIELD_ERROR', "Unknown column 'mail' in 'field list'", "Unknown column 'mail' in 'field list'"],
  ])('masks values and keeps names in what MySQL and MariaDB say (%s)', (code, message, masked) => {
    expect(wrap('mysql', driverError(message, { code, errno: 1 }), ['s3cret']).message).toBe(masked);
  });

  it('leaves the place of a syntax error readable where no parameters were given', () => {
    const message = "You have an error in your SQL syntax near 'SELEC 1' at line 1";
    expect(wrap('mysql', driverError(message, { code: 'ER_PARSE_ERROR', errno: 1064 })).message).toBe(message);
  });

  it('gives a cause without the detail, the statement or the message of the driver', () => {
    const error = driverError('duplicate key value violates unique constraint "users_mail_key"', {
      name: 'error',
      code: '23505',
      detail: 'Key (mail)=(s3cret) already exists.',
      where: 'COPY users, line 1: "s3cret"',
      internalQuery: "SELECT 's3cret'",
      sql: "INSERT INTO users VALUES ('s3cret')",
      constraint: 'users_mail_key',
      table: 'users',
      position: '13',
    });
    const wrapped = wrap('postgres', error, ['s3cret']);
    expect(inspect(wrapped, { depth: 9, showHidden: true })).not.toContain('s3cret');
    expect(wrapped.code).toBe('ALUDEL_UNIQUE_VIOLATION');
    expect(wrapped.details).toEqual({
      columns: ['mail'],
      sql: 'INSERT INTO users VALUES (?)',
      driverCode: '23505',
      constraint: 'users_mail_key',
      table: 'users',
      position: 13,
    });
    expect(wrapped.cause).toMatchObject({ code: '23505', constraint: 'users_mail_key', table: 'users', position: 13 });
  });

  it('gives the original error where parameters may be shown', () => {
    const error = driverError("Duplicate entry 'x' for key 'users.mail'", { code: 'ER_DUP_ENTRY', errno: 1062 });
    const wrapped = wrap('mysql', error, ['x'], false);
    expect(wrapped.cause).toBe(error);
    expect(wrapped.message).toBe(error.message);
    expect(wrapped.details['params']).toEqual(['x']);
  });

  it.each([
    ['mysql', "Duplicate entry 'x' for key 'users.mail'", { constraint: 'mail' }],
    ['mariadb', "Duplicate entry 'x' for key 'mail'", { constraint: 'mail' }],
    ['mysql', "Check constraint 'ck_age' is violated.", { constraint: 'ck_age' }],
    ['mariadb', 'CONSTRAINT `ck_age` failed for `app`.`users`', { constraint: 'ck_age' }],
    [
      'mysql',
      'a foreign key constraint fails (`app`.`t`, CONSTRAINT `fk_t` FOREIGN KEY (`a`) ...)',
      { constraint: 'fk_t' },
    ],
    ['mysql', "Column 'mail' cannot be null", { column: 'mail' }],
    ['mysql', "Incorrect integer value: 'for column 'z' at row 1' for column 'c' at row 1", { column: 'c' }],
    ['sqlite', 'UNIQUE constraint failed: users.mail, users.name', { table: 'users', column: 'mail' }],
    ['sqlite', 'NOT NULL constraint failed: users.mail', { table: 'users', column: 'mail' }],
    ['sqlite', 'CHECK constraint failed: ck_age', { constraint: 'ck_age' }],
  ] as const)('finds the names that %s puts into its message only: %s', (dialect, message, details) => {
    expect(wrap(dialect, driverError(message, {})).details).toMatchObject(details);
  });

  it.each([
    ['postgres', { code: '55P03' }, 'ALUDEL_LOCK_TIMEOUT'],
    ['mysql', { code: 'ER_LOCK_WAIT_TIMEOUT', errno: 1205 }, 'ALUDEL_LOCK_TIMEOUT'],
    ['sqlite', { code: 'SQLITE_BUSY' }, 'ALUDEL_LOCK_TIMEOUT'],
    ['sqlite', { code: 'SQLITE_BUSY_SNAPSHOT' }, 'ALUDEL_SERIALIZATION_FAILURE'],
    ['postgres', { code: '57P01' }, 'ALUDEL_CONNECTION_LOST'],
    ['mysql', { code: 'PROTOCOL_CONNECTION_LOST', fatal: true }, 'ALUDEL_CONNECTION_LOST'],
    ['mariadb', { code: 'ECONNRESET', errno: -104 }, 'ALUDEL_CONNECTION_LOST'],
    // The same number is one of two things.
    ['mysql', { code: 'ER_CLIENT_INTERACTION_TIMEOUT', errno: 4031 }, 'ALUDEL_CONNECTION_LOST'],
    ['mariadb', { code: 'ER_CLIENT_INTERACTION_TIMEOUT', errno: 4031 }, 'ALUDEL_STATEMENT_FAILED'],
    ['postgres', { code: '40P01' }, 'ALUDEL_DEADLOCK'],
    ['postgres', { code: '40001' }, 'ALUDEL_SERIALIZATION_FAILURE'],
    ['postgres', { code: '0A000', routine: 'RevalidateCachedQuery' }, 'ALUDEL_SERIALIZATION_FAILURE'],
    ['postgres', { code: '0A000' }, 'ALUDEL_STATEMENT_FAILED'],
    ['mariadb', { code: 'ER_CHECKREAD', errno: 1020 }, 'ALUDEL_SERIALIZATION_FAILURE'],
  ] as const)('tells locks and lost connections from refusals: %s %j is %s', (dialect, fields, code) => {
    expect(wrap(dialect, driverError('x', fields)).code).toBe(code);
  });
});

it('says that the outcome of a COMMIT without an answer is not known', () => {
  expect(wrap('postgres', driverError('gone', { code: 'ECONNRESET' }))).toMatchObject({
    name: 'ConnectionLostError',
    message: 'The connection to "db:1" was lost: gone. Whether its transaction was committed is not known.',
    details: { transaction: 'unknown' },
  });
});

describe('wrapConnectError', () => {
  const target = { dialect: 'postgres', place: 'db.example:5432', user: 'app', database: 'shop' } as const;

  it('names the server that does not answer', () => {
    const refused = new AggregateError([driverError('connect ECONNREFUSED ::1:5432', { code: 'ECONNREFUSED' })], '');
    const error = wrapConnectError(Object.assign(refused, { code: 'ECONNREFUSED' }), target, true);
    expect(error.code).toBe('ALUDEL_CONNECTION_FAILED');
    expect(error.message).toBe('Cannot connect to "db.example:5432": connect ECONNREFUSED ::1:5432.');
    expect(error.hint).toBe('Start the server, or check the "url" in migrate.config.ts.');
  });

  it.each([
    [{ code: '28P01' }, 'password authentication failed for user "app"'],
    [{ code: 'ER_ACCESS_DENIED_ERROR', errno: 1045 }, "Access denied for user 'app'@'localhost' (using password: YES)"],
    [{}, 'SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string'],
  ])('names the user and the server that refused it: %j', (fields, message) => {
    const error = wrapConnectError(driverError(message, fields), target, true);
    expect(error.code).toBe('ALUDEL_AUTHENTICATION_FAILED');
    expect(error.message).toBe('The server at "db.example:5432" refused the user "app".');
  });

  it.each([
    [
      'no pg_hba.conf entry for host "10.0.0.7", user "app", database "shop", no encryption',
      '28000',
      'The server wants',
    ],
    ['The server does not support SSL connections', undefined, 'The server has no TLS'],
    ['certificate has expired', 'CERT_HAS_EXPIRED', 'Name the certificate to trust'],
  ])('says what to do about TLS: %s', (message, code, hint) => {
    const error = wrapConnectError(driverError(message, code === undefined ? {} : { code }), target, true);
    expect(error.hint).toContain(hint);
  });

  it('gives the command that creates a missing database', () => {
    const missing = driverError('database "shop" does not exist', { code: '3D000' });
    expect(wrapConnectError(missing, target, true)).toMatchObject({
      code: 'ALUDEL_DATABASE_NOT_FOUND',
      message: 'The database "shop" does not exist on "db.example:5432".',
      hint: 'Create it: CREATE DATABASE "shop";',
    });
    const mysql = { ...target, dialect: 'mysql', database: 'my`shop' } as const;
    expect(wrapConnectError(driverError('x', { errno: 1049 }), mysql, true).hint).toBe(
      'Create it: CREATE DATABASE `my``shop`;',
    );
  });
});

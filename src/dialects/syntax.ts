/** Where the statements and queries of databases part that otherwise share their words. */
export interface Syntax {
  /** How INSERT says a row of defaults alone. */
  readonly emptyRow: 'DEFAULT VALUES' | '() VALUES ()';
  /** What INSERT does about a row that is there: `excluded` in the one clause is `VALUES()` in the other. */
  readonly conflictClause: 'ON CONFLICT' | 'ON DUPLICATE KEY';
  /** UPDATE and DELETE may read the table that they change; where not, the rows that they are for are found first. */
  readonly readsChangedTable: boolean;
  /**
   * What UPDATE takes values by that queries give, where the queries cannot read the table that it changes (MySQL), or see rows
   * that it has changed already (SQLite); undefined where they see it as it was.
   */
  readonly queriedValues: 'FROM' | 'JOIN' | undefined;
  /** How very many rows are written: by a stream of text, or by an INSERT that is run for each. */
  readonly bulkRows: 'COPY' | 'LOAD DATA' | 'INSERT';
  /** A subquery of IN may have LIMIT. */
  readonly limitInSubquery: boolean;
  /** ORDER BY takes NULLS FIRST and NULLS LAST. */
  readonly nullsOrdering: boolean;
  /** What LIMIT says where there is none, since only OFFSET is asked for. */
  readonly noLimit: 'ALL' | '-1' | '18446744073709551615';
  /** FROM takes LATERAL. */
  readonly lateral: boolean;
  readonly distinctOn: boolean;
  /** How a query locks its rows for reading; undefined where rows have no locks. */
  readonly shareLock: 'FOR SHARE' | 'LOCK IN SHARE MODE' | undefined;
  /** A query may lock the rows of some of its tables. */
  readonly locksTables: boolean;
  /** A column may say itself what every UPDATE sets it to. */
  readonly onUpdateColumns: boolean;
}

/** PostgreSQL's. */
export const postgresSyntax: Syntax = {
  emptyRow: 'DEFAULT VALUES',
  conflictClause: 'ON CONFLICT',
  readsChangedTable: true,
  queriedValues: undefined,
  bulkRows: 'COPY',
  limitInSubquery: true,
  nullsOrdering: true,
  noLimit: 'ALL',
  lateral: true,
  distinctOn: true,
  shareLock: 'FOR SHARE',
  locksTables: true,
  onUpdateColumns: false,
};

/** SQLite's, which follows PostgreSQL. */
export const sqliteSyntax: Syntax = {
  ...postgresSyntax,
  queriedValues: 'FROM',
  bulkRows: 'INSERT',
  noLimit: '-1',
  lateral: false,
  distinctOn: false,
  shareLock: undefined,
};

/** MySQL's. */
export const mysqlSyntax: Syntax = {
  emptyRow: '() VALUES ()',
  conflictClause: 'ON DUPLICATE KEY',
  readsChangedTable: false,
  queriedValues: 'JOIN',
  bulkRows: 'LOAD DATA',
  limitInSubquery: false,
  nullsOrdering: false,
  noLimit: '18446744073709551615',
  lateral: true,
  distinctOn: false,
  shareLock: 'FOR SHARE',
  locksTables: true,
  onUpdateColumns: true,
};

/** MariaDB's, which follows MySQL. */
export const mariadbSyntax: Syntax = {
  ...mysqlSyntax,
  lateral: false,
  shareLock: 'LOCK IN SHARE MODE',
  locksTables: false,
};

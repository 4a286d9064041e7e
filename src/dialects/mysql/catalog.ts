/** The catalog queries of reflection: six, whatever the number of tables. Aliases, as the servers differ in letter case. */

export const SETTINGS = `
SELECT DATABASE() AS \`database\`, @@collation_database AS \`collation\``;

export const TABLES = `
SELECT TABLE_NAME AS name, ENGINE AS engine, TABLE_COLLATION AS \`collation\`, CREATE_OPTIONS AS options,
       TABLE_COMMENT AS comment
FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE'
ORDER BY TABLE_NAME`;

export const COLUMNS = `
SELECT TABLE_NAME AS table_name, COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable,
       COLUMN_DEFAULT AS default_text, EXTRA AS extra, GENERATION_EXPRESSION AS expression,
       COLLATION_NAME AS \`collation\`, COLUMN_COMMENT AS comment
FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()
ORDER BY TABLE_NAME, ORDINAL_POSITION`;

/** One row a part. MariaDB has no expressions, and calls what is not used IGNORED. */
export const INDEXES = (isMariadb: boolean): string => `
SELECT TABLE_NAME AS table_name, INDEX_NAME AS name, NON_UNIQUE AS non_unique, COLUMN_NAME AS column_name,
       COLLATION AS direction, SUB_PART AS length, INDEX_TYPE AS method, INDEX_COMMENT AS comment,
       ${isMariadb ? 'NULL AS expression' : 'EXPRESSION AS expression, IS_VISIBLE AS visible'}
FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE()
ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX`;

/** One row a column. Another database is a namespace here. */
export const FOREIGN_KEYS = `
SELECT k.TABLE_NAME AS table_name, k.CONSTRAINT_NAME AS name, k.COLUMN_NAME AS column_name,
       NULLIF(k.REFERENCED_TABLE_SCHEMA, DATABASE()) AS target_namespace, k.REFERENCED_TABLE_NAME AS target_name,
       k.REFERENCED_COLUMN_NAME AS target_column, r.DELETE_RULE AS on_delete, r.UPDATE_RULE AS on_update
FROM information_schema.KEY_COLUMN_USAGE k
JOIN information_schema.REFERENTIAL_CONSTRAINTS r
  ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME
 AND r.TABLE_NAME = k.TABLE_NAME
WHERE k.CONSTRAINT_SCHEMA = DATABASE() AND r.CONSTRAINT_SCHEMA = DATABASE() AND k.TABLE_SCHEMA = DATABASE()
  AND k.REFERENCED_TABLE_NAME IS NOT NULL
ORDER BY k.TABLE_NAME, k.CONSTRAINT_NAME, k.ORDINAL_POSITION`;

/** MySQL keeps the table of a check in TABLE_CONSTRAINTS only. */
export const CHECKS = (isMariadb: boolean): string =>
  isMariadb
    ? `
SELECT TABLE_NAME AS table_name, CONSTRAINT_NAME AS name, CHECK_CLAUSE AS expression
FROM information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE()`
    : `
SELECT t.TABLE_NAME AS table_name, c.CONSTRAINT_NAME AS name, c.CHECK_CLAUSE AS expression
FROM information_schema.CHECK_CONSTRAINTS c
JOIN information_schema.TABLE_CONSTRAINTS t
  ON t.CONSTRAINT_SCHEMA = c.CONSTRAINT_SCHEMA AND t.CONSTRAINT_NAME = c.CONSTRAINT_NAME
WHERE c.CONSTRAINT_SCHEMA = DATABASE() AND t.CONSTRAINT_TYPE = 'CHECK'`;

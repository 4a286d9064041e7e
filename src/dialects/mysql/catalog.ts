import type { Features } from './features.js';

/** The catalog queries of reflection: six, whatever the number of tables. Aliases, as the servers differ in letter case. */

/** What the session is told too, by words that are plain ones in every mode. */
export const SETTINGS = `
SELECT DATABASE() AS \`database\`, @@collation_database AS \`collation\`, @@sql_mode AS \`mode\`,
       @@sql_select_limit AS \`row_limit\`, @@default_storage_engine AS engine
       /*!80013 , @@sql_require_primary_key AS needs_key */ /*M! , @@innodb_force_primary_key AS needs_key */`;

/** Tables, and the sequences of MariaDB. */
export const TABLES = `
SELECT TABLE_NAME AS name, ENGINE AS engine, TABLE_COLLATION AS \`collation\`, CREATE_OPTIONS AS options,
       TABLE_COMMENT AS comment, TABLE_TYPE = 'SYSTEM VERSIONED' AS versioned, TABLE_TYPE = 'SEQUENCE' AS is_sequence
FROM information_schema.TABLES
WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED', 'SEQUENCE')
ORDER BY TABLE_NAME`;

/** A geometry may be tied to a reference system, which MODIFY would take off where it is not said again. */
export const COLUMNS = ({ isMariadb }: Features): string => `
SELECT TABLE_SCHEMA AS namespace, TABLE_NAME AS table_name, COLUMN_NAME AS name,
       ${isMariadb ? 'COLUMN_TYPE' : "CONCAT(COLUMN_TYPE, IF(SRS_ID IS NULL, '', CONCAT(' srid ', SRS_ID)))"} AS type, IS_NULLABLE AS nullable,
       COLUMN_DEFAULT AS default_text, EXTRA AS extra, GENERATION_EXPRESSION AS expression,
       COLLATION_NAME AS \`collation\`, COLUMN_COMMENT AS comment
FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()
ORDER BY TABLE_NAME, ORDINAL_POSITION`;

/** MariaDB: the reference systems of geometries, which SHOW CREATE TABLE does not show. */
export const REFERENCE_SYSTEMS = `
SELECT G_TABLE_NAME AS table_name, G_GEOMETRY_COLUMN AS name, SRID AS srid
FROM information_schema.GEOMETRY_COLUMNS WHERE G_TABLE_SCHEMA = DATABASE() AND SRID <> 0`;

/** All databases of the server that the account may know. */
export const DATABASES = `
SELECT SCHEMA_NAME AS name, SCHEMA_NAME = DATABASE() AS is_current
FROM information_schema.SCHEMATA ORDER BY SCHEMA_NAME`;

/** The columns of tables of other databases, by as many placeholders as names. */
export const OTHER_COLUMNS = (placeholders: string): string => `
SELECT c.TABLE_SCHEMA AS namespace, c.TABLE_NAME AS table_name, c.COLUMN_NAME AS name, c.COLUMN_TYPE AS type,
       c.IS_NULLABLE AS nullable, c.COLUMN_DEFAULT AS default_text, c.EXTRA AS extra,
       c.GENERATION_EXPRESSION AS expression, c.COLLATION_NAME AS \`collation\`, c.COLUMN_COMMENT AS comment
FROM information_schema.COLUMNS c
JOIN information_schema.TABLES t ON t.TABLE_SCHEMA = c.TABLE_SCHEMA AND t.TABLE_NAME = c.TABLE_NAME
WHERE c.TABLE_SCHEMA IN (${placeholders})
  AND t.TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')
ORDER BY c.TABLE_SCHEMA, c.TABLE_NAME, c.ORDINAL_POSITION`;

/** One row a part. MariaDB has no expressions, and calls what is not used IGNORED. */
export const INDEXES = ({ isMariadb, ignoredIndexes }: Features): string => `
SELECT TABLE_NAME AS table_name, INDEX_NAME AS name, NON_UNIQUE AS non_unique, COLUMN_NAME AS column_name,
       COLLATION AS direction, SUB_PART AS length, INDEX_TYPE AS method, INDEX_COMMENT AS comment,
       ${isMariadb ? 'NULL AS expression' : 'EXPRESSION AS expression, IS_VISIBLE AS visible'}
       ${ignoredIndexes ? ", IF(IGNORED = 'YES', 'NO', 'YES') AS visible" : ''}
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

/** MySQL keeps the table of a check, and whether it is enforced, in TABLE_CONSTRAINTS only. */
export const CHECKS = (isMariadb: boolean): string =>
  isMariadb
    ? `
SELECT TABLE_NAME AS table_name, CONSTRAINT_NAME AS name, CHECK_CLAUSE AS expression
FROM information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE()`
    : `
SELECT t.TABLE_NAME AS table_name, c.CONSTRAINT_NAME AS name, c.CHECK_CLAUSE AS expression, t.ENFORCED AS enforced
FROM information_schema.CHECK_CONSTRAINTS c
JOIN information_schema.TABLE_CONSTRAINTS t
  ON t.CONSTRAINT_SCHEMA = c.CONSTRAINT_SCHEMA AND t.CONSTRAINT_NAME = c.CONSTRAINT_NAME
WHERE c.CONSTRAINT_SCHEMA = DATABASE() AND t.CONSTRAINT_TYPE = 'CHECK'`;

/** Views, triggers, events and the names of routines in one statement. */
export const OBJECTS = `
SELECT 'view' AS kind, TABLE_NAME AS name, NULL AS table_name, VIEW_DEFINITION AS body, NULL AS timing, NULL AS event,
       NULL AS place, DATABASE() AS database_name, NULLIF(DEFINER, CURRENT_USER()) AS definer
FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE()
UNION ALL
SELECT 'trigger', TRIGGER_NAME, EVENT_OBJECT_TABLE, ACTION_STATEMENT, ACTION_TIMING, EVENT_MANIPULATION, ACTION_ORDER, NULL,
       NULLIF(DEFINER, CURRENT_USER())
FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()
UNION ALL
SELECT 'event', EVENT_NAME, NULL, NULL, NULL, NULL, NULL, NULL, NULLIF(DEFINER, CURRENT_USER())
FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE()
UNION ALL
SELECT LOWER(ROUTINE_TYPE), ROUTINE_NAME, NULL, NULL, NULL, NULL, NULL, NULL, NULLIF(DEFINER, CURRENT_USER())
FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE() AND ROUTINE_TYPE IN ('FUNCTION', 'PROCEDURE')`;

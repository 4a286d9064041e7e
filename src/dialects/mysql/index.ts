import type { Dialect } from '../dialect.js';
export const mysql: Dialect = undefined as never;
export const mariadb: Dialect = undefined as never;

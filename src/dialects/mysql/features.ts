import type { ServerVersion } from '../../engine/connection.js';

/** MySQL and MariaDB are one family; these are the points where they, or their versions, part. */
export interface Features {
  readonly isMariadb: boolean;
  /** A type of its own for UUIDs: MariaDB 10.7+. Elsewhere they are CHAR(36). */
  readonly uuid: boolean;
  /** Index parts that are truly descending: MySQL 8, MariaDB 10.8+. */
  readonly descendingIndexes: boolean;
  /** `((expression))` as an index part: MySQL 8.0.13+; MariaDB has none. */
  readonly expressionIndexes: boolean;
  /** `IGNORED`, which MySQL calls INVISIBLE: MariaDB 10.6+. */
  readonly ignoredIndexes: boolean;
}

export function featuresOf(server: ServerVersion): Features {
  const isMariadb = server.dialect === 'mariadb';
  const atLeast = (major: number, minor: number): boolean =>
    server.major > major || (server.major === major && server.minor >= minor);
  return {
    isMariadb,
    uuid: isMariadb && atLeast(10, 7),
    descendingIndexes: !isMariadb || atLeast(10, 8),
    expressionIndexes: !isMariadb,
    ignoredIndexes: isMariadb && atLeast(10, 6),
  };
}

/**
 * npm 11 warns about install scripts and npm 12 will not run them unasked, so a driver's binary may be missing. Throws with
 * the command that mends it. (PostgreSQL's package needs no script: `postgres.ts` does what it would do.)
 */
export async function checkSqliteBinary(): Promise<void> {
  try {
    const { default: Database } = await import('better-sqlite3');
    new Database(':memory:').close();
  } catch (error) {
    throw new Error('better-sqlite3 has no binary for this Node. Run "npm rebuild better-sqlite3".', { cause: error });
  }
}

/** `aludel/testing`: for the tests of programs that use Aludel, in vitest or any other runner. */
import '../metadata-actions.js';

export { testSession } from '../sessions.js';
export type { TestSession } from '../orm/session/test-session.js';
export { expectQueries } from './expect-queries.js';
export { testMigrations, type TestMigrationsOptions } from './test-migrations.js';

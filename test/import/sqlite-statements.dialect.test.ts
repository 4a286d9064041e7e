import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDatabase, dialects } from '../support/databases.js';
import { describeEach } from '../support/describe-each.js';
import { dumpDatabase } from '../support/dump.js';
import { executeSql } from '../support/execute-sql.js';
import { createProject, type TestProject } from '../support/project.js';
import { createFixtureDatabase, type Fixture, loadFixture } from './load-fixture.js';

import { expect, test } from 'vitest';
import type { CheckReport } from '../../src/commands/check.js';
import { renderCheck } from '../../src/commands/render-check.js';

const CLEAN: CheckReport = {
  isInStep: true,
  operations: [],
  descriptions: [],
  questions: [],
  edited: [],
  diff: '',
  warnings: [],
  config: '/app/migrate.config.ts',
  places: [],
};

const USERS = { namespace: null, name: 'users' };
const REPORT: CheckReport = {
  ...CLEAN,
  isInStep: false,
  operations: [{ kind: 'setTableComment', table: USERS, comment: 'a', existing: null }],
  descriptions: ['comment "50% <off>"'],
  edited: [{ revision: 'aaaa', file: '/app/migrations/a b.ts', appliedAt: '2026-01-02T03:04:05Z' }],
  warnings: [{ rule: 'redundant-index', table: 'teams', name: 'ix', message: 'Twice,\nreally.' }],
  places: [{ table: 'users', file: '/app/models/user.ts', line: 7 }],
};

const render = (report: CheckReport, format: Parameters<typeof renderCheck>[1], strict = false): string =>
  renderCheck(report, format, { strict, cwd: '/app', version: '1.2.3' });

test('annotations escape what would end them, and warnings become errors under strict', () => {
  expect(render(REPORT, 'github').split('\n')).toEqual([
    '::error file=models/user.ts,line=7,title=aludel%3A pending-operation::Pending: comment "50%25 <off>".',
    '::warning file=migrations/a b.ts,line=1,title=aludel%3A edited-revision::Revision "aaaa" has changed since it was applied.',
    '::warning file=migrate.config.ts,line=1,title=aludel%3A redundant-index::Twice,%0Areally.',
  ]);
  expect(render(REPORT, 'github', true)).not.toContain('::warning');
  expect(render(CLEAN, 'github')).toBe('');
});

test('JUnit has a case for each finding, of which those fail that make the command fail', () => {
  expect(render(REPORT, 'junit')).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="aludel check" tests="3" failures="1" errors="0">
  <testsuite name="aludel check" tests="3" failures="1" errors="0" skipped="0">
    <testcase classname="pending-operation" name="Pending: comment &quot;50% &lt;off&gt;&quot;." file="models/user.ts" line="7">
      <failure type="pending-operation" message="Pending: comment &quot;50% &lt;off&gt;&quot;.">models/user.ts:7</failure>
    </testcase>
    <testcase classname="edited-revision" name="Revision &quot;aaaa&quot; has changed since it was applied." file="migrations/a b.ts" line="1">
      <system-out>Warning: migrations/a b.ts:1</system-out>
    </testcase>
    <testcase classname="redundant-index" name="Twice,\uFFFDreally." file="migrate.config.ts" line="1">
      <system-out>Warning: migrate.config.ts:1</system-out>
    </testcase>
  </testsuite>
</testsuites>`);
  expect(render(REPORT, 'junit', true)).toContain('tests="3" failures="3"');
});

test('JUnit has one case that passes where nothing is found', () => {
  expect(render(CLEAN, 'junit')).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="aludel check" tests="1" failures="0" errors="0">
  <testsuite name="aludel check" tests="1" failures="0" errors="0" skipped="0">
    <testcase classname="pending-operation" name="The database is what the models say." />
  </testsuite>
</testsuites>`);
});

test('SARIF 2.1.0 names the rule, the level and the place of each finding', () => {
  const rules = ['pending-operation', 'edited-revision', 'redundant-index', 'foreign-key-without-index'];
  const result = (
    index: number,
    level: string,
    text: string,
    uri: string,
    startLine: number,
    table?: string,
  ): unknown => ({
    ruleId: rules[index],
    ruleIndex: index,
    level,
    message: { text },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri }, region: { startLine } },
        ...(table !== undefined && { logicalLocations: [{ fullyQualifiedName: table, kind: 'type' }] }),
      },
    ],
  });
  expect(JSON.parse(render(REPORT, 'sarif'))).toEqual({
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'aludel',
            version: '1.2.3',
            rules: rules.map((id) => ({ id, shortDescription: { text: expect.any(String) } })),
          },
        },
        results: [
          result(0, 'error', 'Pending: comment "50% <off>".', 'models/user.ts', 7, 'users'),
          result(1, 'warning', 'Revision "aaaa" has changed since it was applied.', 'migrations/a%20b.ts', 1),
          result(2, 'warning', 'Twice,\nreally.', 'migrate.config.ts', 1, 'teams'),
        ],
      },
    ],
  });
  expect(JSON.parse(render(CLEAN, 'sarif'))).toMatchObject({ runs: [{ results: [] }] });
});

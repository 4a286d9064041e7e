/** The report of a check in the formats that other programs read. */
import { relative } from 'node:path';
import type { CheckReport } from './check.js';
import { type Finding, findingsOf, RULES } from './check-findings.js';

export type CheckFormat = 'sarif' | 'junit' | 'github';

export interface RenderCheckOptions {
  /** Warnings count as failures. */
  readonly strict: boolean;
  /** Paths are written as they are seen from here. */
  readonly cwd: string;
  /** Of Aludel. */
  readonly version: string;
}

export function renderCheck(report: CheckReport, format: CheckFormat, options: RenderCheckOptions): string {
  const findings = findingsOf(report, options.strict).map((finding) => ({
    ...finding,
    file: relative(options.cwd, finding.file).replaceAll('\\', '/'),
  }));
  switch (format) {
    case 'sarif':
      return toSarif(findings, options.version);
    case 'junit':
      return toJunit(findings);
    case 'github':
      return findings.map(toAnnotation).join('\n');
  }
}

/** https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html */
function toSarif(findings: readonly Finding[], version: string): string {
  const rules = Object.entries(RULES).map(([id, text]) => ({ id, shortDescription: { text } }));
  const results = findings.map(({ rule, message, isFailure, table, file, line }) => ({
    ruleId: rule,
    ruleIndex: rules.findIndex(({ id }) => id === rule),
    level: isFailure ? 'error' : 'warning',
    message: { text: message },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: encodeURI(file) }, region: { startLine: line } },
        ...(table === null ? {} : { logicalLocations: [{ fullyQualifiedName: table, kind: 'type' }] }),
      },
    ],
  }));
  const document = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver: { name: 'aludel', version, rules } }, results }],
  };
  return JSON.stringify(document, null, 2);
}

/** One case for each finding; a check that finds nothing is one that passes. https://github.com/testmoapp/junitxml */
function toJunit(findings: readonly Finding[]): string {
  const failures = findings.filter(({ isFailure }) => isFailure).length;
  const pending = findings.some(({ rule }) => rule === 'pending-operation');
  const inStep = pending
    ? []
    : ['    <testcase classname="pending-operation" name="The database is what the models say." />'];
  const cases = findings.map(({ rule, message, isFailure, file, line }) => {
    const where = `${file}:${line}`;
    const text = escapeXml(message);
    return [
      `    <testcase classname="${rule}" name="${text}" file="${escapeXml(file)}" line="${line}">`,
      isFailure
        ? `      <failure type="${rule}" message="${text}">${escapeXml(where)}</failure>`
        : `      <system-out>${escapeXml(`Warning: ${where}`)}</system-out>`,
      '    </testcase>',
    ].join('\n');
  });
  const counts = `tests="${cases.length + inStep.length}" failures="${failures}" errors="0"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="aludel check" ${counts}>`,
    `  <testsuite name="aludel check" ${counts} skipped="0">`,
    ...inStep,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
  ].join('\n');
}

/** XML has no way to write most control characters. */
function escapeXml(text: string): string {
  const marks: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replaceAll(/\p{Cc}/gu, '\uFFFD').replaceAll(/[&<>"]/gu, (mark) => marks[mark] ?? mark);
}

/** https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
function toAnnotation({ rule, message, isFailure, file, line }: Finding): string {
  const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
  const place = `file=${property(file)},line=${line},title=${property(`aludel: ${rule}`)}`;
  return `::${isFailure ? 'error' : 'warning'} ${place}::${data(message)}`;
}

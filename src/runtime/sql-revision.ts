import { readFile } from 'node:fs/promises';
import { splitSql, type SqlStatement } from '../dialects/split-sql.js';
import { tokenizeSql } from '../dialects/tokenize-sql.js';
import type { DialectName } from '../engine/connection.js';
import type { AludelError } from '../errors.js';
import type { Operations } from '../operations/recorder.js';
import { invalid, parseSqlHeader, SECTION } from '../revisions/sql-file.js';

/**
 * An SQL file as what a module would export: `upgrade` and `downgrade` run its statements in their order.
 * @throws AludelError ALUDEL_REVISION_INVALID naming the line of what cannot be read, or cannot run in a revision.
 */
export async function loadSqlRevision(file: string, dialect: DialectName): Promise<Record<string, unknown>> {
  const source = await readFile(file, 'utf8');
  const { id, isTransactional } = parseSqlHeader(source, file);
  const functions = findSections(source, file, dialect).map(([direction, text, start]) => {
    const statements = splitSql(text, dialect);
    for (const statement of statements) {
      const line = source.slice(0, start + statement.start).split('\n').length;
      refuseStatement(statement, { file, line, dialect, isTransactional });
    }
    const run = (op: Operations): void => {
      for (const { sql } of statements) op.execute(sql);
    };
    return [direction, run] as const;
  });
  return { revision: id, transaction: isTransactional, ...Object.fromEntries(functions) };
}

type Section = readonly [direction: 'upgrade' | 'downgrade', text: string, start: number];

/** The lines that begin sections are comments of their own: the same words inside a text or a body are part of it. */
function findSections(source: string, file: string, dialect: DialectName): Section[] {
  const first = SECTION.exec(source)?.index ?? 0;
  const marks = tokenizeSql(source.slice(first), dialect).filter(({ kind, text, start }) => {
    const isLine = source.slice(source.lastIndexOf('\n', first + start - 1) + 1, first + start).trim() === '';
    return kind === 'comment' && isLine && SECTION.test(text);
  });
  const sections = marks.map(({ text, end }, index): Section => {
    const direction = /downgrade/iu.test(text) ? 'downgrade' : 'upgrade';
    const from = first + end;
    return [direction, source.slice(from, first + (marks[index + 1]?.start ?? source.length)), from];
  });
  for (const direction of ['upgrade', 'downgrade'] as const) {
    if (sections.filter(([name]) => name === direction).length > 1) {
      throw invalid(file, `has the line "-- ${direction}" twice`, 'Put what stands behind both behind one.');
    }
  }
  return sections;
}

interface Place {
  readonly file: string;
  readonly line: number;
  readonly dialect: DialectName;
  readonly isTransactional: boolean;
}

function refuseStatement({ sql, isOpen }: SqlStatement, { file, line, dialect, isTransactional }: Place): void {
  const fail = (problem: string, hint: string): AludelError => invalid(file, `${problem} (line ${line})`, hint);
  if (isOpen)
    throw fail('ends in the middle of a statement', 'Close the quote, comment, parenthesis or body that begins there.');
  if (/^\\\w/u.test(sql)) throw fail('holds a command of psql', 'Only SQL can be run.');
  if (/^DELIMITER\b/iu.test(sql)) {
    throw fail('holds DELIMITER, a command of the mysql client', 'Leave it out: only MySQL and MariaDB have it.');
  }
  if (dialect === 'postgres' && /^COPY\b[\s\S]*\bFROM\s+STDIN\b/iu.test(sql)) {
    throw fail('holds COPY FROM STDIN, which only psql feeds', 'Write INSERT statements.');
  }
  const isControl =
    /^(?:BEGIN(?!\s+NOT\b)|START\s+TRANSACTION|COMMIT|END|ROLLBACK(?!\s+(?:TRANSACTION\s+|WORK\s+)?TO\b))\b/iu.test(
      sql,
    );
  if (isControl && isTransactional) {
    throw fail(
      'begins or ends a transaction, and a revision has one already',
      'Leave that out, or write "-- transaction: false" into the header.',
    );
  }
}

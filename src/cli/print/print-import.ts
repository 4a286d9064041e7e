import { relative } from 'node:path';
import type { ImportReport } from '../../commands/import.js';
import type { Output } from '../output.js';

export function printImport(report: ImportReport, output: Output): void {
  const { applied, descriptions, dropStatements, historyTables, revision, tablesToExclude, tool } = report;
  const count = `${applied.length} ${applied.length === 1 ? 'migration' : 'migrations'}`;
  output.print(`${count} of ${tool}, all applied, become one baseline:`);
  for (const line of descriptions) output.print(`  ${output.paint('green', '+')} ${line}`);
  if (report.file === null) {
    output.print('Nothing was written. To write it: run the command again without --dry-run');
    return;
  }
  output.print(`Wrote ${output.paint('bold', relative(process.cwd(), report.file))}`);
  output.print(`The database is at ${output.paint('yellow', revision)}. No revision ran: the tables are as they were.`);
  output.print(`Other databases at the same place: npx aludel stamp ${revision}`);
  if (dropStatements.length > 0) {
    output.print(`What ${tool} keeps in ${historyTables.join(', ')} was left alone. When nobody needs it any more:`);
    for (const sql of dropStatements) output.print(`  ${sql}`);
  }
  if (tablesToExclude.length > 0) {
    const names = tablesToExclude.map((name) => `'${name}'`).join(', ');
    output.print(`Until then, keep autogenerate off it. In the config: exclude: [${names}]`);
  }
  output.print('Next: npx aludel check');
}

import type { EditReport } from '../../commands/edit.js';
import type { TemplateEntry } from '../../commands/list-templates.js';
import type { Output } from '../output.js';

export function printEdit(report: EditReport, output: Output): void {
  for (const { revision, down, message } of report.revisions) {
    const what = report.changed.includes(revision)
      ? output.paint('green', 'changed')
      : output.paint('dim', 'as it was');
    const parents = down.length === 0 ? 'base' : down.join(', ');
    output.print(
      `${what}  ${output.paint('yellow', revision)}, parent ${parents}${message === null ? '' : `, ${message}`}`,
    );
  }
  output.print('Next: npx aludel upgrade head');
}

export function printTemplates(templates: readonly TemplateEntry[], output: Output): void {
  const width = Math.max(0, ...templates.map(({ name }) => name.length));
  for (const { name, description } of templates) {
    output.print(`${output.paint('bold', name.padEnd(width))}  ${description}`.trimEnd());
  }
  output.print('Next: npx aludel init --template NAME');
}

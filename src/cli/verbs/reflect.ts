import { relative } from 'node:path';
import type { ReflectReport } from '../../commands/reflect.js';
import { type CommandTable, report } from '../command-table.js';
import { type CommonOptions, projectOptions } from '../options.js';
import type { Output } from '../output.js';
import { repeatable } from '../repeatable.js';

interface ReflectFlags extends CommonOptions {
  readonly format: string;
  readonly split: boolean;
  readonly output?: string;
  readonly force: boolean;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly namespace: readonly string[];
}

/** The verb that writes what a database holds: `reflect`. */
export function addReflectVerbs(table: CommandTable): void {
  table
    .add('reflect [url]', 'write models, SQL, JSON or a diagram of an existing database')
    .option('--format <name>', 'models, sql, json, mermaid, svg or html', 'models')
    .option('-o, --output <path>', 'the file, or with --split the folder, to write (default: print)')
    .option('--split', 'one file a table, and one for the Base', false)
    .option('--force', 'overwrite files that exist', false)
    .option('--include <glob>', 'only tables that fit; may be repeated', repeatable, [])
    .option('--exclude <glob>', 'leave out tables that fit; may be repeated', repeatable, [])
    .option('--namespace <name>', 'only this PostgreSQL schema; may be repeated', repeatable, [])
    .action((url: string | undefined, options: ReflectFlags) =>
      table.run(
        options,
        async ({ json, namespace, format, split, output: path, force, include, exclude, ...project }, output) => {
          const { reflect } = await import('../../commands/reflect.js');
          const result = await reflect({
            ...projectOptions(project),
            ...(url === undefined ? {} : { url }),
            ...(namespace.length === 0 ? {} : { namespaces: namespace }),
            format,
            split,
            output: path,
            force,
            include,
            exclude,
          });
          return report(result, json, output, printReflect);
        },
      ),
    );
}

function printReflect({ files, written, tables, leftOut }: ReflectReport, output: Output): void {
  if (written.length === 0) {
    for (const { text } of files) output.printRaw(text);
    return;
  }
  for (const file of written) output.print(`Wrote ${output.paint('bold', relative(process.cwd(), file))}`);
  output.print(`${tables} ${tables === 1 ? 'table' : 'tables'}.`);
  for (const sentence of leftOut) output.note(`Left out: ${sentence.split('\n')[0] ?? ''}`);
}

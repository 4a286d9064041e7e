/** What to say when a file of the project cannot be loaded. Imported only then. */

import { dirname, isAbsolute, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

import { AludelError } from '../errors.js';
import { locateSyntaxError } from './locate-syntax-error.js';
import type { SyntaxErrorPlace } from './locate-syntax-error.js';
import type { ModuleErrorFacts } from './typescript-hooks.js';

const FILE_HINT = 'Correct the file, then run the command again.';

/** No engine runs them, and what TypeScript makes of them depends on settings that Aludel does not read. */
const DECORATOR_HINT =
  'Decorators cannot be run as they are: keep them out of this file, or name the compiled JavaScript in the config.';

const BASE_HINT =
  'Files import each other in a circle. Put Base in a file of its own that imports no models, as "npx aludel init" does.';

/** Makes an ALUDEL_MODULE_FAILED of whatever the import of `file` threw; `error` becomes its `cause`. */
export function describeModuleFailure(file: string, error: unknown): AludelError {
  const facts: ModuleErrorFacts = error instanceof Error ? (error as ModuleErrorFacts) : {};
  const message = error instanceof Error ? error.message : String(error);

  // What `require` does not find reaches no hook where the requiring file is plain CommonJS.
  const [, required, requirer] = /^Cannot find module '([^']+)'\nRequire stack:\n- (.+)/.exec(message) ?? [];
  const specifier = facts.specifier ?? required;
  if (specifier !== undefined) return importNotFound(file, specifier, facts.importer ?? requirer, error);
  const thrownAt = placeOfThrow(error);
  if (error instanceof Error && error.name === 'SyntaxError') {
    const place = placeInStack(error) ?? locateSyntaxError(facts.file ?? file);
    // Without a place in either it is an error at run time, of JSON.parse for example.
    if (place !== undefined || thrownAt === undefined) return syntaxError(file, message, place, error);
  }
  const where =
    thrownAt === undefined || thrownAt.file === file ? lineOf(thrownAt) : ` (at "${thrownAt.file}"${lineOf(thrownAt)})`;
  return new AludelError('ALUDEL_MODULE_FAILED', `File "${file}"${where} threw: ${message}`, {
    hint: isCycle(message) ? BASE_HINT : FILE_HINT,
    details: { file, thrownAt },
    cause: error,
  });
}

function importNotFound(file: string, specifier: string, importer: string | undefined, cause: unknown): AludelError {
  const from = importer ?? file;
  const isPackage = !/^[./#]|^[a-z]+:/i.test(specifier);
  const name = /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
  const via = from === file ? '' : ` (loaded from "${file}")`;
  return new AludelError('ALUDEL_MODULE_FAILED', `Cannot find "${specifier}", imported by "${from}"${via}.`, {
    hint: isPackage ? `Run "npm install ${name}", or correct the import.` : 'Correct the import, or add the file.',
    details: { file, specifier, importer: from },
    cause,
  });
}

function syntaxError(file: string, message: string, place: SyntaxErrorPlace | undefined, cause: unknown): AludelError {
  const at =
    place === undefined ? file : [place.file, place.line, place.column].filter((part) => part !== undefined).join(':');
  const source = place === undefined ? '' : `\n\n${place.line} | ${place.source}${caret(place)}`;
  const reason = message.replace(/^SyntaxError: /, '').replace(/\.?$/, '.');
  const name = /does not provide an export named '(.+?)'/.exec(message)?.[1];
  const via = place === undefined || place.file === file ? '' : ` (loaded from "${file}")`;
  const perhaps = place === undefined ? ' or a file that it imports' : '';
  return new AludelError('ALUDEL_MODULE_FAILED', `Syntax error in "${at}"${perhaps}${via}: ${reason}${source}`, {
    hint:
      name !== undefined
        ? `Export it, or write "import type" or "export type" if "${name}" is a type.`
        : isDecorator(place)
          ? DECORATOR_HINT
          : FILE_HINT,
    details: { file: place?.file ?? file, line: place?.line, column: place?.column },
    cause,
  });
}

function isDecorator(place: SyntaxErrorPlace | undefined): boolean {
  return place?.column !== undefined && /^@[\w$]/.test(place.source.slice(place.column - 1));
}

function caret({ line, column, source }: SyntaxErrorPlace): string {
  if (column === undefined) return '';
  // A tab stays a tab, so that the caret stands under its column whatever the tab width.
  const indent = source.slice(0, column - 1).replace(/[^\t]/g, ' ');
  return `\n${' '.repeat(String(line).length)} | ${indent}^`;
}

/** "Does not provide an export named": Node writes the place before the message, as `file:///path:line`. */
function placeInStack(error: Error): SyntaxErrorPlace | undefined {
  const match = /^(file:\/\/[^\n]+):(\d+)\n([^\n]*)\n/.exec(error.stack ?? '');
  const [, url, line, source] = match ?? [];
  if (url === undefined || line === undefined || source === undefined) return undefined;
  return { file: fileURLToPath(url), line: Number(line), column: undefined, source };
}

interface Throw {
  readonly file: string;
  readonly line: number;
}

/** The first file in the stack that is neither Node's, nor a package's, nor ours. */
function placeOfThrow(error: unknown): Throw | undefined {
  if (!(error instanceof Error)) return undefined;
  const own = dirname(fileURLToPath(import.meta.url)) + sep;
  for (const [, at, line] of (error.stack ?? '').matchAll(/^\s+at (?:.*\()?(.+?):(\d+):\d+\)?$/gm)) {
    const file = at?.startsWith('file:') === true ? fileURLToPath(at) : at;
    if (file === undefined || !isAbsolute(file)) continue;
    if (file.includes(`${sep}node_modules${sep}`) || file.startsWith(own)) continue;
    return { file, line: Number(line) };
  }
  return undefined;
}

function lineOf(place: Throw | undefined): string {
  return place === undefined ? '' : ` line ${place.line}`;
}

/** A class that extends what a circle of imports has not yet defined. */
function isCycle(message: string): boolean {
  return (
    /^Cannot access '[^']+' before initialization$/.test(message) ||
    /^Class extends value (?:undefined|\[object Module\])/.test(message) ||
    /^Cannot read properties of undefined \(reading '(?:table|metadata)'\)$/.test(message)
  );
}

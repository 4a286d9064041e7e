/**
 * Finds the syntax error that Node refuses a file for. Node keeps the place for itself when it compiles an ES module
 * (it is printed only for an uncaught error), so the file and what it imports are parsed again, each as a script.
 */

import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Script } from 'node:vm';

import { findFile } from './find-file.js';
import { loadStripTypes } from './load-strip-types.js';

/** A place in a source file. */
export interface SyntaxErrorPlace {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1; absent where only the line is known. */
  readonly column: number | undefined;
  /** The text of the line. */
  readonly source: string;
}

const RELATIVE_IMPORT = /(?:\bfrom|\bimport|\bimport\s*\(|\brequire\s*\()\s*['"](\.{1,2}\/[^'"]+)['"]/g;

/** The first syntax error of `file` or, depth first, of the files that it imports by a relative path. */
export function locateSyntaxError(file: string, visited: Set<string> = new Set()): SyntaxErrorPlace | undefined {
  visited.add(file);
  const source = readFileSync(file, 'utf8');
  const own = checkSyntax(file, source);
  if (own !== undefined) return own;
  for (const [, specifier] of source.matchAll(RELATIVE_IMPORT)) {
    const imported = specifier === undefined ? undefined : findFile(resolve(dirname(file), specifier));
    if (imported === undefined || visited.has(imported) || !/\.[cm]?[jt]s$/.test(imported)) continue;
    const found = locateSyntaxError(imported, visited);
    if (found !== undefined) return found;
  }
  return undefined;
}

function checkSyntax(file: string, source: string): SyntaxErrorPlace | undefined {
  const at = (line: number, column?: number): SyntaxErrorPlace => {
    return { file, line, column, source: source.split(/\r?\n/)[line - 1] ?? '' };
  };
  try {
    const { toCommonJs } = loadStripTypes();
    // Modules are strict and may await at their top level.
    void new Script(`(async()=>{'use strict';${toCommonJs(source, /\.[cm]?ts$/.test(file))}\n})`, {
      filename: file,
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) return undefined;
    if ('line' in error && 'column' in error) return at(Number(error.line), Number(error.column));
    // V8 puts `file:line`, the line and carets under the token before the message.
    const [, line, text, carets] = /:(\d+)\n([^\n]*)\n([ \t]*\^+)/.exec(error.stack ?? '') ?? [];
    if (line === undefined || text === undefined || carets === undefined) return undefined;
    const place = at(Number(line));
    const column = findColumn(place.source, text, carets.indexOf('^'));
    return { ...place, column };
  }
}

/** The types are gone from the text that V8 saw: its column holds as far as the lines agree, else the token's if unique. */
function findColumn(source: string, seen: string, index: number): number | undefined {
  if (source.startsWith(seen.slice(0, index + 1))) return index + 1;
  const token = /^(?:[\w$]+|.)/.exec(seen.slice(index))?.[0];
  if (token === undefined || source.indexOf(token) !== source.lastIndexOf(token)) return undefined;
  return source.includes(token) ? source.indexOf(token) + 1 : undefined;
}

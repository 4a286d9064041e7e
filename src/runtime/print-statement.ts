import type { Dialect, Statement } from '../dialects/dialect.js';
import { tokenizeSql } from '../dialects/tokenize-sql.js';
import { inlineParams } from './inline-params.js';

/** A statement as a file holds it, its values written out; null where they can only be bound: arrays and objects. */
export function printStatement({ sql, params = [], printed, expect }: Statement, dialect: Dialect): string | null {
  // What Aludel would look at while it runs is left to who reads the output.
  if (expect?.kind === 'noRows') return `-- Must give no row:\n${sql};`;
  if (expect !== undefined) return `-- Must give two equal numbers:\n${sql};`;
  const text = params.length === 0 ? sql : (printed ?? inlineParams(sql, params, dialect));
  return text === null ? null : `${text};`;
}

/** For a client that would cut the body of a trigger or function at its semicolons; the statement ends in one. */
export function delimit(statement: string, { name, capabilities }: Dialect): string {
  const hasBody =
    capabilities.delimiters &&
    tokenizeSql(statement.slice(0, -1), name).some(({ kind, text }) => kind === 'symbol' && text === ';');
  return hasBody ? `DELIMITER ;;\n${statement};\nDELIMITER ;` : statement;
}

/** The file that keeps answers about renames: `{ "renames": ["users.name:users.full_name"], "drops": ["users.age"] }`. */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import type { RenameAnswers } from '../autogenerate/renames/resolve-answers.js';
import { AludelError } from '../errors.js';

export type KeptAnswers = Required<Omit<RenameAnswers, 'remembered'>>;

/**
 * The answers in a file; none where the file is yet to be written and `mayBeMissing` is true.
 * @throws AludelError ALUDEL_USAGE when there is no such file, or something else is in it.
 */
export async function readAnswers(file: string, options: { readonly mayBeMissing: boolean }): Promise<KeptAnswers> {
  if (!existsSync(file)) {
    if (options.mayBeMissing) return { renames: [], drops: [] };
    throw new AludelError('ALUDEL_USAGE', `There is no answer file "${file}".`, {
      hint: 'Write { "renames": ["old:new"], "drops": [] } into it, or run the command on a terminal to be asked.',
    });
  }
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw unreadable(file, error instanceof Error ? error.message : String(error));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unreadable(file, 'it is no object');
  const { renames = [], drops = [], ...others } = value as Readonly<Record<string, unknown>>;
  const [other] = Object.keys(others);
  if (other !== undefined) throw unreadable(file, `"${other}" is neither "renames" nor "drops"`);
  return { renames: textsOf(file, 'renames', renames), drops: textsOf(file, 'drops', drops) };
}

/** Writes the answers, each once, in the order in which they were given. */
export async function writeAnswers(file: string, answers: KeptAnswers): Promise<void> {
  const kept = { renames: [...new Set(answers.renames)], drops: [...new Set(answers.drops)] };
  await writeFile(file, `${JSON.stringify(kept, null, 2)}\n`);
}

function textsOf(file: string, key: string, value: unknown): string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw unreadable(file, `"${key}" is no list of texts`);
}

function unreadable(file: string, reason: string): AludelError {
  return new AludelError('ALUDEL_USAGE', `The answer file "${file}" cannot be read: ${reason}.`, {
    hint: 'It holds { "renames": ["users.name:users.full_name"], "drops": ["users.age"] }.',
  });
}

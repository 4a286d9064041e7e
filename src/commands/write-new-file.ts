import { writeFile } from 'node:fs/promises';
import { AludelError } from '../errors.js';

/**
 * Writes a file, and never over one.
 * @throws AludelError ALUDEL_FILE_EXISTS.
 */
export async function writeNewFile(file: string, text: string, hint = 'Give another name.'): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    throw new AludelError('ALUDEL_FILE_EXISTS', `"${file}" exists already.`, {
      hint: hint.replace(/\.$/, ', or move the file away.'),
    });
  }
}

import type { BackfillQuestion } from '../commands/decide-backfills.js';
import { askText, type PromptStreams } from './prompt.js';

/** Asks what goes into the rows of a column that becomes required. */
export function askBackfill(question: BackfillQuestion, streams: PromptStreams = {}): Promise<string> {
  const { column, rows, suggestion } = question;
  return askText(
    `"${column}" becomes required, and ${rows === 1 ? '1 row has' : `${rows} rows have`} no value. Which one, as SQL?`,
    {
      ...(suggestion === null ? {} : { default: suggestion }),
      validate: (text) => (text.trim() === '' ? "Write SQL, '' for an empty text." : undefined),
    },
    streams,
  );
}

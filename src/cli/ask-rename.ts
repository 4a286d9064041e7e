import type { RenameQuestion } from '../commands/decide-renames.js';
import { askChoice, type PromptStreams } from './prompt.js';

const KINDS = {
  table: 'Table',
  column: 'Column',
  enum: 'Type',
  enumValue: 'Value',
  sequence: 'Sequence',
} as const;

/** Asks what became of something that the models do not have any more. */
export function askRename(question: RenameQuestion, streams: PromptStreams = {}): Promise<string | null> {
  const { kind, dropped, candidates } = question;
  const name = dropped.replace(/^(?:enum|sequence) /, '');
  return askChoice<string | null>(
    `${KINDS[kind]} "${name}" is not in the models any more. What became of it?`,
    [
      ...candidates.map(({ to, answer, score }) => ({
        value: answer,
        name: `it is now "${to}"`,
        description: `Renamed, and keeps its data (likeness ${Math.round(score * 100)} %): --rename ${answer}`,
      })),
      { value: null, name: 'it is dropped', description: `Its data goes: --drop ${dropped}` },
    ],
    streams,
  );
}

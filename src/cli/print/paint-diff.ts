import type { Output, Style } from '../output.js';

/** A unified difference with the colours that everybody knows, where there is colour. */
export function paintDiff(diff: string, { paint }: Pick<Output, 'paint'>): string {
  return diff
    .split('\n')
    .map((line) => {
      const style = styleOf(line);
      return style === null ? line : paint(style, line);
    })
    .join('\n');
}

function styleOf(line: string): Style | null {
  if (line.startsWith('--- ') || line.startsWith('+++ ')) return 'bold';
  if (line.startsWith('@@')) return 'dim';
  if (line.startsWith('+')) return 'green';
  return line.startsWith('-') ? 'red' : null;
}

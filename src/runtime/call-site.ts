import { fileURLToPath } from 'node:url';

/** `file:line` of the innermost caller inside `file`, or null when the stack does not show it. */
export function callSite(file: string): string | null {
  const { stack = '' } = new Error('call site');
  for (const line of stack.split('\n')) {
    const match = /\(?((?:file:\/\/)?[^()\s][^()]*?)(?:\?[^():]*)?:(\d+):\d+\)?$/.exec(line);
    if (match?.[1] === undefined || match[2] === undefined) continue;
    const path = match[1].replace(/^.*?(?=file:\/\/)/, '');
    if (toPath(path).endsWith(file)) return `${file}:${match[2]}`;
  }
  return null;
}

function toPath(text: string): string {
  return text.startsWith('file://') ? fileURLToPath(text) : text;
}

import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

/** `file:line` of the innermost caller inside `file`, or of what `error` was thrown from; null when no stack shows it. */
export function callSite(file: string, error: Error = new Error('call site')): string | null {
  const { stack = '' } = error;
  const name = basename(file);
  for (const line of stack.split('\n')) {
    // Quickly seen of most lines; a URL may write the name with escapes.
    if (!line.includes(name) && !line.includes('%')) continue;
    const match = /\(?((?:file:\/\/)?[^()\s][^()]*?)(?:\?[^():]*)?:(\d+):\d+\)?$/.exec(line);
    if (match?.[1] === undefined || match[2] === undefined) continue;
    const path = match[1].replace(/^.*?(?=file:\/\/)/, '');
    if (toPath(path).endsWith(file)) return `${file}:${match[2]}`;
  }
  return null;
}

/** `callSite` of the call that is made now, read when it is asked for: nearly always never, and stacks are slow to write. */
export function lazyCallSite(file: string): () => string | null {
  const error = new Error('call site');
  let site: string | null | undefined;
  return () => (site === undefined ? (site = callSite(file, error)) : site);
}

/** As `callSite`, for callers that wait behind many frames of a library. */
export function distantCallSite(file: string): string | null {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 60;
  const error = new Error('call site');
  Error.stackTraceLimit = stackTraceLimit;
  return callSite(file, error);
}

function toPath(text: string): string {
  return text.startsWith('file://') ? fileURLToPath(text) : text;
}

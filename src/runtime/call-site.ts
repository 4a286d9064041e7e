import { fileURLToPath } from 'node:url';

/** `file:line` of the innermost caller inside `file`, or of what `error` was thrown from; null when no stack shows it. */
export function callSite(file: string, error: Error = new Error('call site')): string | null {
  const { stack = '' } = error;
  for (const line of stack.split('\n')) {
    const match = /\(?((?:file:\/\/)?[^()\s][^()]*?)(?:\?[^():]*)?:(\d+):\d+\)?$/.exec(line);
    if (match?.[1] === undefined || match[2] === undefined) continue;
    const path = match[1].replace(/^.*?(?=file:\/\/)/, '');
    if (toPath(path).endsWith(file)) return `${file}:${match[2]}`;
  }
  return null;
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

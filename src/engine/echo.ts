import type { EchoEvent } from './connection.js';

/** One line per statement on standard error; parameters only where the event brings them. */
export function printEcho(event: EchoEvent): void {
  const params = event.params === undefined || event.params.length === 0 ? '' : ` -- ${formatParams(event.params)}`;
  process.stderr.write(`${event.sql}${params} [${event.milliseconds.toFixed(1)} ms]\n`);
}

function formatParams(params: readonly unknown[]): string {
  return JSON.stringify(params, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
}

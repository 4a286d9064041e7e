import type { PostgresQuery, Wire } from './postgres-query.js';

/**
 * Statements that go to the server in one write, with one Sync behind them: it works on the next while we read the rows of
 * the last. They are one transaction, and behind one that fails none is run.
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-PIPELINING
 */
export class PostgresBatch {
  /** The driver's own, for its timer. */
  callback: (error: Error | null) => void = () => undefined;
  readonly #queries: readonly PostgresQuery[];
  /** How many have been answered. */
  #answered = 0;

  constructor(queries: readonly PostgresQuery[]) {
    this.#queries = queries;
  }

  get #current(): PostgresQuery | undefined {
    return this.#queries[this.#answered];
  }

  submit(wire: Wire): null {
    wire.stream.cork();
    try {
      for (const query of this.#queries) query.send(wire);
      wire.sync();
    } finally {
      wire.stream.uncork();
    }
    return null;
  }

  handleRowDescription(message: Parameters<PostgresQuery['handleRowDescription']>[0]): void {
    this.#current?.handleRowDescription(message);
  }

  handleDataRow(message: Parameters<PostgresQuery['handleDataRow']>[0]): void {
    this.#current?.handleDataRow(message);
  }

  handleCommandComplete(message: Parameters<PostgresQuery['handleCommandComplete']>[0]): void {
    const query = this.#current;
    this.#answered += 1;
    query?.handleCommandComplete(message);
    query?.handleReadyForQuery();
  }

  handleEmptyQuery(): void {
    this.handleCommandComplete({ text: '' });
  }

  handleReadyForQuery(): void {
    this.callback(null);
  }

  /** Those behind the one that has failed are not run, and fail with it. */
  handleError(error: Error): void {
    const rest = this.#queries.slice(this.#answered);
    this.#answered = this.#queries.length;
    for (const query of rest) query.handleError(error);
    this.callback(error);
  }

  handleCopyInResponse(wire: Wire): void {
    this.#current?.handleCopyInResponse(wire);
  }

  handleCopyData(): void {}
}

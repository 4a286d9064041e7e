/**
 * One statement on the wire of `pg`, as `pg-cursor` and other classes of their own speak there. What the driver's `Query`
 * does for each statement (an event emitter, a copy of its options, a template of the row, a description of columns that
 * are known) takes it longer than all the rest.
 */
import type { PreparedStatement, WireField } from './prepared-statements.js';

/** What `pg` sends as a parameter. */
export type Parameter = Buffer | string | null;
export type ToParameter = (value: unknown) => Parameter;

/** What `@types/pg` leaves out. */
export interface Wire {
  readonly stream: { cork(): void; uncork(): void };
  close(message: { readonly type: 'S'; readonly name: string }): void;
  parse(message: { readonly text: string; readonly name: string }): void;
  bind(message: { readonly statement: string; readonly values: readonly Parameter[] }): void;
  describe(message: { readonly type: 'P'; readonly name: string }): void;
  execute(message: object): void;
  sync(): void;
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(message: string): void;
}

export interface PostgresQueryOptions {
  readonly sql: string;
  readonly values?: readonly Parameter[];
  /** Gives arrays instead of objects. */
  readonly asArrays?: boolean;
  /** How the text of a type is read. Default: it stays text. */
  readonly parserOf?: (oid: number) => WireField['parse'];
  /** What the connection knows of the statement, where it is to be kept. */
  readonly prepared?: PreparedStatement | undefined;
  /**
   * A statement that begins a transaction in the same round trip: the server answers both at the one Sync behind them.
   * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY
   */
  readonly begin?: string | undefined;
  /** By the simple protocol, one message instead of five, which would run a text of several statements. */
  readonly isSimple?: boolean;
  /** Sends what a COPY reads, by the simple protocol. Default: it fails. */
  readonly onCopy?: (wire: Wire) => void;
}

export class PostgresQuery {
  readonly rows: unknown[] = [];
  fields: readonly WireField[] = [];
  /** The command tag and the number behind it. */
  command = '';
  rowCount = 0;
  /** Called when the server has answered, by the driver itself where the connection is lost. */
  callback: (error: Error | null) => void = () => undefined;
  readonly #options: PostgresQueryOptions;
  /** A row of which nothing is known but the names. */
  #template: Record<string, unknown> | undefined;
  /** Why a row could not be read: told when the server has sent the rest. */
  #failure: Error | undefined;

  constructor(options: PostgresQueryOptions) {
    this.#options = options;
  }

  submit(wire: Wire): null {
    const { sql, isSimple = false } = this.#options;
    if (isSimple) {
      wire.query(sql);
      return null;
    }
    // One write for all messages.
    wire.stream.cork();
    try {
      this.send(wire);
      wire.sync();
    } finally {
      wire.stream.uncork();
    }
    return null;
  }

  /** All messages but the Sync that the server answers at. */
  send(wire: Wire): void {
    const { sql, values = [], prepared, begin } = this.#options;
    if (begin !== undefined) {
      wire.parse({ text: begin, name: '' });
      wire.bind({ statement: '', values: [] });
      wire.execute({});
    }
    const name = prepared?.name ?? '';
    if (prepared?.fields === undefined) {
      // The server may know the name from a first run that has failed, and minds no unknown one.
      if (prepared !== undefined) wire.close({ type: 'S', name });
      wire.parse({ text: sql, name });
      wire.bind({ statement: name, values });
      wire.describe({ type: 'P', name: '' });
    } else {
      // The server refuses to run a kept statement whose columns have changed: what it said of them stays true.
      this.fields = prepared.fields;
      wire.bind({ statement: name, values });
    }
    wire.execute({});
  }

  handleRowDescription({ fields }: { readonly fields: readonly { name: string; dataTypeID: number }[] }): void {
    const { parserOf = () => (text: string) => text } = this.#options;
    this.fields = fields.map(({ name, dataTypeID }) => ({ name, parse: parserOf(dataTypeID) }));
    this.#template = undefined;
  }

  handleDataRow({ fields: values }: { readonly fields: (string | null)[] }): void {
    if (this.#failure !== undefined) return;
    try {
      this.rows.push(this.#options.asArrays === true ? this.#readArray(values) : this.#readObject(values));
    } catch (error) {
      this.#failure = error instanceof Error ? error : new Error(String(error));
    }
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    const parts = text.split(' ');
    this.command = parts[0] ?? '';
    this.rowCount = parts.length > 1 ? Number(parts.at(-1)) : 0;
  }

  handleEmptyQuery(): void {}

  handleReadyForQuery(): void {
    const { prepared } = this.#options;
    if (prepared !== undefined) prepared.fields = this.fields;
    this.callback(this.#failure ?? null);
  }

  handleError(error: Error): void {
    this.callback(this.#failure ?? error);
  }

  handleCopyInResponse(wire: Wire): void {
    const { onCopy } = this.#options;
    if (onCopy !== undefined) return onCopy(wire);
    wire.sendCopyFail('No rows are sent here');
    // The server has passed over the one behind the statement.
    wire.sync();
  }

  handleCopyData(): void {}

  /** The list that the driver has made for this row is ours. */
  #readArray(values: (string | null)[]): unknown[] {
    const row: unknown[] = values;
    const { fields } = this;
    for (let i = 0; i < values.length; i++) {
      const text = values[i];
      if (typeof text === 'string') row[i] = fields[i]?.parse(text);
    }
    return row;
  }

  /** As a copy of a row without values, which takes V8 a fraction of one property after the other. */
  #readObject(values: readonly (string | null)[]): object {
    const { fields } = this;
    // By definition of properties: a column may be called `__proto__`.
    this.#template ??= Object.fromEntries(fields.map(({ name }) => [name, null]));
    const row = { ...this.#template };
    for (let i = 0; i < fields.length; i++) {
      const field = fields[i];
      const text = values[i];
      if (field !== undefined) row[field.name] = typeof text === 'string' ? field.parse(text) : null;
    }
    return row;
  }
}

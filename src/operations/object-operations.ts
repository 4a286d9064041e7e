import { checkValues } from '../schema/check-parts.js';
import { type ObjectDefinition, type ObjectReference, parseObject, parseObjectName } from '../schema/objects.js';
import { buildEnum, type EnumerationOptions } from '../schema/enumeration.js';
import { buildSequence, parseOwner, type SequenceOptions } from '../schema/sequence.js';
import { parseTableName, type TableReference } from '../schema/table-name.js';
import { checkOptions } from '../util/known-options.js';
import type { Operation } from './operation.js';
import { type AddEnumValueOptions, flags, METHOD_OPTIONS as KNOWN } from './recorder-options.js';
import { sequenceChanges } from './sequence-changes.js';
import { TableOperations } from './table-operations.js';

/** The methods of `op` for what stands beside tables: namespaces, enums, sequences, views and the like. */
export class ObjectOperations extends TableOperations {
  readonly #record: (operation: Operation) => void;

  constructor(record: (operation: Operation) => void) {
    super(record);
    this.#record = record;
  }

  createNamespace(name: string): void {
    this.#record({ kind: 'createNamespace', name });
  }

  dropNamespace(name: string): void {
    this.#record({ kind: 'dropNamespace', name });
  }

  /** PostgreSQL: an enum type. Elsewhere enums live in their columns, and this does nothing. */
  createEnum(name: TableReference, values: readonly string[], options: EnumerationOptions = {}): void {
    checkValues(`op.createEnum("${String(name)}")`, values);
    this.#record({ kind: 'createEnum', enum: buildEnum(name, values, options) });
  }

  dropEnum(name: TableReference): void {
    this.#record({ kind: 'dropEnum', enum: parseTableName(name), existing: null });
  }

  /** PostgreSQL: columns of the type follow. Elsewhere enums have no name in the database, and this does nothing. */
  renameEnum(name: TableReference, to: string): void {
    this.#record({ kind: 'renameEnum', enum: parseTableName(name), to });
  }

  /** Makes `values` the values of the enum, in this order: the type is swapped and the columns keep their data. */
  alterEnum(name: TableReference, values: readonly string[]): void {
    checkValues(`op.alterEnum("${String(name)}")`, values);
    this.#record({ kind: 'alterEnum', enum: parseTableName(name), values, existing: null });
  }

  /** `null` removes the comment. Only PostgreSQL has enum types that can have one. */
  setEnumComment(name: TableReference, comment: string | null): void {
    this.#record({ kind: 'setEnumComment', enum: parseTableName(name), comment, existing: null });
  }

  /** Adds a value before or behind another one, or at the end. */
  addEnumValue(name: TableReference, value: string, options: AddEnumValueOptions = {}): void {
    const { before = null, after, ifNotExists } = checkOptions('op.addEnumValue', options, KNOWN.addEnumValue);
    if (before !== null && after !== undefined)
      throw new TypeError('a value goes "before" another or "after" it, not both');
    const said = { ...(after === undefined ? {} : { after }), ...flags({ ifNotExists }) };
    this.#record({ kind: 'addEnumValue', enum: parseTableName(name), value, before, existing: null, ...said });
  }

  /**
   * Rows that hold `value` hold `to` afterwards. `columns` are the columns of the type (`table.column`) for databases
   * where enums live in their columns; PostgreSQL needs none.
   * @example op.renameEnumValue('ticket_status', 'open', 'opened', { columns: ['tickets.status'] })
   */
  renameEnumValue(
    name: TableReference,
    value: string,
    to: string,
    options: { readonly columns?: readonly string[] } = {},
  ): void {
    const type = parseTableName(name);
    const { columns: owners = [] } = checkOptions('op.renameEnumValue', options, { columns: true });
    const columns = owners.flatMap((text) => parseOwner(text, type) ?? []);
    this.#record({ kind: 'renameEnumValue', enum: type, value, to, columns });
  }

  /** PostgreSQL. @example op.createSequence('order_numbers', { start: 1000, increment: 10 }) */
  createSequence(name: TableReference, options: SequenceOptions = {}): void {
    this.#record({ kind: 'createSequence', sequence: buildSequence(name, options) });
  }

  /** Changes what is named; the sequence goes on counting where it is. */
  alterSequence(name: TableReference, options: SequenceOptions): void {
    const sequence = parseTableName(name);
    this.#record({ kind: 'alterSequence', sequence, changes: sequenceChanges(sequence, options), existing: null });
  }

  dropSequence(name: TableReference): void {
    this.#record({ kind: 'dropSequence', sequence: parseTableName(name), existing: null });
  }

  /** PostgreSQL; it goes on counting where it is, and defaults that count with it follow. */
  renameSequence(name: TableReference, to: string): void {
    this.#record({ kind: 'renameSequence', sequence: parseTableName(name), to });
  }

  /**
   * A view, a function, a trigger or any other object beside tables, by its CREATE statement.
   * @example op.createObject({ kind: 'view', name: 'open_tickets', definition: 'CREATE VIEW open_tickets AS SELECT ...' })
   */
  createObject(object: ObjectDefinition): void {
    this.#record({ kind: 'createObject', object: parseObject(object) });
  }

  /** Puts the object in place of the one of its name; `existing` is that one, for what is changed step by step. */
  replaceObject(object: ObjectDefinition, existing?: ObjectDefinition): void {
    const before = existing === undefined ? null : parseObject(existing);
    this.#record({ kind: 'replaceObject', object: parseObject(object), existing: before });
  }

  /** @example op.dropObject({ kind: 'trigger', name: 'touch', table: 'tickets' }) */
  dropObject(object: ObjectReference): void {
    this.#record({ kind: 'dropObject', object: parseObjectName(object), existing: null });
  }
}

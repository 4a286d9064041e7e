import type { CompileContext, Dialect, Statement } from '../dialects/dialect.js';
import { AludelError } from '../errors.js';
import { apply } from '../operations/apply.js';
import { describe } from '../operations/describe.js';
import type { CustomOperation, Operation } from '../operations/operation.js';
import type { OperationMethods } from '../operations/recorder.js';
import { parseTableName } from '../schema/table-name.js';
import type { Schema } from '../schema/table.js';
import { callExtension, wrongAnswer } from './call-extension.js';
import type { CompileOperationContext, OperationDefinition, OperationSql } from './define-operation.js';
import { findOddValue } from './plain-data.js';

/** A definition and who brings it. */
export interface OwnedDefinition {
  readonly definition: OperationDefinition;
  /** The plugin's name. */
  readonly plugin: string;
}

/** The operations that the plugins of one project define. Two projects share nothing. */
export class OperationSet {
  readonly #definitions: ReadonlyMap<string, OwnedDefinition>;
  readonly #configFile: string;

  constructor(definitions: readonly OwnedDefinition[], configFile: string) {
    this.#definitions = new Map(definitions.map((owned) => [owned.definition.name, owned]));
    this.#configFile = configFile;
  }

  /** What `op` gets besides its own methods. */
  get methods(): OperationMethods {
    const methods = [...this.#definitions.keys()].map((name): [string, OperationMethods[string]] => [
      name,
      (...args) => this.settle({ kind: 'custom', name, args }),
    ]);
    return Object.fromEntries(methods);
  }

  /**
   * The operation with everything that its definition says of it; others as they are.
   * @throws AludelError ALUDEL_EXTENSION_FAILED where the definition throws or an argument is no plain data.
   */
  settle(operation: Operation): Operation {
    if (operation.kind !== 'custom') return operation;
    const { definition, source } = this.#require(operation);
    const args = withoutTrailingUndefined(operation.args);
    const odd = findOddValue(args, `op.${operation.name}`);
    if (odd !== null) throw this.#wrong(source, `was given ${odd}: operations are plain data`);
    const back = this.#reverseOf(source, definition, args);
    const isDestructive = this.#call(source, () => definition.isDestructive?.(args) === true);
    return {
      kind: 'custom',
      name: operation.name,
      args,
      summary: this.#summaryOf(source, definition, args),
      ...(back === null ? {} : { reverse: this.#settleReverse(back) }),
      ...(isDestructive ? { isDestructive } : {}),
    };
  }

  /** The schema after an operation, in memory. */
  apply(schema: Schema, operation: Operation): Schema {
    if (operation.kind !== 'custom') return apply(schema, operation);
    const { definition, source } = this.#require(operation);
    return this.#call(source, () => definition.apply?.(schema, operation.args) ?? schema);
  }

  /** The dialect that also compiles these operations. */
  extend(dialect: Dialect): Dialect {
    if (this.#definitions.size === 0) return dialect;
    const { groups } = dialect;
    const compile: Dialect['compile'] = (operation, context) =>
      operation.kind === 'custom' ? this.#compile(operation, dialect, context) : dialect.compile(operation, context);
    const isCustom = ([first]: readonly Operation[]): boolean => first?.kind === 'custom';
    return {
      ...dialect,
      compile,
      needsSchema: (operation) =>
        operation.kind === 'custom'
          ? this.#definitions.get(operation.name)?.definition.needsSchema === true
          : dialect.needsSchema(operation),
      needsForeignKeysOff: (operation) => operation.kind !== 'custom' && dialect.needsForeignKeysOff(operation),
      ...(groups === undefined
        ? {}
        : {
            groups: {
              find: (operations) => groups.find(operations),
              compile: (group, context) =>
                isCustom(group)
                  ? group.flatMap((operation) => compile(operation, context))
                  : groups.compile(group, context),
            },
          }),
    };
  }

  /** The definition behind an operation, where there is one. */
  find(name: string): OwnedDefinition | undefined {
    return this.#definitions.get(name);
  }

  #compile(operation: CustomOperation, dialect: Dialect, { server, before }: CompileContext): readonly Statement[] {
    const { definition, source } = this.#require(operation);
    const { compile } = definition;
    const compileHere = typeof compile === 'function' ? compile : (compile[dialect.name] ?? compile.default);
    if (compileHere === undefined) {
      const known = Object.keys(compile).join(', ') || 'no database';
      throw new AludelError(
        'ALUDEL_OPERATION_UNSUPPORTED',
        `Cannot ${describe(operation)}: ${source} says how for ${known}, and not for ${dialect.name}.`,
        { hint: `Add "${dialect.name}" or "default" to its "compile", or take the operation out of the revision.` },
      );
    }
    const context: CompileOperationContext = {
      dialect: dialect.name,
      server,
      before: definition.needsSchema === true ? before : null,
      quoteIdentifier: dialect.quoteIdentifier,
      quoteTable: (name) => dialect.quoteTable(parseTableName(name)),
      quoteText: (text) => dialect.renderExpression({ kind: 'literal', value: text }),
    };
    const sql: unknown = this.#call(source, () => compileHere(operation.args, context));
    if (!isOperationSql(sql)) throw this.#wrong(source, 'gave no SQL: a statement, or a list of them, is needed');
    return [sql].flat().map((statement) => (typeof statement === 'string' ? { sql: statement } : statement));
  }

  #reverseOf(source: string, { reverse }: OperationDefinition, args: readonly unknown[]): Operation | null {
    if (typeof reverse === 'string') return { kind: 'custom', name: reverse, args };
    return reverse === undefined ? null : this.#call(source, () => reverse(args));
  }

  #settleReverse(back: Operation): Operation {
    if (back.kind !== 'custom') return back;
    const { definition, source } = this.#require(back);
    const args = withoutTrailingUndefined(back.args);
    const isDestructive = this.#call(source, () => definition.isDestructive?.(args) === true);
    const summary = this.#summaryOf(source, definition, args);
    // The way back of the way back is where it came from.
    return { kind: 'custom', name: back.name, args, summary, ...(isDestructive ? { isDestructive } : {}) };
  }

  #summaryOf(source: string, definition: OperationDefinition, args: readonly unknown[]): string {
    const summary: unknown = this.#call(source, () => definition.describe(args));
    if (typeof summary === 'string' && summary.trim() !== '') return summary;
    throw this.#wrong(source, 'has a "describe" that gives no text');
  }

  #require({ name }: CustomOperation): { readonly definition: OperationDefinition; readonly source: string } {
    const owned = this.#definitions.get(name);
    if (owned !== undefined) return { definition: owned.definition, source: sourceOf(owned) };
    throw new AludelError('ALUDEL_OPERATION_UNSUPPORTED', `No plugin of "${this.#configFile}" defines "op.${name}".`, {
      hint: 'Add the plugin that does to "plugins" in the config file.',
      details: { operation: name, config: this.#configFile },
    });
  }

  #call<T>(source: string, run: () => T): T {
    return callExtension(source, this.#configFile, run);
  }

  #wrong(source: string, problem: string): AludelError {
    return wrongAnswer(source, this.#configFile, problem);
  }
}

function sourceOf({ definition, plugin }: OwnedDefinition): string {
  return `operation "${definition.name}" of plugin "${plugin}"`;
}

/** Optional parameters that were left out. */
function withoutTrailingUndefined(args: readonly unknown[]): readonly unknown[] {
  const end = args.findLastIndex((arg) => arg !== undefined);
  return args.slice(0, end + 1);
}

function isOperationSql(value: unknown): value is OperationSql {
  const isStatement = (item: unknown): boolean =>
    typeof item === 'string' ||
    (typeof item === 'object' && item !== null && 'sql' in item && typeof item.sql === 'string');
  return typeof value === 'string' || (Array.isArray(value) && value.every(isStatement));
}

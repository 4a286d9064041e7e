import type { TableDefinition } from '../../schema/metadata.js';
import type { TableArg } from '../../schema/table-args.js';
import { formatTableName } from '../../schema/table-name.js';

/** A class as far as registration looks at it. */
export interface RegisteredModel {
  readonly name: string;
  readonly tableArgs?: () => readonly TableArg[];
}

export interface RegistrationOptions {
  /** The class is mapped as it is, and the table says its indexes and constraints itself. Default: false. */
  readonly isPlain?: boolean;
  readonly inherited?: object | undefined;
}

const all: WeakMap<TableDefinition, ModelRegistration> = new WeakMap();

/**
 * Tells a table which class is its model. `tableArgs` stands on the user's subclass, which the declaration of the table
 * cannot see: it shows itself when it is exported from a model file, used, or given to `Base.register()`.
 */
export class ModelRegistration {
  readonly #definition: TableDefinition;
  /** What `Base.table()` returned; a class below it replaces it. */
  readonly #root: object;
  /** The class that a child extends: what it inherits of statics is not its own. */
  readonly #inherited: RegisteredModel | undefined;
  #model: RegisteredModel | undefined;
  #rival: RegisteredModel | undefined;

  constructor(definition: TableDefinition, root: object, { isPlain = false, inherited }: RegistrationOptions = {}) {
    this.#definition = definition;
    this.#root = root;
    this.#inherited = inherited as RegisteredModel | undefined;
    all.set(definition, this);
    if (isPlain) {
      this.#model = root as RegisteredModel;
      return;
    }
    definition.args = () => {
      const args = this.#model?.tableArgs;
      if (args === undefined || args === this.#inherited?.tableArgs) return [];
      if (typeof args !== 'function') throw new TypeError('tableArgs is a function that gives a list: () => [...]');
      return args.call(this.#model);
    };
    definition.incomplete = () => this.#problem();
  }

  /** The model class of a table, as far as it has shown itself. */
  static modelOf(definition: TableDefinition): RegisteredModel | undefined {
    const registration = all.get(definition);
    return registration === undefined ? undefined : registration.#model;
  }

  /** Takes note of a class of this table: the most derived one is the model. Anything else is left alone. */
  record(model: unknown): void {
    if (model === this.#model || !this.#isOfThisTable(model)) return;
    if (this.#model === undefined || isBelow(model, this.#model)) this.#model = model;
    else if (!isBelow(this.#model, model)) this.#rival = model;
  }

  #isOfThisTable(model: unknown): model is RegisteredModel {
    return typeof model === 'function' && (model === this.#root || isBelow(model, this.#root));
  }

  #problem(): string | undefined {
    const { tableName } = this.#definition;
    const label = formatTableName(tableName);
    if (this.#model === undefined && this.#inherited !== undefined) {
      return `The class of table "${label}" that extends "${this.#inherited.name}" is not known: export it from a file that "models" matches, or call Base.register() with it.`;
    }
    if (this.#model === undefined) {
      const guess = guessClassName(tableName.name);
      return `The model class of table "${label}" is not known: export it from a file that "models" matches, or call Base.register(${guess}).`;
    }
    if (this.#rival === undefined) return undefined;
    return `Table "${label}" has two model classes, "${this.#model.name}" and "${this.#rival.name}": let one extend the other, or drop one.`;
  }
}

function isBelow(model: object, ancestor: object): boolean {
  return Object.prototype.isPrototypeOf.call(ancestor, model);
}

/** `ticket_tags` to `TicketTag`: for a hint only. */
function guessClassName(tableName: string): string {
  const pascal = tableName.replace(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, first: string) => first.toUpperCase());
  if (pascal.endsWith('ies')) return `${pascal.slice(0, -3)}y`;
  if (/(?:s|x|ch|sh)es$/.test(pascal)) return pascal.slice(0, -2);
  return /[^s]s$/.test(pascal) ? pascal.slice(0, -1) : pascal;
}

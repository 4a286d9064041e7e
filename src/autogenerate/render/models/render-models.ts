/** A schema as the source of models, such that comparing them with the database finds nothing. */
import type { Dialect } from '../../../dialects/dialect.js';
import { hasIndex, usualName } from '../../../operations/part-names.js';
import type { Part } from '../../../operations/partitions.js';
import { DEFAULT_NAMING, type NamedKind, type NamingConvention } from '../../../schema/naming.js';
import { type DatabaseObject, statementOf } from '../../../schema/objects.js';
import { type EnumType, type Schema, type Table, tableKey } from '../../../schema/table.js';
import { call, type Doc, escapeTemplate, object as objectDoc, print, quote } from '../document.js';
import { enumArguments, renderTableName } from '../render-column.js';
import { renderOptions } from '../render-object.js';
import { renderSequence } from '../render-sequence.js';
import { type ModelContext, MODEL_WIDTH } from './context.js';
import { inferNaming } from './infer-naming.js';
import { planConstant, planModels } from './model-plan.js';
import { planRelations } from './plan-relations.js';
import { renderModel } from './render-model.js';
import { wordsOf } from './words.js';

export interface ModelFilesOptions {
  readonly dialect: Dialect['name'];
  /** Primary keys have names there. */
  readonly keysHaveNames: boolean;
  /** One file a table, with `base.ts` beside them. Default: one file for all. */
  readonly split?: boolean;
  /** Sentences on what was left out before, to be repeated in the file. */
  readonly leftOut?: readonly string[];
}

/** A file relative to the folder that it is written to. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
}

export interface ModelFiles {
  readonly files: readonly TextFile[];
  /** What the models do not say, a sentence each. */
  readonly leftOut: readonly string[];
}

/** One section of the output: a model, an enum, a sequence. */
interface Section {
  readonly name: string;
  readonly text: string;
  readonly imports: ReadonlySet<string>;
  readonly used: ReadonlySet<string>;
}

/** The files of the models: the same schema gives the same bytes. */
export function renderModels(schema: Schema, options: ModelFilesOptions): ModelFiles {
  const leftOut = [...(options.leftOut ?? [])];
  const tables = schema.tables.map(withoutInherited);
  for (const table of tables) {
    for (const { name, definition } of table.indexes) {
      if (definition !== null) leftOut.push(`index "${name}" of table "${tableKey(table)}": ${definition}`);
    }
  }
  const shown = { ...schema, tables };
  const plans = planModels(shown);
  const relations = planRelations(plans);
  const taken = new Set(plans.map(({ name }) => name.toLowerCase()));
  const enums = planEnums(shown, taken);
  const { keysHaveNames } = options;
  const naming = inferNaming(shown, { keysHaveNames });
  const context = (): ModelContext => ({
    dialect: options.dialect,
    keysHaveNames,
    naming,
    enums: enums.shared,
    plans: new Map(plans.map((plan) => [tableKey(plan.table), plan])),
    imports: new Set(),
    used: new Set(),
    leftOut,
  });
  const section = (name: string, render: (own: ModelContext) => string): Section => {
    const own = context();
    const text = render(own);
    return { name, text, imports: own.imports, used: own.used };
  };
  const models = plans.map((plan) => section(plan.name, (own) => renderModel(plan, relations.get(plan) ?? [], own)));
  const types = [
    ...[...enums.shared.values()].map(({ name, type }) =>
      section(name, ({ imports }) => {
        imports.add('enumeration');
        const values = call('enumeration', renderTableName(type), ...enumArguments(type));
        return print({ ...values, prefix: `export const ${name} = () => ` }, '', ';', MODEL_WIDTH);
      }),
    ),
    ...enums.alone.map(({ name, type }) =>
      section(name, ({ used }) => {
        used.add('Base');
        return declaration(name, call('Base.metadata.enumeration', renderTableName(type), ...enumArguments(type)));
      }),
    ),
  ];
  const sequences = schema.sequences.map((sequence) => {
    const name = planConstant(sequence, taken);
    return section(name, ({ used }) => {
      used.add('Base');
      return declaration(name, call('Base.metadata.sequence', renderTableName(sequence), ...renderSequence(sequence)));
    });
  });
  const objects = (schema.objects ?? []).map((one) =>
    section('', ({ used }) => {
      used.add('Base');
      return print(renderObject(one), '', ';', MODEL_WIDTH);
    }),
  );
  const base = [renderBase(naming), renderElsewhere(tables)].filter((part) => part !== '').join('\n\n');
  const files = options.split === true ? splitFiles : oneFile;
  return { files: files(base, [...types, ...sequences], models, objects, leftOut), leftOut };
}

function declaration(name: string, doc: Doc): string {
  const prefixed = typeof doc === 'string' ? doc : { ...doc, prefix: `export const ${name} = ${doc.prefix}` };
  return print(prefixed, '', ';', MODEL_WIDTH);
}

interface PlannedEnums {
  readonly shared: ReadonlyMap<string, { readonly name: string; readonly type: EnumType }>;
  /** Enum types that no column is of. */
  readonly alone: readonly { readonly name: string; readonly type: EnumType }[];
}

function planEnums(schema: Schema, taken: Set<string>): PlannedEnums {
  const uses = new Map<string, number>();
  for (const { type } of schema.tables.flatMap((table) => table.columns)) {
    if (type.kind === 'enum') uses.set(tableKey(type), (uses.get(tableKey(type)) ?? 0) + 1);
  }
  const planned = (type: EnumType) => ({ name: planConstant(type, taken), type });
  // What is said of a type is said once, beside it.
  const isShared = (type: EnumType): boolean => (uses.get(tableKey(type)) ?? 0) > (type.comment === undefined ? 1 : 0);
  const shared = schema.enums.filter(isShared);
  const alone = schema.enums.filter((type) => !uses.has(tableKey(type)));
  return {
    shared: new Map(shared.map((type) => [tableKey(type), planned(type)])),
    alone: alone.map(planned),
  };
}

/** A partition has these from its table; it says only how it calls them. */
function withoutInherited(table: Table): Table {
  const isOwn = (part: Part): boolean =>
    part.inherited !== true || (hasIndex(part) && (part.name !== usualName(part, table) || 'only' in part));
  const { exclusions, primaryKey } = table;
  return {
    ...table,
    primaryKey: primaryKey !== null && isOwn(primaryKey) ? primaryKey : null,
    uniques: table.uniques.filter(isOwn),
    foreignKeys: table.foreignKeys.filter(isOwn),
    checks: table.checks.filter(isOwn),
    ...(exclusions === undefined ? {} : { exclusions: exclusions.filter(isOwn) }),
    indexes: table.indexes.filter(isOwn),
  };
}

/** `Base.metadata.object('view', 'active_users', { definition: '...' })` */
function renderObject(object: DatabaseObject): Doc {
  const { kind, namespace, name, signature, table, options, comment: said } = object;
  const isReferredTo = options !== undefined || said !== undefined;
  const text = statementOf(object);
  return call(
    'Base.metadata.object',
    quote(kind),
    renderTableName({ namespace, name }),
    objectDoc([
      ['table', table === undefined ? null : renderTableName(table)],
      ['signature', signature === undefined || !isReferredTo ? null : quote(signature)],
      ['definition', text.includes('\n') ? `\`${escapeTemplate(text)}\`` : quote(text)],
      ['options', options === undefined ? null : renderOptions(options)],
      ['comment', said === undefined ? null : quote(said)],
    ]),
  );
}

/** `export const Base = declarativeBase();`, with the patterns that the names follow. */
function renderBase(naming: NamingConvention): string {
  const kinds: readonly NamedKind[] = ['primaryKey', 'unique', 'foreignKey', 'check', 'index'];
  const changed = kinds.flatMap((kind): [string, Doc][] => {
    const template = naming[kind];
    if (template === DEFAULT_NAMING[kind] || typeof template === 'function') return [];
    return [[kind, template === null ? 'null' : quote(template)]];
  });
  const options = changed.length === 0 ? [] : [objectDoc([['namingConvention', objectDoc(changed)]])];
  return declaration('Base', call('declarativeBase', ...options));
}

/** `Base.metadata.elsewhere('auth.users');`: what foreign keys refer to that is not among the tables. */
function renderElsewhere(tables: readonly Table[]): string {
  const known = new Set(tables.map(tableKey));
  const targets = tables.flatMap(({ foreignKeys }) => foreignKeys.map(({ target }) => target));
  const missing = new Map(targets.map((target) => [tableKey(target), target]));
  for (const key of known) missing.delete(key);
  if (missing.size === 0) return '';
  const names = [...missing].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, target]) => renderTableName(target));
  return print(call('Base.metadata.elsewhere', ...names), '', ';', MODEL_WIDTH);
}

function oneFile(
  base: string,
  types: readonly Section[],
  models: readonly Section[],
  objects: readonly Section[],
  leftOut: readonly string[],
): TextFile[] {
  const sections = [...types, ...models, ...objects];
  const imports = new Set(['declarativeBase', ...sections.flatMap((section) => [...section.imports])]);
  const text = [
    renderImport(imports, 'aludel'),
    comment(leftOut),
    base,
    ...sections.map((section) => section.text),
  ].filter((part) => part !== '');
  return [{ path: 'models.ts', text: `${text.join('\n\n')}\n` }];
}

function splitFiles(
  base: string,
  types: readonly Section[],
  models: readonly Section[],
  objects: readonly Section[],
  leftOut: readonly string[],
): TextFile[] {
  const files = new Map<string, string>();
  const homes = new Map<string, string>([['Base', './base.js']]);
  const pathFor = (name: string): string => {
    const stem = wordsOf(name).join('-').toLowerCase() || 'table';
    let path = stem === 'base' || stem === 'types' || stem === 'objects' ? `${stem}-table` : stem;
    for (let number = 2; [...homes.values()].includes(`./${path}.js`); number++) path = `${stem}-${number}`;
    return path;
  };
  for (const { name } of types) homes.set(name, './types.js');
  for (const { name } of models) homes.set(name, `./${pathFor(name)}.js`);
  const write = (path: string, sections: readonly Section[]): void => {
    const own = new Set(sections.map(({ name }) => name));
    const imports = new Set(sections.flatMap((section) => [...section.imports]));
    const used = [...new Set(sections.flatMap((section) => [...section.used]))].filter((name) => !own.has(name));
    const homesUsed = [...new Set(used.map((name) => homes.get(name) ?? './base.js'))].sort();
    const lines = [
      renderImport(imports, 'aludel'),
      ...homesUsed.map((file) =>
        renderImport(new Set(used.filter((name) => (homes.get(name) ?? './base.js') === file)), file),
      ),
    ].filter((line) => line !== '');
    files.set(path, `${[lines.join('\n'), ...sections.map((section) => section.text)].filter(Boolean).join('\n\n')}\n`);
  };
  const head = [renderImport(new Set(['declarativeBase']), 'aludel'), comment(leftOut), base];
  files.set('base.ts', `${head.filter((part) => part !== '').join('\n\n')}\n`);
  if (types.length > 0) write('types.ts', types);
  if (objects.length > 0) write('objects.ts', objects);
  for (const model of models) write(`${(homes.get(model.name) ?? '').slice(2, -3)}.ts`, [model]);
  return [...files].map(([path, text]) => ({ path, text }));
}

function comment(leftOut: readonly string[]): string {
  if (leftOut.length === 0) return '';
  const lines = leftOut.flatMap((sentence) =>
    sentence.split('\n').map((line, i) => (i === 0 ? `- ${line}` : `  ${line}`)),
  );
  return ['// Left out, because models do not say it:', ...lines.map((line) => `// ${line}`.trimEnd())].join('\n');
}

/** `import { a, type B } from 'file';`, by name. */
function renderImport(names: ReadonlySet<string>, from: string): string {
  if (names.size === 0) return '';
  const sorted = [...names].sort();
  const flat = `import { ${sorted.join(', ')} } from '${from}';`;
  if (flat.length <= MODEL_WIDTH) return flat;
  return `import {\n${sorted.map((name) => `  ${name},\n`).join('')}} from '${from}';`;
}

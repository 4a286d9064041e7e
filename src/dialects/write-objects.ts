/** From what models declare to the CREATE statements of one database. */
import type { DialectName } from '../engine/connection.js';
import { AludelError } from '../errors.js';
import type { ObjectDeclaration, TriggerOptions, ViewOptions } from '../schema/declare-objects.js';
import type { Expression } from '../schema/expressions/expression.js';
import { byObjectKey, type DatabaseObject, describeObject, type ObjectKind } from '../schema/objects.js';
import { parseTableName } from '../schema/table-name.js';
import type { Index, TableName } from '../schema/table.js';

export interface ObjectRules {
  readonly database: DialectName;
  /** The kinds that the database has. */
  readonly kinds: ReadonlySet<ObjectKind>;
  quoteTable(name: TableName): string;
  quoteIdentifier(name: string): string;
  render(expression: Expression): string;
  /** CREATE INDEX, where views have indexes. */
  createIndex?(table: TableName, index: Index): string;
}

/** @throws AludelError ALUDEL_OPERATION_UNSUPPORTED for a kind that the database does not have. */
export function writeObjects(declared: readonly ObjectDeclaration[], rules: ObjectRules): DatabaseObject[] {
  return declared.flatMap((declaration) => writeObject(declaration, rules)).toSorted(byObjectKey);
}

function writeObject(declaration: ObjectDeclaration, rules: ObjectRules): DatabaseObject[] {
  const { body, form, comment, ...name } = declaration;
  const expression = 'kind' in body ? (body as Expression) : body[rules.database];
  if (expression === undefined) return [];
  if (!rules.kinds.has(name.kind)) {
    throw new AludelError(
      'ALUDEL_OPERATION_UNSUPPORTED',
      `The models declare ${describeObject(name)}, and ${DATABASES[rules.database]} has nothing of the kind.`,
      { hint: `Give its SQL by database, without "${rules.database}".` },
    );
  }
  const text = rules.render(expression).trim();
  const object = {
    ...name,
    definition: statement(declaration, text, rules),
    ...(comment === undefined ? {} : { comment }),
  };
  const indexes = form.kind === 'view' ? form.indexes : [];
  return [
    object,
    ...indexes.map((index): DatabaseObject => {
      return {
        kind: 'viewIndex',
        namespace: name.namespace,
        name: index.name,
        table: { namespace: name.namespace, name: name.name },
        definition: rules.createIndex?.(name, index) ?? '',
      };
    }),
  ];
}

const DATABASES: Readonly<Record<DialectName, string>> = {
  postgres: 'PostgreSQL',
  mysql: 'MySQL',
  mariadb: 'MariaDB',
  sqlite: 'SQLite',
};

function statement(declaration: ObjectDeclaration, text: string, rules: ObjectRules): string {
  const { form } = declaration;
  switch (form.kind) {
    case 'statement':
      return withoutEnd(text);
    case 'view':
      return writeView(declaration, withoutEnd(text), form.options, rules);
    case 'trigger':
      return writeTrigger(declaration.name, text, form.options, rules);
    case 'function': {
      const { args = '', returns, language = 'sql', attributes } = form.options;
      const head = `CREATE ${declaration.kind.toUpperCase()} ${rules.quoteTable(declaration)}(${args})`;
      const result = returns === undefined ? '' : ` RETURNS ${returns}`;
      const more = attributes === undefined ? '' : ` ${attributes}`;
      if (rules.database !== 'postgres') return `${head}${result}${more}\n${text}`;
      const quote = dollarQuote(text);
      return `${head}${result} LANGUAGE ${language}${more} AS ${quote}${text}${quote}`;
    }
  }
}

function writeView(declaration: ObjectDeclaration, query: string, options: ViewOptions, rules: ObjectRules): string {
  const name = rules.quoteTable(declaration);
  const { materialized = false, checkOption, securityBarrier, securityInvoker } = options;
  const check =
    checkOption === undefined || rules.database === 'sqlite' ? '' : `\nWITH ${checkOption.toUpperCase()} CHECK OPTION`;
  if (rules.database === 'postgres') {
    const settings = [
      ...(securityBarrier === true ? ['security_barrier=true'] : []),
      ...(securityInvoker === true ? ['security_invoker=true'] : []),
    ].join(', ');
    const clause = settings === '' ? '' : ` WITH (${settings})`;
    return `CREATE ${materialized ? 'MATERIALIZED ' : ''}VIEW ${name}${clause} AS\n${query}${check}`;
  }
  const security = securityInvoker === true && rules.database !== 'sqlite' ? 'SQL SECURITY INVOKER ' : '';
  return `CREATE ${security}VIEW ${name} AS ${query}${check}`;
}

function writeTrigger(name: string, text: string, options: TriggerOptions, rules: ObjectRules): string {
  const { timing, events, forEach = 'row', when, table } = options;
  const quoted = rules.quoteIdentifier(name);
  const on = rules.quoteTable(parseTableName(table));
  // MariaDB keeps these words as they are written, and its catalog has them in capitals.
  const words = events.map((event) => event.replace(/^\w+/, (word) => word.toUpperCase())).join(' OR ');
  const head = `CREATE TRIGGER ${quoted} ${timing.toUpperCase()} ${words} ON ${on}`;
  const condition = when === undefined ? '' : ` WHEN (${when})`;
  if (rules.database === 'postgres') {
    return `${head} FOR EACH ${forEach.toUpperCase()}${condition} EXECUTE FUNCTION ${withoutEnd(text)}`;
  }
  if (rules.database !== 'sqlite') return `${head} FOR EACH ROW ${withoutEnd(text)}`;
  const isBlock = /^begin\b/i.test(text);
  return `${head}${condition} ${isBlock ? withoutEnd(text) : `BEGIN ${withoutEnd(text)}; END`}`;
}

function withoutEnd(text: string): string {
  return text.trim().replace(/;$/, '').trimEnd();
}

/** `$function$`, with more letters where the text holds that. */
function dollarQuote(text: string): string {
  let tag = 'function';
  while (text.includes(`$${tag}$`)) tag += '_';
  return `$${tag}$`;
}

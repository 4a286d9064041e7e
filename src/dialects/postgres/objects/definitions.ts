/** Rows of `catalog.partsOf` as definitions, for the kinds that PostgreSQL does not print by itself. */
import { quoteIdentifier } from '../sql.js';

/** The `details` of a row. */
export type Details = Readonly<Record<string, unknown>>;

export interface Written {
  readonly definition: string;
  readonly parts?: Readonly<Record<string, string>>;
  readonly options?: Readonly<Record<string, string>>;
}

export function textIn(details: Details, key: string): string | null {
  const value = details[key];
  return value === null || value === undefined ? null : String(value);
}

export function flagIn(details: Details, key: string): boolean {
  return details[key] === true;
}

export function listIn(details: Details, key: string): readonly Details[] {
  const value = details[key];
  return Array.isArray(value) ? (value as readonly Details[]) : [];
}

/** https://www.postgresql.org/docs/current/sql-createdomain.html */
export function writeDomain(name: string, details: Details): Written {
  const [type = '', collation, value] = [
    textIn(details, 'type') ?? '',
    textIn(details, 'collation'),
    textIn(details, 'default'),
  ];
  const checks = listIn(details, 'checks');
  const isRequired = details['notNull'] === true;
  const lines = [
    `CREATE DOMAIN ${name} AS ${type}`,
    ...(collation === null ? [] : [`COLLATE ${collation}`]),
    ...(value === null ? [] : [`DEFAULT ${value}`]),
    ...(isRequired ? ['NOT NULL'] : []),
  ];
  const valid = checks.filter((check) => !isNotValid(check));
  const clauses = valid.map((check) => `  CONSTRAINT ${quote(textIn(check, 'name'))} ${textIn(check, 'definition')}`);
  const parts = {
    type,
    ...(collation === null ? {} : { collation }),
    ...(value === null ? {} : { default: value }),
    ...(isRequired ? { notNull: 'true' } : {}),
    ...Object.fromEntries(checks.map((check) => [`check ${textIn(check, 'name')}`, textIn(check, 'definition') ?? ''])),
  };
  const options = Object.fromEntries([
    ...checks.flatMap((check) =>
      isNotValid(check) ? [[`not valid ${textIn(check, 'name')}`, textIn(check, 'definition')]] : [],
    ),
    ...checks.flatMap((check) => {
      const comment = textIn(check, 'comment');
      return comment === null ? [] : [[`comment on ${textIn(check, 'name')}`, comment]];
    }),
  ]) as Record<string, string>;
  return { definition: [lines.join(' '), ...clauses].join('\n'), parts, ...withOptions(options) };
}

/** CREATE DOMAIN does not take NOT VALID. */
function isNotValid(check: Details): boolean {
  return textIn(check, 'definition')?.endsWith(' NOT VALID') === true;
}

/** https://www.postgresql.org/docs/current/sql-createtype.html */
export function writeComposite(name: string, details: Details): Written {
  const columns = listIn(details, 'columns');
  const typeOf = (column: Details): string => {
    const collation = textIn(column, 'collation');
    return `${textIn(column, 'type')}${collation === null ? '' : ` COLLATE ${collation}`}`;
  };
  const lines = columns.map((column) => `  ${quote(textIn(column, 'name'))} ${typeOf(column)}`);
  return {
    definition: `CREATE TYPE ${name} AS (\n${lines.join(',\n')}\n)`,
    parts: {
      order: JSON.stringify(columns.map((column) => textIn(column, 'name'))),
      ...Object.fromEntries(columns.map((column) => [`attribute ${textIn(column, 'name')}`, typeOf(column)])),
    },
    ...withOptions(columnComments(columns)),
  };
}

export function writeRange(name: string, details: Details): Written {
  const clauses = [
    ['SUBTYPE', 'subtype'],
    ['SUBTYPE_OPCLASS', 'opclass'],
    ['COLLATION', 'collation'],
    ['CANONICAL', 'canonical'],
    ['SUBTYPE_DIFF', 'difference'],
    ['MULTIRANGE_TYPE_NAME', 'multirange'],
  ] as const;
  const lines = clauses.flatMap(([word, key]) => {
    const value = textIn(details, key);
    return value === null ? [] : [`  ${word} = ${value}`];
  });
  return { definition: `CREATE TYPE ${name} AS RANGE (\n${lines.join(',\n')}\n)` };
}

/** `SELECT ...` without the semicolon that PostgreSQL prints behind it. */
export function writeView(name: string, details: Details, isMaterialized: boolean): Written {
  const query = (textIn(details, 'definition') ?? '').trim().replace(/;$/, '');
  const stored = Array.isArray(details['options']) ? details['options'].map(String) : [];
  const columns = listIn(details, 'columns');
  const [method, tablespace] = [textIn(details, 'method'), textIn(details, 'tablespace')];
  const head = [
    `CREATE ${isMaterialized ? 'MATERIALIZED VIEW' : 'VIEW'} ${name}`,
    ...(method === null ? [] : [`USING ${method}`]),
    ...(stored.length === 0 ? [] : [`WITH (${stored.map(writeStorage).join(', ')})`]),
    ...(tablespace === null ? [] : [`TABLESPACE ${quote(tablespace)}`]),
    'AS',
  ].join(' ');
  const tail = isMaterialized && details['populated'] === false ? '\nWITH NO DATA' : '';
  const defaults = columns.flatMap((column) => {
    const value = textIn(column, 'default');
    return value === null ? [] : [[`default of ${textIn(column, 'name')}`, value]];
  });
  return {
    definition: `${head}\n${query}${tail}`,
    parts: { columns: columns.map((column) => `${textIn(column, 'name')} ${textIn(column, 'type')}`).join(', ') },
    ...withOptions({ ...columnComments(columns), ...(Object.fromEntries(defaults) as Record<string, string>) }),
  };
}

/** `fillfactor=70` as SQL: values are strings for PostgreSQL whatever they are. */
function writeStorage(option: string): string {
  const at = option.indexOf('=');
  return `${option.slice(0, at)}='${option.slice(at + 1).replaceAll("'", "''")}'`;
}

function columnComments(columns: readonly Details[]): Record<string, string> {
  return Object.fromEntries(
    columns.flatMap((column) => {
      const comment = textIn(column, 'comment');
      return comment === null ? [] : [[`comment on ${textIn(column, 'name')}`, comment]];
    }),
  ) as Record<string, string>;
}

const COMMANDS: Readonly<Record<string, string>> = { r: 'SELECT', a: 'INSERT', w: 'UPDATE', d: 'DELETE', '*': 'ALL' };

/** https://www.postgresql.org/docs/current/sql-createpolicy.html */
export function writePolicy(name: string, table: string, details: Details): Written {
  const command = COMMANDS[textIn(details, 'command') ?? '*'] ?? 'ALL';
  const [using, check] = [textIn(details, 'using'), textIn(details, 'check')];
  const roles = textIn(details, 'roles') ?? 'PUBLIC';
  const isPermissive = details['permissive'] === true;
  const parts = {
    command: `${isPermissive ? 'PERMISSIVE' : 'RESTRICTIVE'} FOR ${command}`,
    roles,
    ...(using === null ? {} : { using }),
    ...(check === null ? {} : { check }),
  };
  return { definition: `CREATE POLICY ${quote(name)} ON ${table} AS ${parts.command} ${policyClauses(parts)}`, parts };
}

/** What CREATE POLICY and ALTER POLICY say alike. */
export function policyClauses({ roles, using, check }: Readonly<Record<string, string>>): string {
  return [
    `TO ${roles}`,
    ...(using === undefined ? [] : [`USING (${using})`]),
    ...(check === undefined ? [] : [`WITH CHECK (${check})`]),
  ].join(' ');
}

/** https://www.postgresql.org/docs/current/sql-createaggregate.html */
export function writeAggregate(name: string, details: Details): Written {
  const aggregate = (details['aggregate'] ?? {}) as Details;
  const words = [
    ['sfunc', 'SFUNC'],
    ['stype', 'STYPE'],
    ['sspace', 'SSPACE'],
    ['finalfunc', 'FINALFUNC'],
    ['combinefunc', 'COMBINEFUNC'],
    ['serialfunc', 'SERIALFUNC'],
    ['deserialfunc', 'DESERIALFUNC'],
    ['msfunc', 'MSFUNC'],
    ['minvfunc', 'MINVFUNC'],
    ['mstype', 'MSTYPE'],
    ['msspace', 'MSSPACE'],
    ['mfinalfunc', 'MFINALFUNC'],
    ['sortname', 'SORTOP'],
  ] as const;
  const lines = words.flatMap(([key, word]) => {
    const value = textIn(aggregate, key);
    return value === null ? [] : [`  ${word} = ${value}`];
  });
  const kind = textIn(aggregate, 'kind');
  const usual = kind === 'n' ? 'r' : 'w';
  const modify = textIn(aggregate, 'finalmodify') ?? usual;
  const parallel = textIn(aggregate, 'parallel');
  const extra = [
    ...['initcond', 'minitcond'].flatMap((key) => {
      const value = textIn(aggregate, key);
      return value === null ? [] : [`  ${key.toUpperCase()} = '${value.replaceAll("'", "''")}'`];
    }),
    ...(aggregate['finalextra'] === true ? ['  FINALFUNC_EXTRA'] : []),
    ...(aggregate['mfinalextra'] === true ? ['  MFINALFUNC_EXTRA'] : []),
    ...(modify === usual
      ? []
      : [`  FINALFUNC_MODIFY = ${modify === 's' ? 'SHAREABLE' : modify === 'w' ? 'READ_WRITE' : 'READ_ONLY'}`]),
    ...(kind === 'h' ? ['  HYPOTHETICAL'] : []),
    ...(parallel === 's' ? ['  PARALLEL = SAFE'] : parallel === 'r' ? ['  PARALLEL = RESTRICTED'] : []),
  ];
  const args = textIn(details, 'arguments') || '*';
  return {
    definition: `CREATE OR REPLACE AGGREGATE ${name}(${args}) (\n${[...lines, ...extra].join(',\n')}\n)`,
    parts: { result: textIn(details, 'result') ?? '', arguments: args, kind: kind ?? '' },
  };
}

const ENABLED: Readonly<Record<string, string>> = { D: 'DISABLE', R: 'ENABLE REPLICA', A: 'ENABLE ALWAYS' };

/** What a printed definition does not say: whether a trigger or rule fires. */
export function writePrinted(details: Details): Written {
  const enabled = ENABLED[textIn(details, 'enabled') ?? 'O'];
  const target = textIn(details, 'target');
  const options = {
    ...(enabled === undefined ? {} : { enabled }),
    ...(target === null ? {} : { target }),
    ...(details['clustered'] === true ? { clustered: 'true' } : {}),
  };
  return { definition: (textIn(details, 'definition') ?? '').trim().replace(/;$/, ''), ...withOptions(options) };
}

export function writeEventTrigger(name: string, details: Details): Written {
  const tags = Array.isArray(details['tags']) ? details['tags'].map((tag) => `'${String(tag)}'`) : [];
  const filter = tags.length === 0 ? '' : `\n  WHEN TAG IN (${tags.join(', ')})`;
  const definition = `CREATE EVENT TRIGGER ${name} ON ${textIn(details, 'event')}${filter}\n  EXECUTE FUNCTION ${textIn(details, 'function')}()`;
  return { ...writePrinted(details), definition };
}

export function withOptions(options: Readonly<Record<string, string>>): Pick<Written, 'options'> {
  return Object.keys(options).length === 0 ? {} : { options };
}

function quote(name: string | null): string {
  return quoteIdentifier(name ?? '');
}

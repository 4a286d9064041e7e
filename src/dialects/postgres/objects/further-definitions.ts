/** Rows of `catalog-further.ts` and `catalog-in-place.ts` as definitions. */
import { quoteString } from '../sql.js';
import { type Details, flagIn, listIn, textIn, withOptions, type Written } from './definitions.js';

/** https://www.postgresql.org/docs/current/sql-createoperator.html */
export function writeOperator(name: string, details: Details): Written {
  const lines = [
    ...clauses(details, {
      function: 'FUNCTION',
      left: 'LEFTARG',
      right: 'RIGHTARG',
      commutator: 'COMMUTATOR',
      negator: 'NEGATOR',
      restrict: 'RESTRICT',
      join: 'JOIN',
    }),
    ...(flagIn(details, 'hashes') ? ['HASHES'] : []),
    ...(flagIn(details, 'merges') ? ['MERGES'] : []),
  ];
  return { definition: `CREATE OPERATOR ${name} ${bracketed(lines)}` };
}

/** https://www.postgresql.org/docs/current/sql-createopclass.html; its family is made before it. */
export function writeOperatorClass(name: string, details: Details): Written {
  const storage = textIn(details, 'storage');
  const items = [
    ...members(details, 'operators').map(({ number, called, order }) => `OPERATOR ${number} ${called}${order}`),
    ...members(details, 'functions').map(({ number, called, types }) => `FUNCTION ${number} (${types}) ${called}`),
    ...(storage === null ? [] : [`STORAGE ${storage}`]),
  ];
  // Something has to be said: the type itself is what is stored as a rule.
  const list = items.length === 0 ? [`STORAGE ${textIn(details, 'type')}`] : items;
  const isDefault = flagIn(details, 'default') ? ' DEFAULT' : '';
  const head = `CREATE OPERATOR CLASS ${name}${isDefault} FOR TYPE ${textIn(details, 'type')} USING ${textIn(details, 'method')}`;
  return {
    definition: `${head} FAMILY ${textIn(details, 'family')} AS\n${list.map((item) => `  ${item}`).join(',\n')}`,
  };
}

/** https://www.postgresql.org/docs/current/sql-createopfamily.html; what it has beside its classes are options. */
export function writeOperatorFamily(name: string, details: Details): Written {
  return {
    definition: `CREATE OPERATOR FAMILY ${name} USING ${textIn(details, 'method')}`,
    ...withOptions({
      ...Object.fromEntries(
        members(details, 'operators').map(({ number, types, called, order }) => [
          `member OPERATOR ${number} (${types})`,
          `OPERATOR ${number} ${called}${order}`,
        ]),
      ),
      ...Object.fromEntries(
        members(details, 'functions').map(({ number, types, called }) => [
          `member FUNCTION ${number} (${types})`,
          `FUNCTION ${number} (${types}) ${called}`,
        ]),
      ),
    }),
  };
}

interface Member {
  readonly number: string;
  readonly types: string;
  readonly called: string;
  readonly order: string;
}

function members(details: Details, key: string): Member[] {
  return listIn(details, key).map((member) => {
    const order = textIn(member, 'order');
    return {
      number: textIn(member, 'number') ?? '',
      types: textIn(member, 'types') ?? '',
      called: textIn(member, 'name') ?? '',
      order: order === null ? '' : ` FOR ORDER BY ${order}`,
    };
  });
}

/** https://www.postgresql.org/docs/current/sql-createcast.html */
export function writeCast(name: string, details: Details): Written {
  const called = textIn(details, 'function');
  const plain = textIn(details, 'method') === 'i' ? 'WITH INOUT' : 'WITHOUT FUNCTION';
  const context = { a: ' AS ASSIGNMENT', i: ' AS IMPLICIT' }[textIn(details, 'context') ?? ''] ?? '';
  return { definition: `CREATE CAST (${name}) ${called === null ? plain : `WITH FUNCTION ${called}`}${context}` };
}

const PROVIDERS: Readonly<Record<string, string>> = { b: 'builtin', c: 'libc', i: 'icu' };

/** https://www.postgresql.org/docs/current/sql-createcollation.html */
export function writeCollation(name: string, details: Details): Written {
  const [locale, collate, ctype] = [textIn(details, 'locale'), textIn(details, 'collate'), textIn(details, 'ctype')];
  const isPair = locale === null && collate !== ctype;
  const rules = textIn(details, 'rules');
  const lines = [
    `PROVIDER = ${PROVIDERS[textIn(details, 'provider') ?? 'c'] ?? 'libc'}`,
    ...(isPair ? [`LC_COLLATE = ${quoteString(collate ?? '')}`, `LC_CTYPE = ${quoteString(ctype ?? '')}`] : []),
    ...(isPair ? [] : [`LOCALE = ${quoteString(locale ?? collate ?? '')}`]),
    ...(flagIn(details, 'deterministic') ? [] : ['DETERMINISTIC = false']),
    ...(rules === null ? [] : [`RULES = ${quoteString(rules)}`]),
  ];
  return { definition: `CREATE COLLATION ${name} ${bracketed(lines)}` };
}

/** https://www.postgresql.org/docs/current/sql-createtsdictionary.html */
export function writeDictionary(name: string, details: Details): Written {
  const options = textIn(details, 'options');
  const lines = [`TEMPLATE = ${textIn(details, 'template')}`, ...(options === null ? [] : [options])];
  return { definition: `CREATE TEXT SEARCH DICTIONARY ${name} ${bracketed(lines)}` };
}

/** https://www.postgresql.org/docs/current/sql-altertsconfig.html: which dictionaries read which tokens are options. */
export function writeConfiguration(name: string, details: Details): Written {
  const mappings = Object.entries((details['mappings'] ?? {}) as Record<string, string>);
  return {
    definition: `CREATE TEXT SEARCH CONFIGURATION ${name} ${bracketed([`PARSER = ${textIn(details, 'parser')}`])}`,
    ...withOptions(Object.fromEntries(mappings.map(([token, dictionaries]) => [`mapping for ${token}`, dictionaries]))),
  };
}

const ALL_OPERATIONS = 'insert, update, delete, truncate';

/** https://www.postgresql.org/docs/current/sql-createpublication.html */
export function writePublication(name: string, details: Details): Written {
  const tables = listIn(details, 'tables').map((table) => {
    const [columns, filter] = [textIn(table, 'columns'), textIn(table, 'filter')];
    const list = columns === null ? '' : ` (${columns})`;
    return `TABLE ${textIn(table, 'name')}${list}${filter === null ? '' : ` WHERE ${filter}`}`;
  });
  const namespaces = textIn(details, 'namespaces');
  const scope = flagIn(details, 'all')
    ? ['ALL TABLES']
    : [...tables, ...(namespaces === null ? [] : [`TABLES IN SCHEMA ${namespaces}`])];
  const operations = textIn(details, 'operations') ?? ALL_OPERATIONS;
  const generated = textIn(details, 'generated');
  const settings = [
    ...(operations === ALL_OPERATIONS ? [] : [`publish = ${quoteString(operations)}`]),
    ...(textIn(details, 'root') === 'true' ? ['publish_via_partition_root = true'] : []),
    ...(generated === 's' ? ['publish_generated_columns = stored'] : []),
  ];
  const what = scope.length === 0 ? '' : ` FOR ${scope.join(', ')}`;
  return {
    definition: `CREATE PUBLICATION ${name}${what}${settings.length === 0 ? '' : ` WITH (${settings.join(', ')})`}`,
  };
}

export function writeNamespaceComment(name: string, details: Details): Written {
  return { definition: `COMMENT ON SCHEMA ${name} IS ${quoteString(textIn(details, 'text') ?? '')}` };
}

/** `WORD = value` for what is there. */
function clauses(details: Details, words: Readonly<Record<string, string>>): string[] {
  return Object.entries(words).flatMap(([key, word]) => {
    const value = textIn(details, key);
    return value === null ? [] : [`${word} = ${value}`];
  });
}

function bracketed(lines: readonly string[]): string {
  return `(\n${lines.map((line) => `  ${line}`).join(',\n')}\n)`;
}

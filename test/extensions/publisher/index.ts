/** A plugin as it would come from npm: publications on PostgreSQL, lookup rows on every database, and a command. */
import {
  type CompareContext,
  type CustomOperation,
  defineOperation,
  definePlugin,
  type Operation,
  type OperationMethod,
  type Plugin,
} from 'aludel';

declare module 'aludel' {
  interface CustomOperations {
    /** PostgreSQL: a publication of whole tables. */
    createPublication: OperationMethod<typeof createPublication>;
    dropPublication: OperationMethod<typeof dropPublication>;
    /** A row of a table with the columns `code` and `label`. */
    addLookup: OperationMethod<typeof addLookup>;
    dropLookup: OperationMethod<typeof dropLookup>;
  }
}

/** What a model file exports for this plugin to find. */
export class Publication {
  readonly name: string;
  readonly tables: readonly string[];

  constructor(name: string, tables: readonly string[]) {
    this.name = name;
    this.tables = tables;
  }
}

/** A row that a table is to hold. */
export class Lookup {
  readonly table: string;
  readonly code: string;
  readonly label: string;

  constructor(table: string, code: string, label: string) {
    this.table = table;
    this.code = code;
    this.label = label;
  }
}

export const createPublication = defineOperation<[name: string, tables: readonly string[]]>({
  name: 'createPublication',
  describe: ([name]) => `create publication "${name}"`,
  reverse: 'dropPublication',
  compile: {
    postgres: ([name, tables], { quoteIdentifier, quoteTable }) =>
      `CREATE PUBLICATION ${quoteIdentifier(name)} FOR TABLE ${tables.map(quoteTable).join(', ')}`,
  },
});

export const dropPublication = defineOperation<[name: string, tables: readonly string[]]>({
  name: 'dropPublication',
  describe: ([name]) => `drop publication "${name}"`,
  reverse: 'createPublication',
  compile: { postgres: ([name], { quoteIdentifier }) => `DROP PUBLICATION ${quoteIdentifier(name)}` },
});

export const addLookup = defineOperation<[table: string, row: { readonly code: string; readonly label: string }]>({
  name: 'addLookup',
  describe: ([table, { code }]) => `add "${code}" to "${table}"`,
  reverse: 'dropLookup',
  compile: ([table, { code, label }], { quoteTable, quoteText }) =>
    `INSERT INTO ${quoteTable(table)} (code, label) VALUES (${quoteText(code)}, ${quoteText(label)})`,
});

export const dropLookup = defineOperation<[table: string, row: { readonly code: string; readonly label: string }]>({
  name: 'dropLookup',
  describe: ([table, { code }]) => `take "${code}" out of "${table}"`,
  isDestructive: () => true,
  reverse: 'addLookup',
  compile: ([table, { code }], { quoteTable, quoteText }) =>
    `DELETE FROM ${quoteTable(table)} WHERE code = ${quoteText(code)}`,
});

/** The publications that the models want and the database lacks, and those that it has and nobody wants. */
async function* comparePublications({ connection, models }: CompareContext): AsyncGenerator<Operation> {
  const { rows } = await connection.execute(
    `SELECT p.pubname AS name, coalesce(json_agg(t.tablename ORDER BY t.tablename), '[]')::text AS tables
     FROM pg_publication p LEFT JOIN pg_publication_tables t USING (pubname) GROUP BY 1 ORDER BY 1`,
  );
  const wanted = models.filter((model) => model instanceof Publication);
  const live = new Map(rows.map((row) => [String(row['name']), JSON.parse(String(row['tables'])) as string[]]));
  for (const [name, tables] of live) {
    if (!wanted.some((publication) => publication.name === name)) yield dropPublication(name, tables);
  }
  for (const { name, tables } of wanted) if (!live.has(name)) yield createPublication(name, tables);
}

/** The rows that the models want and the database lacks. */
async function compareLookups({ connection, models, from }: CompareContext): Promise<CustomOperation[]> {
  const missing: CustomOperation[] = [];
  for (const { table, code, label } of models.filter((model) => model instanceof Lookup)) {
    const exists = from.tables.some(({ name }) => name === table);
    const { rows } = exists ? await connection.execute(`SELECT code FROM ${table}`) : { rows: [] };
    if (!rows.some((row) => row['code'] === code)) missing.push(addLookup(table, { code, label }));
  }
  return missing;
}

export default function publisher(): Plugin {
  return definePlugin({
    name: 'publisher',
    types: 'aludel-publisher',
    operations: [createPublication, dropPublication, addLookup, dropLookup],
    comparators: [{ dialects: ['postgres'], compare: comparePublications }, { compare: compareLookups }],
    commands: [
      {
        usage: 'count-rows <table>',
        description: 'count the rows of a table',
        options: [{ flags: '--label <text>', description: 'what to call them', default: 'rows' }],
        run: async ({ args: [table], options, connect, print }) => {
          const connection = await connect();
          const { rows } = await connection.execute(`SELECT count(*) AS n FROM ${String(table)}`);
          print(`${String(rows[0]?.['n'])} ${String(options['label'])}`);
        },
      },
    ],
  });
}

/** Operators, collations, text search, what is in no namespace, and virtual tables. */
import { bigint, check, customType, index, integer, type MetaData, sql, text, varchar } from 'aludel';
import type { SchemaCase } from '../schema-case.js';

const rows = ["INSERT INTO t (id, a, b) VALUES (1, 1, 'x'), (2, 2, 'y')"];
const table = (m: MetaData) => void m.table('t', { id: integer().primaryKey(), a: integer(), b: varchar(20) });

const onlyPostgres = (what: string): Pick<SchemaCase, 'except'> => ({
  except: {
    sqlite: { reason: `SQLite has no ${what}` },
    mysql: { reason: `MySQL has no ${what}` },
    mariadb: { reason: `MariaDB has no ${what}` },
  },
});

const noVirtualTables: Pick<SchemaCase, 'except'> = {
  except: {
    postgres: { reason: 'PostgreSQL has no virtual tables' },
    mysql: { reason: 'MySQL has no virtual tables' },
    mariadb: { reason: 'MariaDB has no virtual tables' },
  },
};

function withOperators(m: MetaData, negator: string): void {
  table(m);
  m.object('function', 'same_text', {
    definition:
      'CREATE FUNCTION same_text(a text, b text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT a = b $$',
  });
  m.object('function', 'backwards', {
    definition:
      'CREATE FUNCTION backwards(a integer, b integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT sign(b - a)::integer $$',
  });
  m.object('operator', '=~=', {
    signature: 'text, text',
    definition: `CREATE OPERATOR =~= (leftarg = text, rightarg = text, function = same_text${negator})`,
    comment: 'the same',
  });
  m.object('operatorClass', 'backwards_ops', {
    definition: `CREATE OPERATOR CLASS backwards_ops FOR TYPE integer USING btree AS OPERATOR 1 >, OPERATOR 2 >=,
      OPERATOR 3 =, OPERATOR 4 <=, OPERATOR 5 <, FUNCTION 1 backwards(integer, integer)`,
  });
  m.table('u', { n: integer() }, (c) => [index('ix_u_n', [c.n.asc().opclass('backwards_ops')])]);
  m.view('alike', sql`SELECT id FROM t WHERE b::text =~= 'x'`);
}

/** What a table does with an operator of its own. */
function madeWithOperator(m: MetaData): void {
  table(m);
  m.object('operator', '===', {
    signature: 'integer, integer',
    definition:
      'CREATE OPERATOR === (leftarg = integer, rightarg = integer, function = int4eq, commutator = OPERATOR(public.===))',
  });
  m.table('odd', { n: integer() }, () => [check('one', sql`n OPERATOR(public.===) 1`)]);
}

/** Tables that need a function and domains, which need tables. */
function throughObjects(m: MetaData): void {
  m.table('counted', { id: integer().primaryKey() });
  m.table('pairs', { x: integer(), y: integer() });
  m.object('function', 'how_many', {
    definition:
      'CREATE FUNCTION how_many() RETURNS bigint LANGUAGE sql STABLE BEGIN ATOMIC SELECT count(*) FROM counted; END',
  });
  m.object('domain', 'rising', { definition: 'CREATE DOMAIN rising AS pairs CHECK ((VALUE).x < (VALUE).y)' });
  m.object('domain', 'many_rising', { definition: 'CREATE DOMAIN many_rising AS rising[]' });
  m.table('above', {
    n: bigint().serverDefault(sql`how_many()`),
    id: integer().references('counted.id'),
    one: customType('rising'),
    many: customType('many_rising'),
  });
}

function search(m: MetaData, mapping: string): void {
  table(m);
  m.object('textSearchDictionary', 'plain', {
    definition: 'CREATE TEXT SEARCH DICTIONARY plain (TEMPLATE = simple, STOPWORDS = english)',
  });
  m.object('textSearchConfiguration', 'words', {
    definition: 'CREATE TEXT SEARCH CONFIGURATION words (PARSER = "default")',
    options: { 'mapping for asciiword': mapping, 'mapping for word': 'plain' },
    comment: 'words',
  });
  m.table('u', { note: text() }, () => [
    index('ix_u_note', [sql`to_tsvector('words'::regconfig, note)`], { method: 'gin' }),
  ]);
}

const fullText = (m: MetaData): void => {
  table(m);
  m.object('virtualTable', 't_words', {
    definition: { sqlite: `CREATE VIRTUAL TABLE t_words USING fts5(b, content='t', content_rowid='id')` },
  });
  m.object('trigger', 't_words_insert', {
    table: 't',
    definition: {
      sqlite:
        'CREATE TRIGGER t_words_insert AFTER INSERT ON t BEGIN INSERT INTO t_words (rowid, b) VALUES (NEW.id, NEW.b); END',
    },
  });
};

export const FURTHER_OBJECTS: readonly SchemaCase[] = [
  {
    name: 'makes operators, a class of them, an index that is made with it, and a view that uses one',
    from: table,
    to: (m) => withOperators(m, ''),
    rows,
    ...onlyPostgres('operators of its own'),
  },
  {
    name: 'makes an operator before the table that has a check of it',
    from: table,
    to: madeWithOperator,
    rows,
    ...onlyPostgres('operators of its own'),
  },
  {
    name: 'makes operators that name each other, and themselves, without a namespace',
    from: table,
    to: (m) => {
      table(m);
      const operator = (name: string, other: string, work: string): void =>
        void m.object('operator', name, {
          signature: 'integer, integer',
          definition: `CREATE OPERATOR ${name} (leftarg = integer, rightarg = integer, function = ${work}, commutator = ${other})`,
        });
      operator('===', '===', 'int4eq');
      operator('<<<', '>>>', 'int4lt');
      operator('>>>', '<<<', 'int4gt');
    },
    rows,
    ...onlyPostgres('operators of its own'),
  },
  {
    name: 'drops tables after what other tables need them for',
    from: (m) => {
      table(m);
      throughObjects(m);
    },
    to: table,
    rows,
    sincePostgres: 14,
    ...onlyPostgres('functions and domains over tables'),
  },
  {
    name: 'changes an operator under the view that uses it',
    from: (m) => withOperators(m, ''),
    to: (m) => withOperators(m, ', restrict = eqsel, hashes'),
    rows,
    ...onlyPostgres('operators of its own'),
  },
  {
    name: 'makes and changes casts, between types of the models and of the server',
    from: (m) => {
      table(m);
      m.object('cast', 'varchar AS integer', { definition: 'CREATE CAST (varchar AS integer) WITH INOUT' });
    },
    to: (m) => {
      table(m);
      m.object('compositeType', 'pair', { definition: 'CREATE TYPE pair AS (x integer, y integer)' });
      m.object('function', 'first_of', {
        definition: 'CREATE FUNCTION first_of(p pair) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT p.x $$',
      });
      m.object('cast', 'pair AS integer', {
        definition: 'CREATE CAST (pair AS integer) WITH FUNCTION first_of(pair) AS ASSIGNMENT',
      });
      m.object('cast', 'varchar AS integer', { definition: 'CREATE CAST (varchar AS int4) WITH INOUT AS IMPLICIT' });
    },
    rows,
    ...onlyPostgres('casts of its own'),
  },
  {
    name: 'makes a collation, and a column that is sorted by it',
    from: table,
    to: (m) => {
      table(m);
      m.object('collation', 'by_number', {
        definition: "CREATE COLLATION by_number (provider = 'icu', locale = 'en-u-kn-true')",
        comment: 'by numbers',
      });
      m.table('u', { name: text().collate('by_number') });
    },
    rows,
    ...onlyPostgres('collations of its own'),
  },
  {
    name: 'makes and changes what text search is made of, before the index that needs it',
    from: (m) => search(m, 'plain'),
    to: (m) => search(m, 'plain, pg_catalog.english_stem'),
    rows,
    ...onlyPostgres('text search configurations'),
  },
  {
    name: 'makes and changes publications and event triggers',
    from: (m) => {
      table(m);
      m.object('publication', 'all_of_it', { definition: 'CREATE PUBLICATION all_of_it FOR TABLE t' });
    },
    to: (m) => {
      table(m);
      m.object('publication', 'all_of_it', {
        definition: "CREATE PUBLICATION all_of_it FOR TABLE t (id, a) WHERE (id > 5) WITH (publish = 'insert')",
        comment: 'some of it',
      });
      m.object('function', 'look', {
        definition: 'CREATE FUNCTION look() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$',
      });
      m.object('eventTrigger', 'looking', {
        definition:
          "CREATE EVENT TRIGGER looking ON ddl_command_end WHEN TAG IN ('CREATE VIEW') EXECUTE FUNCTION look()",
        options: { enabled: 'DISABLE' },
      });
    },
    rows,
    sincePostgres: 15,
    ...onlyPostgres('publications'),
  },
  {
    name: 'says what a namespace is for that holds nothing',
    from: (m) => void m.table('t', { id: integer().primaryKey() }),
    to: (m) => {
      m.table('t', { id: integer().primaryKey() });
      m.object('namespaceComment', 'later', { definition: "COMMENT ON SCHEMA later IS 'for partitions'" });
    },
    ...onlyPostgres('namespaces'),
  },
  {
    name: 'says what a namespace is for, who may use it, and what is usual in it',
    from: table,
    to: (m) => {
      table(m);
      m.table('app.v', { id: integer().primaryKey() });
      m.object('namespaceComment', 'app', { definition: "COMMENT ON SCHEMA app IS 'of the app'" });
      m.object('namespaceComment', 'public', { definition: "COMMENT ON SCHEMA public IS 'of all'" });
      m.object('grant', 'PUBLIC', { definition: 'GRANT USAGE ON SCHEMA app TO PUBLIC' });
      m.object('grant', 'PUBLIC', { definition: 'GRANT SELECT ON app.v TO PUBLIC' });
      m.object('defaultGrant', 'PUBLIC', {
        definition: 'ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO PUBLIC',
      });
    },
    rows,
    ...onlyPostgres('namespaces'),
  },
  {
    name: 'makes a virtual table, with the trigger that fills it',
    from: table,
    to: fullText,
    rows,
    ...noVirtualTables,
  },
];

/**
 * Weird but valid CREATE TABLEs for fast-check: each is a list of pieces of SQL with white space and comments thrown in
 * between, together with what the parser has to find in it.
 */
import fc from 'fast-check';
import { quoteName } from '../../../../../src/dialects/sqlite/ddl/names.js';
import { normaliseTokens } from '../../../../../src/dialects/sqlite/ddl/normalise-tokens.js';
import { isReservedWord } from '../../../../../src/dialects/sqlite/ddl/keywords.js';

export interface GeneratedTable {
  readonly sql: string;
  readonly name: string;
  /** The facts without ranges: names unquoted, expressions normalised. */
  readonly expected: {
    readonly columns: readonly {
      readonly name: string;
      readonly type: string | null;
      readonly constraints: readonly object[];
    }[];
    readonly constraints: readonly object[];
    readonly options: { readonly strict: boolean; readonly withoutRowid: boolean };
  };
}

/** Pieces of SQL, between which anything that separates tokens may stand, and the node that they parse to. */
interface Part<T = object> {
  readonly pieces: readonly string[];
  readonly node: T;
}

const NAMES = [
  'a',
  'Bee',
  'order',
  'we ird',
  'qu"ote',
  "it's",
  'b`tick',
  'br]acket',
  'x,y',
  'p)(q',
  '-- no',
  '/* c',
  'größe',
  '名',
  'key',
  '$1',
  '1st',
  ';',
  '',
];
const COLUMN_NAMES = NAMES.filter((name) => name !== '');
const TRIVIA = [' ', '\n', '\t ', '\r\n  ', ' /* , ) \' " ; */ ', " -- it's, (c)\n", '/**/', '/***/ /*--*/'];
// Directly after a type, SQLite takes a comment before or in "GENERATED ALWAYS" for a part of the type.
const GENERATED_ALWAYS = 'Generated  ALWAYS';
const PUNCTUATION = /^[(),.;]$/;

const nameText = (name: string, allowString: boolean): fc.Arbitrary<string> => {
  const forms = [quoteName(name), `\`${name.replaceAll('`', '``')}\``];
  if (!name.includes(']')) forms.push(`[${name}]`);
  if (allowString) forms.push(`'${name.replaceAll("'", "''")}'`);
  if (/^[A-Za-z_\u0080-\uFFFF][\w\u0080-\uFFFF]*$/.test(name) && !isReservedWord(name)) forms.push(name, name, name);
  return fc.constantFrom(...forms);
};

const word = (text: string): fc.Arbitrary<string> =>
  fc.constantFrom(text, text.toLowerCase(), text[0] + text.slice(1).toLowerCase());

const words = (text: string): fc.Arbitrary<string[]> => fc.tuple(...text.split(' ').map(word));

const someOf = <T>(...arbitraries: readonly fc.Arbitrary<T>[]): fc.Arbitrary<T> => fc.oneof(...arbitraries);

const expression = (names: readonly string[]): fc.Arbitrary<Part<string>> =>
  fc
    .tuple(fc.constantFrom(...names), fc.nat(8))
    .chain(([name, form]) => fc.tuple(nameText(name, false), fc.constant(form)))
    .map(([x, form]) => {
      const forms = [
        [x, '>', '0'],
        ['length', '(', x, ')', '<=', '10', 'AND', x, 'NOT', 'IN', '(', '1', ',', "'a,b)'", ')'],
        [x, 'IS', 'NULL', 'OR', '(', x, '<>', "'it''s'", 'AND', '(', x, ')', 'like', "'%)(,%'", ')'],
        ['CASE', 'WHEN', x, 'THEN', '1', 'ELSE', 'null', 'END'],
        [x, 'BETWEEN', '-', '1', 'AND', '+', '2.5E3'],
        [x, '||', "x'0aFF'", 'COLLATE', 'nocase', '!=', "''"],
        ['(', '(', x, ')', ')'],
        [x, 'glob', "'[a-z]*'", 'or', x, '==', '- ', '-', '.5'],
        ['coalesce', '(', x, ',', '1', ')', '->>', "'$.a'", 'IS', 'NOT', '0x1f'],
      ];
      const pieces = (forms[form] ?? []).map((piece) => piece.trim());
      return { pieces, node: normaliseTokens(pieces.join(' ')) };
    });

const conflictClause = (action: string | null): fc.Arbitrary<Part<{ conflict: string | null }>> =>
  action === null
    ? fc.constant({ pieces: [], node: { conflict: null } })
    : fc.option(words(`ON CONFLICT ${action.toUpperCase()}`)).map((pieces) => ({
        pieces: pieces ?? [],
        node: { conflict: pieces === null ? null : action },
      }));

const anyConflict = fc
  .constantFrom(null, 'rollback', 'abort', 'fail', 'ignore', 'replace')
  .chain((action) => conflictClause(action));

const named = (part: fc.Arbitrary<Part>): fc.Arbitrary<Part> =>
  fc
    .tuple(
      part,
      fc.option(fc.constantFrom(...NAMES).chain((name) => fc.tuple(fc.constant(name), nameText(name, true)))),
      word('CONSTRAINT'),
    )
    .map(([{ pieces, node }, name, constraint]) =>
      name === null
        ? { pieces, node: { ...node, name: null } }
        : { pieces: [constraint, name[1], ...pieces], node: { ...node, name: name[0] } },
    );

const deferrable = someOf<Part<object | null>>(
  fc.constant({ pieces: [], node: null }),
  fc
    .constantFrom(
      'DEFERRABLE',
      'NOT DEFERRABLE',
      'DEFERRABLE INITIALLY DEFERRED',
      'NOT DEFERRABLE INITIALLY DEFERRED',
      'DEFERRABLE INITIALLY IMMEDIATE',
    )
    .chain((text) => words(text).map((pieces) => ({ pieces, text })))
    .map(({ pieces, text }) => ({
      pieces,
      node: { text: normaliseTokens(text), isDeferred: text === 'DEFERRABLE INITIALLY DEFERRED' },
    })),
);

const referenceAction = fc.constantFrom('cascade', 'restrict', 'set null', 'set default', 'no action');

const references = (count: number): fc.Arbitrary<Part> => {
  const target = fc
    .constantFrom('other', 'or der', "o'ther")
    .chain((name) => fc.tuple(fc.constant(name), nameText(name, true)));
  const column = fc.constantFrom(...COLUMN_NAMES).chain((name) => fc.tuple(fc.constant(name), nameText(name, true)));
  const clause = someOf<[string, string]>(
    fc.tuple(fc.constantFrom('onDelete', 'onUpdate', 'onInsert'), referenceAction),
    fc.constant(['match', 'FULL']),
  ).chain(([key, value]) =>
    words(key === 'match' ? 'MATCH FULL' : `ON ${key.slice(2)} ${value}`.toUpperCase()).map((pieces) => ({
      pieces: key === 'match' ? [pieces[0] ?? '', 'FULL'] : pieces,
      node: { [key]: value },
    })),
  );
  return fc
    .tuple(
      word('REFERENCES'),
      target,
      fc.option(fc.array(column, { minLength: count, maxLength: count })),
      fc.array(clause, { maxLength: 3 }),
      deferrable,
    )
    .map(([start, table, columns, clauses, late]) => {
      const list =
        columns === null ? [] : ['(', ...columns.flatMap(([, text], index) => (index > 0 ? [',', text] : [text])), ')'];
      const node = {
        table: table[0],
        columns: columns?.map(([name]) => name) ?? null,
        onDelete: null,
        onUpdate: null,
        match: null,
        ...Object.assign({}, ...clauses.map((one) => one.node)),
        deferrable: late.node,
      };
      delete node.onInsert;
      return { pieces: [start, table[1], ...list, ...clauses.flatMap(({ pieces }) => pieces), ...late.pieces], node };
    });
};

const collation = fc
  .constantFrom('NOCASE', 'rtrim', 'Binary')
  .chain((name) => nameText(name, true).map((text) => ({ name, text })));

const typeOf = (strict: boolean): fc.Arbitrary<Part<string | null>> => {
  const strictTypes = [['INT'], ['integer'], ['REAL'], ['TEXT'], ['Blob'], ['ANY']];
  const freeTypes = [
    ['VARCHAR', '(', '10', ')'],
    ['DECIMAL', '(', '+', '10', ',', '-', '2', ')'],
    ['unsigned', 'BIG', 'int'],
    ['DOUBLE', 'PRECISION'],
    ['"quoted, type"'],
    ["'string type'"],
    ['[x]'],
    ['key'],
    ['GENERATED'],
  ];
  const types = fc.constantFrom(...(strict ? strictTypes : [...strictTypes, ...freeTypes]));
  return types.map((pieces) => ({ pieces, node: normaliseTokens(pieces.join(' ')) }));
};

const defaultValue = (): fc.Arbitrary<Part> => {
  const literal = fc
    .constantFrom(['1'], ['-', '1'], ['+', '2.5e-3'], ["'a, ''b)'"], ["x'00'"], ['NULL'], ['0x1F'], ['1_000'], ['.5'])
    .map((pieces) => ({ pieces, node: { form: 'literal', value: normaliseTokens(pieces.join(' ')) } }));
  const bare = fc
    .constantFrom('CURRENT_TIMESTAMP', 'true', 'foo', '"dq"', '[br]', 'replace')
    .map((text) => ({ pieces: [text], node: { form: 'word', value: normaliseTokens(text) } }));
  const full = fc
    .constantFrom(
      ['1', '+', '(', '2', ')'],
      ["'),('"],
      ['abs', '(', '-', '1', ')'],
      ['(', '(', 'random', '(', ')', ')', ')'],
    )
    .map((pieces) => ({
      pieces: ['(', ...pieces, ')'],
      node: { form: 'expression', value: normaliseTokens(pieces.join(' ')) },
    }));
  return fc
    .tuple(word('DEFAULT'), someOf<Part>(literal, bare, full))
    .map(([start, { pieces, node }]) => ({ pieces: [start, ...pieces], node: { kind: 'default', ...node } }));
};

interface Frame {
  readonly names: readonly string[];
  readonly strict: boolean;
  readonly withoutRowid: boolean;
  readonly key: 'none' | 'column' | 'rowid' | 'table';
  readonly conflict: string | null;
}

const withKind = (kind: string, pieces: fc.Arbitrary<string[]>, rest: fc.Arbitrary<Part>): fc.Arbitrary<Part> =>
  fc.tuple(pieces, rest).map(([start, part]) => ({ pieces: [...start, ...part.pieces], node: { kind, ...part.node } }));

const check = ({ names }: Frame): fc.Arbitrary<Part> =>
  withKind(
    'check',
    words('CHECK'),
    expression(names).map(({ pieces, node }) => ({ pieces: ['(', ...pieces, ')'], node: { expression: node } })),
  );

const primaryKey = (frame: Frame): fc.Arbitrary<Part> => {
  const isRowid = frame.key === 'rowid';
  const orders = isRowid ? [null, 'asc'] : [null, 'asc', 'desc'];
  return fc
    .tuple(
      words('PRIMARY KEY'),
      fc.constantFrom(...orders),
      conflictClause(frame.conflict),
      isRowid ? fc.boolean() : fc.constant(false),
    )
    .map(([start, order, { pieces, node }, autoincrement]) => ({
      pieces: [...start, ...(order === null ? [] : [order]), ...pieces, ...(autoincrement ? ['AUTOINCREMENT'] : [])],
      node: { kind: 'primaryKey', order, ...node, autoincrement },
    }));
};

const columnConstraint = (frame: Frame, isGenerated: boolean): fc.Arbitrary<Part> => {
  const choices: fc.Arbitrary<Part>[] = [
    withKind('notNull', words('NOT NULL'), anyConflict),
    withKind('null', words('NULL'), anyConflict),
    withKind('unique', words('UNIQUE'), conflictClause(frame.conflict)),
    check(frame),
    fc
      .tuple(word('COLLATE'), collation)
      .map(([start, { name, text }]) => ({ pieces: [start, text], node: { kind: 'collate', collation: name } })),
  ];
  if (!isGenerated) {
    choices.push(defaultValue());
    choices.push(references(1).map(({ pieces, node }) => ({ pieces, node: { kind: 'references', references: node } })));
  }
  return named(someOf(...choices));
};

const generatedAs = (frame: Frame): fc.Arbitrary<Part> => {
  const starts = fc.constantFrom(['AS'], ['as'], [GENERATED_ALWAYS, 'AS']);
  return named(
    fc
      .tuple(starts, expression(frame.names.slice(0, 1)), fc.constantFrom(null, 'STORED', 'virtual'))
      .map(([start, { pieces, node }, storage]) => ({
        pieces: [...start, '(', ...pieces, ')', ...(storage === null ? [] : [storage])],
        node: {
          kind: 'generated',
          expression: node,
          storage: storage?.toLowerCase() ?? 'virtual',
          isStorageSaid: storage !== null,
          always: start.length > 1,
        },
      })),
  );
};

type ColumnNode = GeneratedTable['expected']['columns'][number];

const column = (frame: Frame, index: number, isGenerated: boolean): fc.Arbitrary<Part<ColumnNode>> => {
  const name = frame.names[index] ?? '';
  const hasKey = index === 0 && (frame.key === 'column' || frame.key === 'rowid');
  const isRowid = hasKey && frame.key === 'rowid';
  const integer: Part<string | null> = { pieces: ['INTEGER'], node: 'integer' };
  const untyped: Part<string | null> = { pieces: [], node: null };
  const type = isRowid
    ? fc.constant(integer)
    : someOf(typeOf(frame.strict), frame.strict ? typeOf(true) : fc.constant(untyped));
  const own: fc.Arbitrary<Part>[] = hasKey ? [named(primaryKey(frame))] : [];
  const others = fc.array(columnConstraint(frame, isGenerated), { maxLength: 4 });
  const dangling = fc.array(named(fc.constant({ pieces: [], node: { kind: 'nameOnly' } })), { maxLength: 1 });
  const generated = isGenerated ? generatedAs(frame).map((part) => [part]) : fc.constant([]);
  return fc
    .tuple(nameText(name, true), type, generated, fc.tuple(...own), others, dangling)
    .map(([text, declared, first, keys, rest, last]) => {
      const constraints = [
        ...first,
        ...rest.slice(0, 1),
        ...keys,
        ...rest.slice(1),
        ...last.filter(({ pieces }) => pieces.length > 0),
      ];
      return {
        pieces: [text, ...declared.pieces, ...constraints.flatMap(({ pieces }) => pieces)],
        node: { name, type: declared.node, constraints: constraints.map(({ node }) => node) },
      };
    });
};

const keyColumns = (names: readonly string[]): fc.Arbitrary<Part<object[]>> =>
  fc.shuffledSubarray([...names], { minLength: 1 }).chain((chosen) =>
    fc
      .tuple(
        ...chosen.map((name) =>
          fc
            .tuple(nameText(name, true), fc.option(collation), fc.constantFrom(null, 'asc', 'desc'), fc.boolean())
            .map(([text, collate, order, isWrapped]) => ({
              pieces: [
                ...(isWrapped ? ['(', text, ')'] : [text]),
                ...(collate === null ? [] : ['COLLATE', collate.text]),
                ...(order === null ? [] : [order]),
              ],
              node: { column: name, expression: normaliseTokens(text), collate: collate?.name ?? null, order },
            })),
        ),
      )
      .map((parts) => ({
        pieces: ['(', ...parts.flatMap(({ pieces }, index) => (index > 0 ? [',', ...pieces] : pieces)), ')'],
        node: parts.map(({ node }) => node),
      })),
  );

const tableConstraint = (frame: Frame, stored: readonly string[]): fc.Arbitrary<Part> => {
  const unique = fc.tuple(words('UNIQUE'), keyColumns(frame.names), conflictClause(frame.conflict));
  const foreignKey = fc
    .shuffledSubarray([...stored], { minLength: 1 })
    .chain((from) =>
      fc.tuple(
        words('FOREIGN KEY'),
        fc.constant(from),
        fc.tuple(...from.map((name) => nameText(name, true))),
        references(from.length),
      ),
    );
  return someOf(
    named(
      unique.map(([start, columns, conflict]) => ({
        pieces: [...start, ...columns.pieces, ...conflict.pieces],
        node: { kind: 'unique', columns: columns.node, ...conflict.node },
      })),
    ),
    named(
      fc.tuple(check(frame), anyConflict).map(([part, conflict]) => ({
        pieces: [...part.pieces, ...conflict.pieces],
        node: { ...part.node, ...conflict.node },
      })),
    ),
    named(
      foreignKey.map(([start, from, texts, target]) => ({
        pieces: [
          ...start,
          '(',
          ...texts.flatMap((text, index) => (index > 0 ? [',', text] : [text])),
          ')',
          ...target.pieces,
        ],
        node: { kind: 'foreignKey', columns: from, references: target.node },
      })),
    ),
  );
};

const tablePrimaryKey = (frame: Frame, stored: readonly string[]): fc.Arbitrary<Part> =>
  named(
    fc
      .tuple(words('PRIMARY KEY'), keyColumns(stored), conflictClause(frame.conflict))
      .map(([start, columns, conflict]) => ({
        pieces: [...start, ...columns.pieces, ...conflict.pieces],
        node: { kind: 'primaryKey', columns: columns.node, autoincrement: false, ...conflict.node },
      })),
  );

/** Puts the chosen white space and comments between the pieces, or nothing where two pieces cannot grow together. */
function join(pieces: readonly string[], choices: readonly number[]): string {
  return pieces.reduce((sql, piece, index) => {
    const last = pieces[index - 1] ?? '';
    const optional = index === 0 || PUNCTUATION.test(piece) || PUNCTUATION.test(last);
    const trivia = piece === GENERATED_ALWAYS ? [' ', '\n'] : optional ? ['', '', ...TRIVIA] : TRIVIA;
    return sql + (trivia[(choices[index % choices.length] ?? 0) % trivia.length] ?? '') + piece;
  }, '');
}

export const generatedTable: fc.Arbitrary<GeneratedTable> = fc
  .record({
    table: fc.constantFrom(...COLUMN_NAMES),
    names: fc.shuffledSubarray(COLUMN_NAMES, { minLength: 1, maxLength: 5 }),
    strict: fc.boolean(),
    wantsWithoutRowid: fc.boolean(),
    key: fc.constantFrom('none' as const, 'column' as const, 'rowid' as const, 'table' as const),
    conflict: fc.constantFrom(null, 'ignore', 'replace', 'abort'),
    generated: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 5, maxLength: 5 }),
    start: words('CREATE TABLE'),
    ifNotExists: fc.constantFrom([], ['IF', 'not', 'EXISTS']),
    schema: fc.constantFrom([], ['main', '.'], ['"main"', '.']),
  })
  .chain(({ table, names, strict, wantsWithoutRowid, key, conflict, generated, start, ifNotExists, schema }) => {
    const withoutRowid = wantsWithoutRowid && (key === 'column' || key === 'table');
    const frame: Frame = { names, strict, withoutRowid, key, conflict };
    const isGenerated = (index: number): boolean => index > 0 && generated[index] === 0;
    const stored = names.filter((_, index) => !isGenerated(index));
    const options = [...(strict ? [['STRICT']] : []), ...(withoutRowid ? [['without', 'ROWID']] : [])];
    return fc
      .tuple(
        nameText(table, true),
        fc.tuple(...names.map((_, index) => column(frame, index, isGenerated(index)))),
        fc.array(tableConstraint(frame, stored), { maxLength: 3 }),
        key === 'table' ? tablePrimaryKey(frame, stored).map((part) => [part]) : fc.constant([]),
        fc.shuffledSubarray(options, { minLength: options.length }),
        fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
        fc.array(fc.nat(1000), { minLength: 41, maxLength: 41 }),
      )
      .map(([text, columns, others, keys, flags, commas, choices]) => {
        const constraints = [...others.slice(0, 1), ...keys, ...others.slice(1)];
        const pieces = [...start, ...ifNotExists, ...schema, text, '('];
        for (const [index, part] of columns.entries()) pieces.push(...(index > 0 ? [','] : []), ...part.pieces);
        for (const [index, part] of constraints.entries()) {
          pieces.push(...(index === 0 || commas[index] === true ? [','] : []), ...part.pieces);
        }
        pieces.push(')', ...flags.flatMap((flag, index) => (index > 0 ? [',', ...flag] : flag)));
        return {
          sql: join(pieces, choices),
          name: table,
          expected: {
            columns: columns.map(({ node }) => node),
            constraints: constraints.map(({ node }) => node),
            options: { strict, withoutRowid },
          },
        };
      });
  });

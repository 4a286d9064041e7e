import { expect, test } from 'vitest';
import { takeLiterals } from '../../../src/dialects/postgres/take-literals.js';
import { verbatim } from '../../../src/schema/expressions/expression.js';
import { EMPTY_SCHEMA, type Column, type Schema } from '../../../src/schema/table.js';
import type { ColumnType } from '../../../src/schema/types.js';

function schemaOf(type: ColumnType, text: string, value: string): Schema {
  const column: Column = {
    name: 'kind',
    type,
    nullable: true,
    default: verbatim(text, { kind: 'literal', value }),
    generation: null,
    generated: null,
    onUpdate: null,
    collation: null,
    comment: null,
  };
  const rest = { primaryKey: null, uniques: [], foreignKeys: [], checks: [], indexes: [], comment: null, options: {} };
  return { ...EMPTY_SCHEMA, tables: [{ namespace: null, name: 't', columns: [column], ...rest }] };
}

const textIn = ({ tables }: Schema): unknown => tables[0]?.columns[0]?.default;
const varchar = { kind: 'varchar', length: 9 } as const;
const live = schemaOf(varchar, "'a'::character varying", 'a');

test('a string that is printed as the model says it is the live default', () => {
  expect(textIn(takeLiterals(schemaOf(varchar, "'a'", 'a'), live))).toEqual(textIn(live));
});

test('another string, or the same one of another type, is left to the server', () => {
  const other = schemaOf(varchar, "'b'", 'b');
  const typed = schemaOf({ kind: 'text' }, "'a'", 'a');
  expect(takeLiterals(other, live)).toEqual(other);
  expect(takeLiterals(typed, live)).toEqual(typed);
});

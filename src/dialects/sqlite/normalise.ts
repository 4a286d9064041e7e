import { AludelError } from '../../errors.js';
import { type Expression, verbatim } from '../../schema/expressions/expression.js';
import { mapExpressions } from '../../schema/map-expressions.js';
import { formatTableName } from '../../schema/table-name.js';
import type { Column, Schema, Table } from '../../schema/table.js';
import { isIntegerKind } from '../../schema/types.js';
import { normaliseSchema } from '../normalise-schema.js';
import { withoutMysqlParts } from '../mysql-parts.js';
import { withoutPostgresParts } from '../postgres-parts.js';
import { normaliseTokens } from './ddl/normalise-tokens.js';
import { compareByTokens as compareObjectByTokens } from './objects.js';
import { render } from './expressions.js';
import { quoteIdentifier, quoteTable } from './sql.js';
import { normaliseType } from './types.js';

/** Models in SQLite's terms: no comments, no namespaces, keys that count up are INTEGER. */
export function normalise(schema: Schema): Schema {
  const normalised = normaliseSchema(withoutPostgresParts(schema, 'SQLite'), {
    type: normaliseType,
    column: normaliseColumn,
    table: normaliseTable,
    render,
    objects: {
      database: 'sqlite',
      kinds: new Set(['trigger', 'view', 'virtualTable']),
      quoteTable,
      quoteIdentifier,
      render,
    },
  });
  const objects = normalised.objects?.map(compareObjectByTokens);
  return {
    namespaces: [],
    enums: [],
    sequences: [],
    tables: normalised.tables.map(compareByTokens),
    ...(objects === undefined ? {} : { objects }),
  };
}

/** Only a column declared INTEGER is the row id, and only the row id counts up. https://www.sqlite.org/autoinc.html */
function normaliseColumn(column: Column, table: Table): Column {
  const { generation } = column;
  const plain = { ...column, comment: null, onUpdate: null };
  if (generation === null) return plain;
  const isOnlyKey = table.primaryKey?.columns.length === 1 && table.primaryKey.columns[0] === column.name;
  if (!isOnlyKey || !isIntegerKind(column.type.kind)) {
    const name = `${formatTableName(table)}.${column.name}`;
    throw new AludelError(
      'ALUDEL_TYPE_UNSUPPORTED',
      `SQLite cannot count up "${name}": it is not a single integer key.`,
      {
        hint: 'Make it the primary key of its table, or take autoincrement() off.',
      },
    );
  }
  const counter = generation.kind === 'auto' ? null : ({ kind: 'autoincrement' } as const);
  return { ...plain, type: { kind: 'integer' }, nullable: false, generation: counter };
}

function normaliseTable(table: Table): Table {
  if (table.namespace !== null) {
    throw new AludelError(
      'ALUDEL_OPERATION_UNSUPPORTED',
      `Table "${formatTableName(table)}" is in a namespace, and SQLite has none.`,
      { hint: 'Leave the namespace out for SQLite.' },
    );
  }
  // DEFERRABLE INITIALLY IMMEDIATE is how every foreign key of SQLite behaves.
  const foreignKeys = table.foreignKeys.map(({ saysNoAction: _saysNoAction, ...key }) =>
    key.deferrable === 'immediate' ? { ...key, deferrable: null } : key,
  );
  // There is one kind of index, and it covers whole values.
  const indexes = table.indexes.map((index) => ({
    ...index,
    method: null,
    parts: index.parts.map((part) => ({ ...part, length: null })),
  }));
  return { ...withoutMysqlParts({ ...table, indexes }), foreignKeys, comment: null };
}

/** SQLite keeps text as it was written, so expressions are compared token by token. */
export function compareByTokens(table: Table): Table {
  const spelled = mapExpressions(table, (expression) => {
    if (expression.kind !== 'verbatim') return expression;
    const source = expression.source ?? { kind: 'sql', parts: [expression.text] };
    return verbatim(normaliseTokens(expression.text), source);
  });
  // A column alone, written as an expression, is that column.
  const names = new Map(table.columns.map(({ name }) => [normaliseTokens(quoteIdentifier(name)), name]));
  const indexed = (expression: Expression): Expression => {
    const name = expression.kind === 'verbatim' ? names.get(expression.text) : undefined;
    return name === undefined ? expression : { kind: 'column', name };
  };
  const indexes = spelled.indexes.map((index) => ({
    ...index,
    parts: index.parts.map((part) => ({ ...part, expression: indexed(part.expression) })),
  }));
  return { ...spelled, indexes };
}

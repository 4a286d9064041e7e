import type { Constraint, ForeignKey } from '../../schema/table.js';
import { refuseExclusion } from '../postgres-parts.js';
import { usualReference } from './layout.js';
import { render } from './expressions.js';
import { quoteIdentifier, quoteList, quoteTable } from './sql.js';

/** `CONSTRAINT "name" UNIQUE (...)`; `counter` goes into a primary key, `layout` says what is not written as usual. */
export function constraintDefinition(constraint: Constraint, counter = '', layout?: string): string {
  const name = constraintName(constraint);
  switch (constraint.kind) {
    case 'primaryKey':
      return `${name}PRIMARY KEY (${keyColumns(constraint.columns, layout)}${counter})${conflictClause(layout)}`;
    case 'unique':
      return `${name}UNIQUE (${keyColumns(constraint.columns, layout)})${conflictClause(layout)}`;
    case 'check':
      return `${name}CHECK (${render(constraint.expression)})`;
    case 'exclusion':
      return refuseExclusion(constraint, 'SQLite');
    case 'foreignKey':
      return `${name}FOREIGN KEY (${quoteList(constraint.columns)}) ${references(constraint, layout)}`;
  }
}

export function constraintName({ name }: { readonly name: string | null }): string {
  return name === null ? '' : `CONSTRAINT ${quoteIdentifier(name)} `;
}

/** `(desc; collate nocase)`: what is said of each column. */
function keyColumns(columns: readonly string[], layout = ''): string {
  const parts = /^\((.*)\)/.exec(layout)?.[1]?.split('; ') ?? [];
  return columns.map((column, i) => `${quoteIdentifier(column)} ${parts[i]?.toUpperCase() ?? ''}`.trim()).join(', ');
}

function conflictClause(layout = ''): string {
  const clause = /on conflict \w+$/.exec(layout)?.[0];
  return clause === undefined ? '' : ` ${clause.toUpperCase()}`;
}

/** `REFERENCES "users" ("id") ON DELETE CASCADE`; `layout` says which clauses, in which order. */
export function references(key: ForeignKey, layout: string = usualReference(key)): string {
  const clauses = [...layout.matchAll(/\(\)|on (?:delete|update)|match \S+|(?:not )?deferrable.*/g)].map(([clause]) => {
    if (clause === '()') return key.targetColumns.length === 0 ? '' : `(${quoteList(key.targetColumns)})`;
    if (clause === 'on delete') return `ON DELETE ${key.onDelete.toUpperCase()}`;
    if (clause === 'on update') return `ON UPDATE ${key.onUpdate.toUpperCase()}`;
    return clause.toUpperCase();
  });
  return ['REFERENCES', quoteTable(key.target), ...clauses.filter((clause) => clause !== '')].join(' ');
}

import type { Operation } from '../../src/operations/operation.js';
import { constraintsOf, type Schema, type Table } from '../../src/schema/table.js';

/** How often each kind of object or change occurred. */
export type Counts = Map<string, number>;

/** Adds the objects of a schema: tables, columns and their facets, constraints, indexes, and what they say beside. */
export function countObjects(schema: Schema, counts: Counts): void {
  add(counts, 'namespace', schema.namespaces.length);
  add(counts, 'enum', schema.enums.length);
  for (const sequence of schema.sequences) {
    add(counts, 'sequence');
    for (const key of ['min', 'max', 'ownedBy', 'comment'] as const)
      if (sequence[key] !== null) add(counts, `sequence ${key}`);
  }
  for (const table of schema.tables) countTable(table, counts);
  for (const { kind, comment, options, dependsOn } of schema.objects ?? []) {
    add(counts, kind);
    if (comment !== undefined) add(counts, `${kind} comment`);
    if (options !== undefined) add(counts, `${kind} options`);
    if (dependsOn !== undefined) add(counts, `${kind} on something`);
  }
}

function countTable(table: Table, counts: Counts): void {
  add(counts, 'table');
  if (table.comment !== null) add(counts, 'table comment');
  for (const key of Object.keys(table.options)) add(counts, `table ${key}`);
  for (const column of table.columns) {
    add(counts, 'column');
    add(counts, `column of type ${column.type.kind}`);
    if (JSON.stringify(column.type).includes('srid')) add(counts, 'column srid');
    if (column.nullable) add(counts, 'column nullable');
    if (column.generation !== null) add(counts, `column ${column.generation.kind}`);
    if (column.generated !== null) add(counts, `column generated ${column.generated.stored ? 'stored' : 'virtual'}`);
    for (const key of ['default', 'onUpdate', 'collation', 'comment'] as const) {
      if (column[key] !== null) add(counts, `column ${key}`);
    }
  }
  for (const constraint of constraintsOf(table)) {
    const { kind, name: _name, ...rest } = constraint;
    add(counts, kind);
    countKeys(
      kind,
      rest,
      ['deferrable', 'include', 'nullsNotDistinct', 'match', 'notValid', 'noInherit', 'comment'],
      counts,
    );
    if (kind === 'foreignKey') add(counts, `foreignKey ${constraint.onDelete}`);
  }
  for (const index of table.indexes) {
    add(counts, 'index');
    countKeys('index', index, ['where', 'method', 'include', 'nullsNotDistinct', 'storage', 'comment'], counts);
    if (index.unique) add(counts, 'index unique');
    for (const part of index.parts) {
      countKeys('index part', part, ['length', 'nulls', 'opclass', 'collation'], counts);
      if (part.descending) add(counts, 'index part descending');
      if (part.expression.kind !== 'column') add(counts, 'index part expression');
    }
  }
}

function countKeys(kind: string, part: object, keys: readonly string[], counts: Counts): void {
  for (const [key, value] of Object.entries(part))
    if (keys.includes(key) && value != null) add(counts, `${kind} ${key}`);
}

/** Adds the operations, changes of columns facet by facet, those of constraints by their kind. */
export function countChanges(operations: readonly Operation[], counts: Counts): void {
  for (const operation of operations) {
    add(counts, operation.kind);
    switch (operation.kind) {
      case 'alterColumn':
      case 'alterSequence':
        for (const key of Object.keys(operation.changes)) add(counts, `${operation.kind} ${key}`);
        break;
      case 'addConstraint':
        add(counts, `addConstraint ${operation.constraint.kind}`);
        break;
      case 'dropConstraint':
        add(counts, `dropConstraint ${operation.type}`);
        break;
      case 'setComment':
        add(counts, `setComment ${operation.object}`);
        break;
      case 'setTableOptions':
        for (const key of Object.keys(operation.changes)) add(counts, `setTableOptions ${key}`);
        break;
      case 'createObject':
      case 'replaceObject':
      case 'dropObject':
        add(counts, `${operation.kind} ${operation.object.kind}`);
    }
  }
}

/** The counts as lines, the rarest first. */
export function formatCounts(counts: Counts): string {
  return [...counts]
    .toSorted(([one, left], [other, right]) => left - right || (one < other ? -1 : 1))
    .map(([kind, count]) => `${String(count).padStart(8)}  ${kind}`)
    .join('\n');
}

function add(counts: Counts, kind: string, times = 1): void {
  if (times > 0) counts.set(kind, (counts.get(kind) ?? 0) + times);
}

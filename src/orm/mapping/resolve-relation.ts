import { buildTable } from '../../schema/build-schema.js';
import type { Expr } from '../../schema/expressions/expr.js';
import type { TableDefinition } from '../../schema/metadata.js';
import { parseTableName } from '../../schema/table-name.js';
import { type ForeignKey, type Table, tableKey } from '../../schema/table.js';
import { NO_CASCADE, parseCascade } from './cascade.js';
import type { DeclaredRelation } from './declared-relations.js';
import type { MappedTable } from './column-map.js';
import { type ColumnPair, linkPairsOf, type RelationMap, type SecondaryColumn } from './relation-map.js';

/** What a relation stands for; or a line that says what is wrong with it, and what to add. */
export function resolveRelation<M extends MappedTable>(
  owner: M,
  property: string,
  mapperOf: (definition: TableDefinition) => M,
): RelationMap<M> | string {
  const fail = (problem: string): string => `Relation "${property}" of "${owner.name}": ${problem}.`;
  let declared: DeclaredRelation;
  try {
    declared = owner.declared.read(property);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const { relation, inverse } = declared;
  const target = mapperOf(declared.target);
  if (inverse !== undefined && !target.declared.names.includes(inverse)) {
    return fail(`the inverse "${inverse}" is no relation of "${target.name}": add it there, or leave "inverse" out`);
  }
  const { cascade: wanted, viewOnly } = relation.options;
  if (viewOnly === true && wanted !== undefined) return fail('"viewOnly" writes nothing: leave "cascade" out');
  const cascade = viewOnly === true ? NO_CASCADE : parseCascade(wanted);
  if (typeof cascade === 'string') return fail(cascade);
  const common = { property, kind: relation.kind, owner, target, inverse, cascade, settings: relation.options };
  if (relation.options.secondary !== undefined) {
    const secondary = resolveSecondary(owner, target, relation.options.secondary, declared);
    if (typeof secondary === 'string') return fail(secondary);
    return { ...common, direction: 'manyToMany', pairs: [], secondary, onDelete: secondary.toOwner.onDelete };
  }
  const fk = chosenColumn(relation.options.fk) ?? inverseColumn(target, inverse);
  const own = relation.kind === 'many' ? [] : keysTo(owner.table, target, fk);
  const theirs = keysTo(target.table, owner, fk);
  // A model that refers to itself holds the key at the side of the one.
  const found = own.length > 0 ? own : theirs;
  const [foreignKey] = found;
  if (foreignKey === undefined) {
    const holder = relation.kind === 'many' ? target : owner;
    const other = relation.kind === 'many' ? owner : target;
    const named = fk === undefined ? '' : ` with the column "${fk}"`;
    return fail(
      `no foreign key${named} leads from "${holder.label}" to "${other.label}": add .references('${other.label}.${other.keys[0]?.name ?? 'id'}') to a column of "${holder.name}"`,
    );
  }
  if (found.length > 1) {
    const holder = own.length > 0 ? owner : target;
    const columns = found.map((key) => holder.byName.get(key.columns[0] ?? '')?.property ?? key.columns[0]);
    return fail(
      `"${holder.label}" has ${found.length} foreign keys that it could mean (${columns.join(', ')}): add fk: () => ${holder.name}.c.${columns[0]}`,
    );
  }
  const holdsKey = own.length > 0;
  const [from, to] = holdsKey ? [owner, target] : [target, owner];
  const pairs = linkPairsOf(foreignKey, from, to).map(({ child, parent }): ColumnPair =>
    holdsKey ? { owner: child, target: parent } : { owner: parent, target: child },
  );
  const direction = holdsKey ? 'toOne' : 'toMany';
  return { ...common, direction, pairs, secondary: undefined, onDelete: foreignKey.onDelete };
}

function resolveSecondary(
  owner: MappedTable,
  target: MappedTable,
  name: string,
  declared: DeclaredRelation,
): NonNullable<RelationMap<MappedTable>['secondary']> | string {
  const { metadata, tableName } = owner.definition;
  const parsed = parseTableName(name);
  const definition = metadata.tables.get(tableKey({ ...parsed, namespace: parsed.namespace ?? tableName.namespace }));
  if (definition === undefined) return `the table "${name}" is not declared: add metadata.table('${name}', { ... })`;
  const table = buildTable(definition, []);
  const fk = chosenColumn(declared.relation.options.fk);
  const toOwners = keysTo(table, owner, fk);
  const inverseFk = inverseColumn(target, declared.inverse);
  const toOwner = toOwners.length > 1 ? toOwners.find((key) => !key.columns.includes(inverseFk ?? '')) : toOwners[0];
  if (toOwner === undefined || (toOwners.length > 1 && inverseFk === undefined)) {
    return toOwner === undefined
      ? `"${name}" has no foreign key to "${owner.label}": add a column with .references('${owner.label}.${owner.keys[0]?.name ?? 'id'}')`
      : `"${name}" has several foreign keys to "${owner.label}": add fk: () => the column that holds the key of this object`;
  }
  const toTarget = keysTo(table, target).find((key) => key !== toOwner);
  if (toTarget === undefined) {
    return `"${name}" has no foreign key to "${target.label}": add a column with .references('${target.label}.${target.keys[0]?.name ?? 'id'}')`;
  }
  return {
    table: definition.tableName,
    owner: secondaryColumns(toOwner, owner),
    target: secondaryColumns(toTarget, target),
    toOwner,
    toTarget,
  };
}

function secondaryColumns(key: ForeignKey, mapper: MappedTable): SecondaryColumn[] {
  return key.columns.flatMap((name, i) => {
    const refers = mapper.byName.get(key.targetColumns[i] ?? '');
    return refers === undefined ? [] : [{ name, refers }];
  });
}

function keysTo(from: Table, to: MappedTable, column?: string): ForeignKey[] {
  return from.foreignKeys.filter(
    (key) => to.isIn(key.target) && (column === undefined || key.columns.includes(column)),
  );
}

function chosenColumn(fk: (() => Expr<unknown>) | undefined): string | undefined {
  const node = fk?.().node;
  return node?.kind === 'column' ? node.name : undefined;
}

/** Both sides stand on one foreign key: it is enough that one says which. */
function inverseColumn(target: MappedTable, inverse: string | undefined): string | undefined {
  return inverse === undefined ? undefined : chosenColumn(target.declared.read(inverse).relation.options.fk);
}

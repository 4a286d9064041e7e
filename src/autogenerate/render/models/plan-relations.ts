/** The relations that foreign keys stand for, named as a developer would. */
import { type ForeignKey, type Table, tableKey } from '../../../schema/table.js';
import { associationOf, isReservedProperty, type ModelPlan } from './model-plan.js';
import { camelCase, freeName, pascalCase, pluralOf, singularOf, withLast, wordsOf } from './words.js';

export interface PlannedRelation {
  readonly name: string;
  readonly kind: 'one' | 'maybeOne' | 'many';
  readonly target: ModelPlan;
  readonly inverse: string;
  /** The model and property that say which of several foreign keys is meant. */
  readonly fk: { readonly model: ModelPlan; readonly property: string } | null;
  /** The association table. */
  readonly secondary: Table | null;
}

/** One side of a relation, before it has a name. */
interface Side {
  readonly owner: ModelPlan;
  readonly wanted: readonly string[];
}

/** Relations by class, in the order in which their foreign keys stand. */
export function planRelations(plans: readonly ModelPlan[]): Map<ModelPlan, PlannedRelation[]> {
  const relations = new Map(plans.map((plan): [ModelPlan, PlannedRelation[]] => [plan, []]));
  const byKey = new Map(plans.map((plan) => [tableKey(plan.table), plan]));
  const tables = new Map(plans.map((plan) => [tableKey(plan.table), plan.table]));
  const name = ({ owner, wanted }: Side): string => {
    const used = [...owner.properties.values(), ...(relations.get(owner) ?? []).map((relation) => relation.name)];
    const isTaken = (one: string): boolean => used.includes(one) || isReservedProperty(one);
    return wanted.find((one) => !isTaken(one)) ?? freeName(wanted.at(-1) ?? 'related', isTaken);
  };
  const add = (owner: ModelPlan, relation: PlannedRelation): void => {
    relations.get(owner)?.push(relation);
  };
  // Those that hold the key first: their names are the plainest.
  const keys = plans.flatMap((owner) =>
    owner.kind === 'class' ? owner.table.foreignKeys.map((key) => ({ owner, key })) : [],
  );
  for (const { owner, key } of keys) {
    const target = byKey.get(tableKey(key.target));
    if (target === undefined || target.kind !== 'class') continue;
    // A column that a table has from its parent is no property of its model.
    if (key.columns.some((column) => !owner.properties.has(column))) continue;
    if (key.targetColumns.length !== key.columns.length) continue;
    if (key.targetColumns.some((column) => !target.properties.has(column))) continue;
    const between = keysBetween(owner, target);
    const sameColumns = between.filter((other) => other.columns.some((column) => key.columns.includes(column)));
    // No option tells apart two foreign keys that share their columns.
    if (sameColumns.length > 1) continue;
    const property = owner.properties.get(key.columns[0] ?? '') ?? '';
    const fk = between.length > 1 ? { model: owner, property } : null;
    const role = roleOf(key, owner, target);
    const isOneToOne = isUnique(owner.table, key.columns);
    const holding = name({ owner, wanted: [role, `${role}${target.name}`, `${role}Ref`] });
    const isNullable = key.columns.some((column) => owner.table.columns.find((one) => one.name === column)?.nullable);
    // Both sides of a table that refers to itself are on one model: the first name is taken now.
    const relation = { kind: isNullable ? 'maybeOne' : 'one', target, fk, secondary: null } as const;
    const index = relations.get(owner)?.length ?? 0;
    add(owner, { ...relation, name: holding, inverse: '' });
    const inverse = name({
      owner: target,
      wanted: inverseNames(owner, target, holding, between.length > 1, isOneToOne),
    });
    relations.get(owner)?.splice(index, 1, { ...relation, name: holding, inverse });
    const kind = isOneToOne ? 'maybeOne' : 'many';
    add(target, { name: inverse, kind, target: owner, inverse: holding, fk, secondary: null });
  }
  for (const { table } of plans) {
    const association = associationOf(table, tables);
    const [first, second] = (association ?? []).map(({ target }) => byKey.get(tableKey(target)));
    if (first === undefined || second === undefined) continue;
    const names = ({ name: own }: ModelPlan): string[] => {
      const plain = pluralName(own);
      return [plain, `${plain}Of${pascalCase(wordsOf(table.name))}`];
    };
    const forward = name({ owner: first, wanted: names(second) });
    const back = name({ owner: second, wanted: names(first) });
    const rest = { kind: 'many', fk: null, secondary: table } as const;
    add(first, { ...rest, name: forward, target: second, inverse: back });
    add(second, { ...rest, name: back, target: first, inverse: forward });
  }
  return relations;
}

/** Foreign keys of either to the other. */
function keysBetween(one: ModelPlan, other: ModelPlan): ForeignKey[] {
  const to = (from: ModelPlan, target: ModelPlan): ForeignKey[] =>
    from.table.foreignKeys.filter((key) => tableKey(key.target) === tableKey(target.table));
  return one === other ? to(one, one) : [...to(one, other), ...to(other, one)];
}

/** `creator_id` to `creator`; of several columns, and of one that says nothing, the name of the target. */
function roleOf({ columns }: ForeignKey, owner: ModelPlan, target: ModelPlan): string {
  const [column, ...others] = columns;
  const plain = lowerFirst(target.name);
  if (column === undefined || others.length > 0) return plain;
  const words = wordsOf(column);
  const last = words.at(-1)?.toLowerCase() ?? '';
  const isSuffix = ['id', 'uuid', 'guid', 'fk', 'key', 'no', 'nr', 'code', 'ref'].includes(last);
  const role = isSuffix ? words.slice(0, -1) : words;
  if (role.length === 0 || (isSuffix && last === 'id' && role.length === 0)) return plain;
  const named = camelCase(role);
  // A key that is shared with the parent is called like a key, not like what it leads to.
  return owner.properties.get(column) === named ? plain : named;
}

function inverseNames(
  owner: ModelPlan,
  target: ModelPlan,
  role: string,
  isOneOfSeveral: boolean,
  isOneToOne: boolean,
): string[] {
  const plain = isOneToOne ? lowerFirst(owner.name) : pluralName(owner.name);
  const withRole = `${plain}As${role.charAt(0).toUpperCase()}${role.slice(1)}`;
  if (owner === target && role === 'parent') return isOneToOne ? ['child', withRole] : ['children', withRole];
  return isOneOfSeveral || owner === target ? [withRole] : [plain, withRole];
}

function pluralName(className: string): string {
  return lowerFirst(pascalCase(withLast(wordsOf(className), (word) => pluralOf(singularOf(word)))));
}

/** `User` to `user`, `SMSMessage` to `smsMessage`. */
function lowerFirst(name: string): string {
  return camelCase(wordsOf(name));
}

/** True when at most one row holds a value of the columns. */
function isUnique(table: Table, columns: readonly string[]): boolean {
  const isSame = (others: readonly string[]): boolean =>
    others.length === columns.length && others.every((column) => columns.includes(column));
  const ofIndexes = table.indexes.flatMap(({ unique, where, parts, definition }) =>
    unique && where === null && definition === null
      ? [parts.flatMap(({ expression }) => (expression.kind === 'column' ? [expression.name] : ['']))]
      : [],
  );
  return [table.primaryKey?.columns ?? [], ...table.uniques.map((unique) => unique.columns), ...ofIndexes].some(isSame);
}

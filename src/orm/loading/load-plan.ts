/** What options and the defaults of a model come to: which columns are read, and which relations with them. */
import { AludelError } from '../../errors.js';
import { originOf } from '../../schema/expressions/column-origin.js';
import type { TableDefinition } from '../../schema/metadata.js';
import type { ColumnMap } from '../mapping/column-map.js';
import { originOfComputed } from '../mapping/computed.js';
import { type Mapper, mapperFor, mapperOfTable } from '../mapping/mapper.js';
import type { RelationMap } from '../mapping/relation-map.js';
import type { AnyExpr, ColumnChoice, LoadOption, RelationLoad } from './loaders.js';
import { getOrMake } from '../../util/group-by.js';

export interface LoadPlan {
  readonly mapper: Mapper;
  readonly columns: readonly ColumnMap[];
  /** In the same statement. */
  readonly joined: readonly RelationPlan[];
  /** In statements behind it. */
  readonly behind: readonly RelationPlan[];
  /** Relations that may not be loaded later; `*` for all. */
  readonly refused: ReadonlySet<string> | undefined;
}

/** Objects of a statement, and where their values begin in a row. */
export interface LoadRoot {
  readonly plan: LoadPlan;
  readonly from: number;
}

export interface RelationPlan {
  readonly relation: RelationMap<Mapper>;
  readonly isSubquery: boolean;
  readonly depth: number;
  readonly inner: LoadPlan;
}

const plain: WeakMap<readonly ColumnMap[], LoadPlan> = new WeakMap();

/** All columns and nothing else. */
export function plainPlan(mapper: Mapper): LoadPlan {
  const { selected: columns } = mapper;
  return getOrMake(plain, columns, () => ({ mapper, columns, joined: [], behind: [], refused: undefined }));
}

/**
 * @param path the models on the way here: relations that are loaded by default do not lead back to them.
 * @param owned the relation that leads here: the columns that tie its objects to their owners are always read.
 * @throws AludelError ALUDEL_USAGE for what is no relation or column of the model.
 */
export function planLoads(
  mapper: Mapper,
  options: readonly LoadOption[] = [],
  path: readonly Mapper[] = [],
  owned?: RelationMap<Mapper>,
): LoadPlan {
  const loads = options
    .filter((option) => option.kind === 'relation')
    .map((load) => ({ relation: find(mapper, load), how: load.how, depth: load.depth, inner: innerOf(load) }));
  const refusals = options.filter((option) => option.kind === 'refusal').map(({ attribute }) => attribute);
  const isNamed = (relation: RelationMap<Mapper>): boolean =>
    loads.some((load) => load.relation.property === relation.property) ||
    refusals.some((attribute) => attribute === '*' || attribute.property === relation.property);
  const below = [...path, mapper.root];
  const defaults = mapper.family
    .flatMap(({ relations }) => relations)
    .filter(({ settings, target }) => settings.load !== undefined && !below.includes(target.root))
    .filter(
      (relation, i, all) => !isNamed(relation) && all.findIndex((each) => each.property === relation.property) === i,
    )
    .map((relation) => ({ relation, how: relation.settings.load, depth: 1, inner: [] }));
  const columns = chooseColumns(mapper, options, owned);
  if (loads.length + refusals.length + defaults.length === 0 && columns === mapper.selected) return plainPlan(mapper);
  const plans = [...loads, ...defaults]
    .filter(({ how }) => how !== 'lazy' && how !== 'fromJoin' && how !== 'throw')
    .map(({ relation, how, depth, inner }) => ({
      how,
      plan: {
        relation,
        isSubquery: how === 'subquery',
        depth: how === 'joined' ? 1 : depth,
        inner: planLoads(relation.target, inner, below, relation),
      },
    }));
  const refused = [
    ...refusals.map((attribute) => (attribute === '*' ? '*' : find(mapper, { attribute }).property)),
    ...defaults.flatMap(({ relation, how }) => (how === 'throw' ? [relation.property] : [])),
  ];
  return {
    mapper,
    columns,
    joined: plans.flatMap(({ how, plan }) => (how === 'joined' ? [plan] : [])),
    behind: plans.flatMap(({ how, plan }) => (how === 'joined' ? [] : [plan])),
    refused: refused.length === 0 ? undefined : new Set(refused),
  };
}

/** Joins are nested, one for each level. */
function innerOf(load: RelationLoad): readonly LoadOption[] {
  const { how, attribute, depth, inner } = load;
  if (how !== 'joined' || depth <= 1) return inner;
  if (Number.isSafeInteger(depth)) return [...inner, { ...load, depth: depth - 1 }];
  throw new AludelError('ALUDEL_USAGE', `joined() of "${attribute.property}" needs a number of levels.`, {
    hint: 'Say one, as in { depth: 3 }, or use selectin(), which follows to the end.',
  });
}

/** The relation of an option, which must be one of the model or of a model that extends it. */
function find(mapper: Mapper, { attribute }: Pick<RelationLoad, 'attribute'>): RelationMap<Mapper> {
  const owner = mapperOfTable(attribute.table);
  if (owner.root === mapper.root) return owner.relation(attribute.property);
  throw new AludelError(
    'ALUDEL_USAGE',
    `"${attribute.property}" is a relation of "${owner.name}", not of "${mapper.name}".`,
    {
      hint: `Put it inside the loader that leads to "${owner.name}": selectin(..., selectin(${owner.name}.c.${attribute.property})).`,
      details: { model: mapper.name, relation: attribute.property },
    },
  );
}

/** By the columns that there are, and which were chosen. */
const chosen: WeakMap<readonly ColumnMap[], Map<string, readonly ColumnMap[]>> = new WeakMap();

/** Keys and foreign keys are always read: relations stand on them. */
function chooseColumns(
  mapper: Mapper,
  options: readonly LoadOption[],
  owned: RelationMap<Mapper> | undefined,
): readonly ColumnMap[] {
  const choices = options.filter((option) => option.kind === 'columns');
  const { selected } = mapper;
  if (choices.length === 0) return selected;
  const needed = new Set([
    ...(owned?.pairs ?? []).map(({ target }) => target.property),
    ...mapper.family.flatMap(({ relations, keys, version, rows }) => [
      ...relations.flatMap(({ pairs, secondary }) => [
        ...pairs.map(({ owner }) => owner.property),
        ...(secondary?.owner ?? []).map(({ refers }) => refers.property),
      ]),
      ...[...keys, version, rows?.selected[rows.place]].map((column) => column?.property),
    ]),
  ]);
  const namesOf = (wanted: ColumnChoice['how']): string[] | undefined => {
    const some = choices.filter(({ how }) => how === wanted);
    return some.length === 0 ? undefined : some.flatMap(({ columns }) => columns.map((each) => named(mapper, each)));
  };
  const [only, deferred] = [namesOf('only'), namesOf('defer')];
  const isChosen = (name: string): boolean => (only?.includes(name) ?? true) && deferred?.includes(name) !== true;
  const wanted = selected.filter(({ property }) => needed.has(property) || isChosen(property));
  const known = getOrMake(chosen, selected, () => new Map<string, readonly ColumnMap[]>());
  return getOrMake(known, wanted.map((column) => selected.indexOf(column)).join(), () => wanted);
}

function named(mapper: Mapper, column: AnyExpr): string {
  const origin = originOfComputed(column) ?? originOf(column.node);
  const table = origin?.table as TableDefinition | { readonly definition: TableDefinition } | undefined;
  const definition = table !== undefined && 'definition' in table ? table.definition : table;
  if (origin !== undefined && definition !== undefined && mapperFor(definition)?.root === mapper.root)
    return origin.property;
  throw new AludelError('ALUDEL_USAGE', `loadOnly() and defer() name a column that "${mapper.name}" does not have.`, {
    hint: `Name columns of "${mapper.name}.c"; those of related objects go inside the loader that leads to them.`,
    details: { model: mapper.name },
  });
}

/** What a query says of loading: `select(...).options(...)`, and the options of `session.get` and `refresh`. */
import type { Expr } from '../../schema/expressions/expr.js';
import type { Criteria, CriteriaSkip } from '../query/criteria.js';
import type { RelationAttribute } from '../mapping/relation-attribute.js';

/** An attribute of any model, and a column of any type. */
export type AnyRelation = RelationAttribute<never, unknown>;
export type AnyExpr = Expr<unknown>;

export interface RelationLoad {
  readonly kind: 'relation';
  readonly how: 'selectin' | 'joined' | 'subquery' | 'fromJoin' | 'lazy';
  readonly attribute: AnyRelation;
  readonly inner: readonly LoadOption[];
  readonly depth: number;
  /** `fromJoin`: the other name under which the query has joined the table. */
  readonly joinedAs: object | undefined;
}

export interface ColumnChoice {
  readonly kind: 'columns';
  readonly how: 'only' | 'defer';
  readonly columns: readonly AnyExpr[];
}

export interface LoadRefusal {
  readonly kind: 'refusal';
  readonly attribute: AnyRelation | '*';
}

/** How objects of a query are loaded, and what comes with them. */
export type LoadOption = RelationLoad | ColumnChoice | LoadRefusal;

/** What queries take besides. */
export type QueryOption = LoadOption | Criteria | CriteriaSkip;

export interface DepthOptions {
  /**
   * For a model that leads to itself: how many levels are loaded. `Infinity` follows to the end, with a circle once
   * around; not for `joined`. Default: 1.
   */
  readonly depth?: number;
}

type Inner = readonly LoadOption[] | readonly [DepthOptions, ...(readonly LoadOption[])];

/**
 * Loads a relation with the objects of a query, in one statement for each 10,000 of them, and relations of those in turn.
 * @example
 * select(User).options(selectin(User.c.tickets, selectin(Ticket.c.comments)))
 * select(Folder).options(selectin(Folder.c.children, { depth: 5 }))
 */
export function selectin(attribute: AnyRelation, ...inner: Inner): RelationLoad {
  return relationLoad('selectin', attribute, inner);
}

/**
 * Loads a relation in the statement of the query itself, by a LEFT JOIN around it: a limit counts the objects that were
 * asked for, and conditions and order never mean the joined table. Best for relations to one.
 * @example select(Ticket).options(joined(Ticket.c.creator)).limit(50)
 */
export function joined(attribute: AnyRelation, ...inner: Inner): RelationLoad {
  return relationLoad('joined', attribute, inner);
}

/**
 * Loads a relation in one statement that holds the query as a subquery, however many objects there are. Below another
 * loader, and for objects that were known before, it is `selectin`.
 */
export function subquery(attribute: AnyRelation, ...inner: Inner): RelationLoad {
  return relationLoad('subquery', attribute, inner);
}

/** Loads a relation by `load()` alone, whatever the mapping says: takes back `load: 'selectin'` or `'joined'`. */
export function lazy(attribute: AnyRelation): RelationLoad {
  return relationLoad('lazy', attribute, []);
}

/** Makes a relation of these objects, or every one that nothing else loads, an error to `load()`. */
export function throwOn(attribute: AnyRelation | '*'): LoadRefusal {
  return { kind: 'refusal', attribute };
}

/**
 * Reads these columns alone, with keys, foreign keys and the version: others are a NotLoadedError until `refresh`.
 * @example select(Ticket).options(loadOnly(Ticket.c.title), selectin(Ticket.c.creator, loadOnly(User.c.name)))
 */
export function loadOnly(...columns: readonly AnyExpr[]): ColumnChoice {
  return { kind: 'columns', how: 'only', columns };
}

/** Leaves these columns out: they are a NotLoadedError until `session.refresh(object, ['body'])`. */
export function defer(...columns: readonly AnyExpr[]): ColumnChoice {
  return { kind: 'columns', how: 'defer', columns };
}

export function relationLoad(
  how: RelationLoad['how'],
  attribute: AnyRelation,
  given: Inner,
  joinedAs?: object,
): RelationLoad {
  const [first, ...rest] = given;
  const isDepth = first !== undefined && !('kind' in first);
  return {
    kind: 'relation',
    how,
    attribute,
    depth: isDepth ? (first.depth ?? 1) : 1,
    inner: isDepth ? (rest as readonly LoadOption[]) : (given as readonly LoadOption[]),
    joinedAs,
  };
}

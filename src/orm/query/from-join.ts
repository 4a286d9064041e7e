import type { LoadOption, RelationLoad } from '../loading/loaders.js';
import { relationLoad } from '../loading/loaders.js';
import type { RelationAttribute } from '../mapping/relation-attribute.js';
import { Alias } from './alias.js';

/**
 * Takes a relation to one from a join of the query itself, and loads nothing more for it. An alias says which of several
 * joined tables is meant.
 * @example select(Ticket).join(Ticket.c.creator).where(User.c.name.eq('Ann')).options(fromJoin(Ticket.c.creator))
 */
// oxlint-disable-next-line typescript/no-explicit-any -- as in loaders.ts
export function fromJoin(
  attribute: RelationAttribute<any, any>,
  ...inner: readonly (LoadOption | Alias<any, any>)[]
): RelationLoad {
  const [first] = inner;
  const joinedAs = first instanceof Alias ? first : undefined;
  const options = inner.filter((each) => !(each instanceof Alias)) as LoadOption[];
  return relationLoad('fromJoin', attribute, options, joinedAs);
}

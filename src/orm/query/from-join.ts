import { type AnyRelation, type LoadOption, relationLoad, type RelationLoad } from '../loading/loaders.js';
import { Alias } from './alias.js';

/**
 * Takes a relation to one from a join of the query itself, and loads nothing more for it. An alias says which of several
 * joined tables is meant.
 * @example select(Ticket).join(Ticket.c.creator).where(User.c.name.eq('Ann')).options(fromJoin(Ticket.c.creator))
 */
export function fromJoin(attribute: AnyRelation, ...inner: readonly (LoadOption | Alias<unknown>)[]): RelationLoad {
  const options = inner.filter((each): each is LoadOption => !(each instanceof Alias));
  return relationLoad(
    'fromJoin',
    attribute,
    options,
    inner.find((each) => each instanceof Alias),
  );
}

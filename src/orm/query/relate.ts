/** What ties the rows of a relation in a query. */
import { type Mapper, mapperFor } from '../mapping/mapper.js';
import type { RelationAttribute } from '../mapping/relation-attribute.js';
import type { RelationMap } from '../mapping/relation-map.js';
import type { Scope, Source } from './scope.js';

interface Related {
  /** The association table, under the name that was given for it. */
  readonly link: string | undefined;
  readonly toOwner: readonly string[];
  readonly toTarget: readonly string[];
}

/** The conditions that tie the rows of a relation. */
export function relate(
  scope: Scope,
  along: RelationAttribute<never, unknown>,
  target: Source,
  linkName: string,
): Related {
  const { text } = scope;
  const { dialect } = text;
  const owner = scope.source(along.source ?? along.table);
  const { pairs, secondary } = relationOf(along);
  const ownerColumn = (name: string): string => `${owner.qualifier}.${dialect.quoteIdentifier(name)}`;
  const targetColumn = (name: string): string => `${target.qualifier}.${dialect.quoteIdentifier(name)}`;
  if (secondary === undefined) {
    const toTarget = pairs.map((pair) => `${targetColumn(pair.target.name)} = ${ownerColumn(pair.owner.name)}`);
    return { link: undefined, toOwner: [], toTarget };
  }
  const linkColumn = (name: string): string => `${dialect.quoteIdentifier(linkName)}.${dialect.quoteIdentifier(name)}`;
  return {
    link: `${dialect.quoteTable(secondary.table)} AS ${dialect.quoteIdentifier(linkName)}`,
    toOwner: secondary.owner.map(({ name, refers }) => `${linkColumn(name)} = ${ownerColumn(refers.name)}`),
    toTarget: secondary.target.map(({ name, refers }) => `${targetColumn(refers.name)} = ${linkColumn(name)}`),
  };
}

function relationOf({ relation, property, table }: RelationAttribute<never, unknown>): RelationMap<Mapper> {
  const mapper = mapperFor(table);
  if (mapper === undefined)
    throw new Error(`unreachable: "${property}" leads to "${relation.target.name}" from no model`);
  return mapper.relation(property);
}

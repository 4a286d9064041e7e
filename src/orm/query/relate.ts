/** What ties the rows of a relation in a query. */
import { type Mapper, mapperFor } from '../mapping/mapper.js';
import type { RelationAttribute } from '../mapping/relation-attribute.js';
import type { RelationMap } from '../mapping/relation-map.js';
import type { Scope, Source } from './scope.js';
import type { ColumnMap } from '../mapping/column-map.js';
import type { SqlText } from '../loading/sql-text.js';

interface Related {
  /** The association table, under the name that was given for it. */
  readonly link: string | undefined;
  readonly toOwner: readonly string[];
  readonly toTarget: readonly string[];
}

/** The conditions that tie the rows of a relation, by what its columns are called on both sides. */
export function tie(
  { dialect }: SqlText,
  { pairs, secondary }: RelationMap<Mapper>,
  ownerColumn: (column: ColumnMap) => string,
  targetColumn: (column: ColumnMap) => string,
  linkName: string,
): Related {
  if (secondary === undefined) {
    const toTarget = pairs.map(({ owner, target }) => `${targetColumn(target)} = ${ownerColumn(owner)}`);
    return { link: undefined, toOwner: [], toTarget };
  }
  const link = dialect.quoteIdentifier(linkName);
  const linkColumn = (name: string): string => `${link}.${dialect.quoteIdentifier(name)}`;
  return {
    link: `${dialect.quoteTable(secondary.table)} AS ${link}`,
    toOwner: secondary.owner.map(({ name, refers }) => `${linkColumn(name)} = ${ownerColumn(refers)}`),
    toTarget: secondary.target.map(({ name, refers }) => `${targetColumn(refers)} = ${linkColumn(name)}`),
  };
}

/** The same for a relation of a table in a query. */
export function relate(
  scope: Scope,
  along: RelationAttribute<never, unknown>,
  target: Source,
  linkName: string,
): Related {
  const { text } = scope;
  const owner = scope.source(along.source ?? along.table);
  const ownerColumn = (column: ColumnMap): string => `${owner.qualifier}.${text.name(column)}`;
  const targetColumn = (column: ColumnMap): string => `${target.qualifier}.${text.name(column)}`;
  return tie(text, relationOf(along), ownerColumn, targetColumn, linkName);
}

function relationOf({ relation, property, table }: RelationAttribute<never, unknown>): RelationMap<Mapper> {
  const mapper = mapperFor(table);
  if (mapper === undefined)
    throw new Error(`unreachable: "${property}" leads to "${relation.target.name}" from no model`);
  return mapper.relation(property);
}

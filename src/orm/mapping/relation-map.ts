import type { ForeignKey, ForeignKeyAction, TableName } from '../../schema/table.js';
import type { Cascade } from './cascade.js';
import type { ColumnMap, MappedTable } from './column-map.js';
import type { Cardinality, RelationSettings } from './relation.js';

/** A relation with everything found out: which columns of which table hold the key. */
export interface RelationMap<M> {
  readonly property: string;
  readonly kind: Cardinality;
  readonly owner: M;
  readonly target: M;
  /** `toOne`: the owner holds the key. `toMany`: the target does. `manyToMany`: a table between them. */
  readonly direction: 'toOne' | 'toMany' | 'manyToMany';
  /** Columns that are equal; for `manyToMany` empty. */
  readonly pairs: readonly ColumnPair[];
  readonly secondary: SecondaryMap | undefined;
  readonly inverse: string | undefined;
  readonly cascade: Cascade;
  readonly settings: RelationSettings;
  /** What the database does with the rows that hold the key when the other one is deleted. */
  readonly onDelete: ForeignKeyAction;
}

/** A column of a foreign key, and what it refers to. */
export interface LinkPair {
  readonly child: ColumnMap;
  readonly parent: ColumnMap;
}

/** The columns of a foreign key with what they refer to, as far as the two models have them. */
export function linkPairsOf(
  { columns, targetColumns }: ForeignKey,
  from: Pick<MappedTable, 'byName'>,
  to: Pick<MappedTable, 'byName'>,
): LinkPair[] {
  return columns.flatMap((name, i) => {
    const [child, parent] = [from.byName.get(name), to.byName.get(targetColumns[i] ?? '')];
    return child === undefined || parent === undefined ? [] : [{ child, parent }];
  });
}

export interface ColumnPair {
  readonly owner: ColumnMap;
  readonly target: ColumnMap;
}

/** The association table of a many-to-many relation. */
export interface SecondaryMap {
  readonly table: TableName;
  /** Its columns that hold the owner's key. */
  readonly owner: readonly SecondaryColumn[];
  /** Its columns that hold the target's key. */
  readonly target: readonly SecondaryColumn[];
  readonly toOwner: ForeignKey;
  readonly toTarget: ForeignKey;
}

export interface SecondaryColumn {
  readonly name: string;
  readonly refers: ColumnMap;
}

/** How models extend each other: which column tells the classes apart, and where the columns of a child stand. */
import type { TableArg } from '../../schema/table-args.js';
import type { MetaData, TableDefinition } from '../../schema/metadata.js';
import { getOrMake } from '../../util/group-by.js';

export interface Lineage {
  /** The columns of the model that it extends, as that declares them. */
  readonly parent: TableDefinition | undefined;
  /** The property that says which class a row belongs to. */
  readonly on: string;
  /** What it holds for rows of this class; undefined where there are none. */
  readonly as: string | undefined;
  /** The properties that the parent does not have. */
  readonly own: readonly string[];
  /** The table where they stand: the parent's or the model's own. */
  readonly table: TableDefinition;
  readonly isJoined: boolean;
  /** The indexes and constraints of the model and of what it extends. */
  readonly args: () => readonly TableArg[];
  readonly children: TableDefinition[];
}

const all: WeakMap<TableDefinition, Lineage> = new WeakMap();
const children: WeakMap<MetaData, TableDefinition[]> = new WeakMap();

export function lineageOf(definition: TableDefinition): Lineage | undefined {
  return all.get(definition);
}

/** The models of a Base that are known as children of others. */
export function childrenOf(metadata: MetaData): readonly TableDefinition[] {
  return children.get(metadata) ?? [];
}

export function noteLineage(definition: TableDefinition, lineage: Lineage): void {
  all.set(definition, lineage);
  if (lineage.parent === undefined) return;
  all.get(lineage.parent)?.children.push(definition);
  getOrMake(children, definition.metadata, () => []).push(definition);
}

/** True where objects of the model `child` are objects of the model `parent`. */
export function isOrExtends(child: TableDefinition, parent: TableDefinition): boolean {
  for (let each: TableDefinition | undefined = child; each !== undefined; each = all.get(each)?.parent) {
    if (each === parent) return true;
  }
  return false;
}

/** The tables that rows of a model stand in. */
export function tablesOf(definition: TableDefinition): TableDefinition[] {
  const lineage = all.get(definition);
  if (lineage === undefined) return [definition];
  return [lineage.table, ...(lineage.parent === undefined ? [] : tablesOf(lineage.parent))];
}

/** What a model class knows of its table, and where the class keeps it. */
import type { AnyColumn, TableDefinition } from '../../schema/metadata.js';
import type { ModelRelations, ObjectState } from './entity.js';
import type { Columns } from './model-class.js';
import type { ModelRegistration } from './model-registration.js';

/** The static property that holds the shape of a model class; a child's hides its parent's. */
export const SHAPE: unique symbol = Symbol('aludel.shape');

/** What the objects of a class hold for its relations. */
export interface ShapeRelations extends ModelRelations {
  /** As declared; children take them over. */
  readonly getters: object;
  /** Sets what the constructor was given for a relation. */
  fill(owner: ObjectState, property: string, given: unknown): void;
}

export interface ModelShape {
  readonly definition: TableDefinition;
  /** The table's name for messages. */
  readonly label: string;
  /** The columns of this model alone: its table may hold those of children too. */
  readonly columns: Columns;
  /** The same as pairs, and the names that the constructor takes. */
  readonly entries: readonly (readonly [string, AnyColumn])[];
  readonly names: ReadonlySet<string>;
  readonly related: ShapeRelations;
  /** `Model.c` */
  readonly attributes: object;
  readonly registration: ModelRegistration;
  /** What new objects start with, besides the defaults of their columns. */
  readonly initial: Readonly<Record<string, unknown>>;
  /** True for a class that says nothing of us: mapped by `mapClass()`. */
  readonly isPlain: boolean;
}

/** The shape of a model class. */
export function shapeOf(model: unknown): ModelShape | undefined {
  return typeof model === 'function' ? (model as { readonly [SHAPE]?: ModelShape })[SHAPE] : undefined;
}

/** What a model class knows of its table, and where the class keeps it. */
import { AludelError } from '../../errors.js';
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

/** The shape of a model class, which is noted for a model. @throws AludelError ALUDEL_USAGE for what is none. */
export function recordedShape(model: unknown): ModelShape {
  const shape = shapeOf(model);
  if (shape === undefined) {
    const name = typeof model === 'function' ? model.name : String(model);
    throw new AludelError('ALUDEL_USAGE', `"${name}" is no model.`, {
      hint: 'Pass a class that extends "Base.table(...)", a column or an expression.',
    });
  }
  shape.registration.record(model);
  return shape;
}

/** The shape of a model class. */
export function shapeOf(model: unknown): ModelShape | undefined {
  return typeof model === 'function' ? (model as { readonly [SHAPE]?: ModelShape })[SHAPE] : undefined;
}

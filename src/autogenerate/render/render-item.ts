/** The parts of a revision file that a project may write in words of its own. */
import type { Operation } from '../../operations/operation.js';
import type { Expression } from '../../schema/expressions/expression.js';
import type { Column } from '../../schema/table.js';
import type { ColumnType } from '../../schema/types.js';

/** A part that is about to be written: a call on `op`, a column, a column's type, a server default. */
export type RenderedItem =
  | { readonly type: 'operation'; readonly operation: Operation }
  | { readonly type: 'column'; readonly column: Column }
  | { readonly type: 'type'; readonly columnType: ColumnType }
  | { readonly type: 'serverDefault'; readonly expression: Expression; readonly columnType: ColumnType };

export interface RenderItemContext {
  /** Imports a name into the revision file; a relative module is written as it is given. */
  addImport(module: string, name: string): void;
  /** Lets the revision file see what a module declares, and load nothing: `import type {} from 'module'`. */
  addTypes(module: string): void;
}

/** TypeScript source for a part; `undefined` where it is to be written as usual. */
export type RenderItem = (item: RenderedItem, context: RenderItemContext) => string | undefined;

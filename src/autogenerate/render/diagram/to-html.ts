import type { Schema } from '../../../schema/table.js';
import { svgPage } from '../../../util/svg-page.js';
import { toSvg } from './to-svg.js';

/** A page with the diagram of the tables. */
export function toHtml(schema: Schema): string {
  const { length } = schema.tables;
  return svgPage('Schema', `${length} ${length === 1 ? 'table' : 'tables'}`, toSvg(schema));
}

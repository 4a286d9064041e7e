import { svgPage } from '../../util/svg-page.js';
import type { RevisionNode } from '../revision.js';
import { toSvg } from './to-svg.js';

/** A page with the drawing of the revisions. */
export function toHtml(nodes: readonly RevisionNode[]): string {
  return svgPage('Revisions', `${nodes.length} ${nodes.length === 1 ? 'revision' : 'revisions'}`, toSvg(nodes));
}

import { listHistory } from '../revisions/history.js';
import { AludelError } from '../errors.js';
import { toDot } from '../revisions/drawing/to-dot.js';
import { toHtml } from '../revisions/drawing/to-html.js';
import { toMermaid } from '../revisions/drawing/to-mermaid.js';
import { toSvg } from '../revisions/drawing/to-svg.js';
import type { RevisionNode } from '../revisions/revision.js';
import { Project, type ProjectOptions } from './project.js';

export type GraphFormat = 'mermaid' | 'dot' | 'svg' | 'html';

const FORMATS: Readonly<Record<GraphFormat, (nodes: readonly RevisionNode[]) => string>> = {
  mermaid: toMermaid,
  dot: toDot,
  svg: toSvg,
  html: toHtml,
};

export interface GraphOptions extends ProjectOptions {
  /** `mermaid` (Markdown on GitHub), `dot` (Graphviz), `svg` or `html`. Default: `mermaid`. */
  readonly format?: GraphFormat | (string & {}) | undefined;
}

export interface GraphReport {
  readonly format: GraphFormat;
  readonly text: string;
  /** How many revisions are drawn. */
  readonly revisions: number;
}

/**
 * Draws every revision, newest first. The same folder gives the same text.
 * @throws AludelError ALUDEL_USAGE for an unknown format.
 */
export async function graph(options: GraphOptions = {}): Promise<GraphReport> {
  const { format = 'mermaid' } = options;
  if (!isFormat(format)) {
    throw new AludelError('ALUDEL_USAGE', `There is no graph format "${format}".`, {
      hint: `Choose one of: ${Object.keys(FORMATS).join(', ')}.`,
    });
  }
  const nodes = listHistory((await Project.open(options)).graph);
  return { format, text: FORMATS[format](nodes), revisions: nodes.length };
}

function isFormat(name: string): name is GraphFormat {
  return Object.hasOwn(FORMATS, name);
}

import type { RevisionNode } from '../revision.js';
import { type Edge, layOut, type Place } from './lanes.js';

const ROW = 28;
const LANE = 20;
const MARGIN = 16;
/** Pixels of one character of the text, on the safe side. */
const CHARACTER = 8;
const COLOURS = ['#0969da', '#1a7f37', '#9a6700', '#8250df', '#bc4c00', '#cf222e'];

/** A picture without anything around it: one row a revision, newest on top, one colour a lane. */
export function toSvg(nodes: readonly RevisionNode[]): string {
  const { places, edges, width } = layOut(nodes);
  const textLeft = MARGIN * 2 + width * LANE;
  const longest = Math.max(0, ...nodes.map((node) => labelOf(node).length));
  const size = { width: textLeft + longest * CHARACTER + MARGIN, height: nodes.length * ROW + MARGIN };
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}" viewBox="0 0 ${size.width} ${size.height}" font-family="ui-monospace, monospace" font-size="13">`,
    ...edges.map(
      (edge) => `  <path d="${pathOf(edge)}" fill="none" stroke="${colourOf(edge.to.lane)}" stroke-width="2"/>`,
    ),
  ];
  for (const [node, place] of places) {
    const [x, y] = pointOf(place);
    const title = node.revision.file === null ? '' : `<title>${escapeXml(fileNameOf(node.revision.file))}</title>`;
    lines.push(
      `  <circle cx="${x}" cy="${y}" r="5" fill="${colourOf(place.lane)}">${title}</circle>`,
      `  <text x="${textLeft}" y="${y + 4}" fill="currentColor">${escapeXml(labelOf(node))}</text>`,
    );
  }
  return `${lines.join('\n')}\n</svg>\n`;
}

function labelOf({ id, revision }: RevisionNode): string {
  const labels = revision.branchLabels.length === 0 ? '' : ` [${revision.branchLabels.join(', ')}]`;
  const depends = revision.dependsOn.length === 0 ? '' : ` (depends on ${revision.dependsOn.join(', ')})`;
  return `${id}${labels}${revision.message === null ? '' : ` ${revision.message}`}${depends}`;
}

/** The folder differs from machine to machine. */
function fileNameOf(file: string): string {
  return file.split(/[\\/]/u).at(-1) ?? file;
}

function colourOf(lane: number): string {
  return COLOURS[lane % COLOURS.length] ?? 'currentColor';
}

function pointOf({ row, lane }: Place): readonly [number, number] {
  return [MARGIN + lane * LANE, MARGIN + row * ROW];
}

/** Into the lane of the parent within one row, then straight down. */
function pathOf({ from, to }: Edge): string {
  const [x1, y1] = pointOf(from);
  const [x2, y2] = pointOf(to);
  if (x1 === x2) return `M${x1} ${y1}V${y2}`;
  const half = y1 + ROW / 2;
  return `M${x1} ${y1}C${x1} ${half} ${x2} ${half} ${x2} ${y1 + ROW}V${y2}`;
}

function escapeXml(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replaceAll(/[&<>"]/gu, (character) => entities[character] ?? character);
}

import type { Schema } from '../../../schema/table.js';
import { type DiagramTable, makeDiagram } from './diagram.js';

const ROW = 20;
const GAP_X = 80;
const GAP_Y = 32;
const MARGIN = 24;
/** Pixels of one character of the text, on the safe side. */
const CHARACTER = 8;

interface Box {
  readonly table: DiagramTable;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * A picture without anything around it: tables in columns, those that others refer to on the left, and a line for each
 * foreign key.
 */
export function toSvg(schema: Schema): string {
  const { tables, references } = makeDiagram(schema);
  const ranks = rank(tables, references);
  const boxes = layOut(tables, ranks);
  const width = Math.max(0, ...[...boxes.values()].map((box) => box.x + box.width)) + MARGIN;
  const height = Math.max(0, ...[...boxes.values()].map((box) => box.y + box.height)) + MARGIN;
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, monospace" font-size="12">`,
    ...references.flatMap(({ from, to, columns, isRequired }) => {
      const [start, end] = [boxes.get(from), boxes.get(to)];
      if (start === undefined || end === undefined) return [];
      const dash = isRequired ? '' : ' stroke-dasharray="4 3"';
      const title = escapeXml(`${from} (${columns.join(', ')}) to ${to}`);
      return [
        `  <path d="${pathOf(start, end, columns[0] ?? '')}" fill="none" stroke="#8c959f" stroke-width="1.5"${dash}><title>${title}</title></path>`,
      ];
    }),
    ...[...boxes.values()].flatMap(drawBox),
  ];
  return `${lines.join('\n')}\n</svg>\n`;
}

/** How far a table is from those that refer to nothing; a circle ends where it began. */
function rank(
  tables: readonly DiagramTable[],
  references: readonly { readonly from: string; readonly to: string }[],
): Map<string, number> {
  const ranks = new Map<string, number>();
  const open = new Set<string>();
  const targets = new Map<string, string[]>();
  for (const { from, to } of references) targets.set(from, [...(targets.get(from) ?? []), to]);
  const visit = (key: string): number => {
    const known = ranks.get(key);
    if (known !== undefined) return known;
    if (open.has(key)) return -1;
    open.add(key);
    const found = 1 + Math.max(-1, ...(targets.get(key) ?? []).filter((to) => to !== key).map(visit));
    open.delete(key);
    ranks.set(key, found);
    return found;
  };
  for (const { key } of tables) visit(key);
  return ranks;
}

/** A column a rank; a rank that is much longer than others is parted. */
function layOut(tables: readonly DiagramTable[], ranks: ReadonlyMap<string, number>): Map<string, Box> {
  const rows = tables.reduce((sum, { columns }) => sum + columns.length + 3, 0);
  const longest = Math.max(40, Math.ceil(Math.sqrt(rows * 12)));
  const columns: DiagramTable[][] = [];
  const last = Math.max(0, ...ranks.values());
  for (let at = 0; at <= last; at++) {
    let length = 0;
    let column: DiagramTable[] = [];
    for (const table of tables.filter(({ key }) => ranks.get(key) === at)) {
      if (length > 0 && length + table.columns.length > longest) {
        columns.push(column);
        [column, length] = [[], 0];
      }
      column.push(table);
      length += table.columns.length + 3;
    }
    columns.push(column);
  }
  const boxes = new Map<string, Box>();
  let x = MARGIN;
  for (const column of columns) {
    let y = MARGIN;
    const width = Math.max(0, ...column.map(widthOf));
    for (const table of column) {
      const height = (table.columns.length + 1) * ROW + 8;
      boxes.set(table.key, { table, x, y, width, height });
      y += height + GAP_Y;
    }
    if (column.length > 0) x += width + GAP_X;
  }
  return boxes;
}

function widthOf({ key, columns }: DiagramTable): number {
  const longest = Math.max(key.length, ...columns.map(({ name, type }) => name.length + type.length + 6));
  return longest * CHARACTER + 16;
}

function drawBox({ table, x, y, width, height }: Box): string[] {
  const rows = table.columns.map(({ name, type, isKey, isReference, isNullable }, i) => {
    const top = y + (i + 2) * ROW - 2;
    const weight = isKey ? ' font-weight="bold"' : '';
    const mark = isReference ? ' →' : '';
    return [
      `  <text x="${x + 8}" y="${top}" fill="currentColor"${weight}>${escapeXml(name)}${mark}</text>`,
      `  <text x="${x + width - 8}" y="${top}" fill="#6e7781" text-anchor="end">${escapeXml(type)}${isNullable ? '?' : ''}</text>`,
    ].join('\n');
  });
  return [
    `  <rect x="${x}" y="${y}" width="${width}" height="${height}" rx="4" fill="Canvas" stroke="#8c959f"/>`,
    `  <path d="M${x} ${y + ROW + 4}h${width}" stroke="#8c959f"/>`,
    `  <text x="${x + 8}" y="${y + ROW - 2}" fill="#0969da" font-weight="bold">${escapeXml(table.key)}</text>`,
    ...rows,
  ];
}

/** From the row of the first column to the head of the other table, on the sides that face each other. */
function pathOf(from: Box, to: Box, column: string): string {
  const row = from.table.columns.findIndex(({ name }) => name === column);
  const startY = from.y + (row + 2) * ROW - 6;
  const endY = to.y + ROW / 2;
  const isRight = to.x > from.x;
  const startX = isRight ? from.x + from.width : from.x;
  const endX = to.x < from.x ? to.x + to.width : to.x;
  const bend = GAP_X / 2;
  const [c1, c2] = [startX + (isRight ? bend : -bend), endX + (to.x < from.x ? bend : -bend)];
  return `M${startX} ${startY}C${c1} ${startY} ${c2} ${endY} ${endX} ${endY}`;
}

export function escapeXml(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replaceAll(/[&<>"]/gu, (character) => entities[character] ?? character);
}

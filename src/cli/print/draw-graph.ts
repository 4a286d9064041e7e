/** Lines between revisions in a terminal, as "git log --graph" draws them. */

export interface GraphRow {
  readonly id: string;
  /** Parents that are not among the rows are not drawn. */
  readonly parents: readonly string[];
  /** What stands beside the revision; may have several lines. */
  readonly text: string;
}

/** Draws rows that are sorted so that children come before parents. */
export function drawGraph(rows: readonly GraphRow[]): string[] {
  const shown = new Set(rows.map((row) => row.id));
  const lines: string[] = [];
  /** The revision that each lane leads to; a new one may come up twice until its lanes have met. */
  let lanes: string[] = [];
  for (const { id, parents, text } of rows) {
    if (!lanes.includes(id)) lanes.push(id);
    const at = lanes.indexOf(id);
    const [first = '', ...more] = text.split('\n');
    lines.push(`${lanes.map((_, lane) => (lane === at ? '*' : '|')).join(' ')} ${first}`.trimEnd());
    const known = parents.filter((parent) => shown.has(parent));
    if (known.length === 0 && more.length > 0) lanes[at] = '';
    for (const line of more)
      lines.push(`${lanes.map((lane) => (lane === '' ? ' ' : '|')).join(' ')} ${line}`.trimEnd());
    for (let extra = 1; extra < known.length; extra++) lines.push(spread(lanes.length + extra - 1, at + extra - 1));
    if (known.length === 0 && at < lanes.length - 1) lines.push(closeGap(lanes.length, at));
    lanes = [...lanes.slice(0, at), ...known, ...lanes.slice(at + 1)];
    for (let pair = findTwin(lanes); pair !== null; pair = findTwin(lanes)) {
      lines.push(join(lanes.length, pair.left, pair.right));
      lanes.splice(pair.right, 1);
    }
  }
  return lines;
}

function findTwin(lanes: readonly string[]): { readonly left: number; readonly right: number } | null {
  const right = lanes.findIndex((id, lane) => lanes.indexOf(id) < lane);
  return right === -1 ? null : { left: lanes.indexOf(lanes[right] ?? ''), right };
}

/** A lane opens beside `at`, and those to the right make room. */
function spread(count: number, at: number): string {
  return fill(count + 1, (line) => {
    for (let lane = 0; lane < count; lane++) {
      if (lane <= at) line[2 * lane] = '|';
      if (lane >= at) line[2 * lane + 1] = '\\';
    }
  });
}

/** The lane `right` runs into `left`, and those to the right close up. */
function join(count: number, left: number, right: number): string {
  return fill(count, (line) => {
    for (let lane = 0; lane < count; lane++) {
      if (lane < right) line[2 * lane] = '|';
      if (lane >= right) line[2 * lane - 1] = '/';
      if (lane > left && lane < right) line[2 * lane - 1] = '_';
    }
  });
}

/** The lane `at` has ended, and those to the right close up. */
function closeGap(count: number, at: number): string {
  return fill(count, (line) => {
    for (let lane = 0; lane < count; lane++) {
      if (lane < at) line[2 * lane] = '|';
      if (lane > at) line[2 * lane - 1] = '/';
    }
  });
}

function fill(count: number, write: (line: string[]) => void): string {
  const line = Array.from({ length: 2 * count }, () => ' ');
  write(line);
  return line.join('').trimEnd();
}

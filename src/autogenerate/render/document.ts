/** A small pretty-printer: groups stay on one line where they fit, else one item a line with trailing commas. */

export type Doc = string | Group;

export interface Group {
  readonly open: string;
  readonly items: readonly Doc[];
  readonly close: string;
  /** Spaces inside the brackets on one line: `{ a: 1 }`. */
  readonly isPadded: boolean;
  /** Text between the start of the line and the bracket: `name: `. */
  readonly prefix: string;
}

const WIDTH = 100;

export function call(name: string, ...items: readonly Doc[]): Group {
  return { open: `${name}(`, items, close: ')', isPadded: false, prefix: '' };
}

export function list(...items: readonly Doc[]): Group {
  return { open: '[', items, close: ']', isPadded: false, prefix: '' };
}

/** An object literal of the entries that have a value. */
export function object(entries: readonly (readonly [string, Doc | null])[]): Group {
  const items = entries.flatMap(([key, value]) => (value === null ? [] : [withPrefix(`${key}: `, value)]));
  return { open: '{', items, close: '}', isPadded: true, prefix: '' };
}

function withPrefix(prefix: string, doc: Doc): Doc {
  return typeof doc === 'string' ? prefix + doc : { ...doc, prefix: prefix + doc.prefix };
}

/** Lines of a document that starts at `indent` and is followed by `tail`. */
export function print(doc: Doc, indent: string, tail = ''): string {
  const flat = flatten(doc);
  if (typeof doc === 'string' || (fits(flat, indent, tail) && !flat.includes('\n'))) return indent + flat + tail;
  const head = indent + doc.prefix + doc.open;
  const last = doc.items.at(-1);
  const before = doc.items.slice(0, -1).map(flatten).join(', ');
  if (last !== undefined && typeof last !== 'string' && last.items.length > 0) {
    const start = `${head}${before}${before === '' ? '' : ', '}${last.prefix}${last.open}`;
    const isShort = start.length <= WIDTH && !before.includes('\n');
    if (isShort && (last.open === '[' || last.open === '{')) {
      return `${start}\n${printItems(last.items, indent)}${indent}${last.close}${doc.close}${tail}`;
    }
  }
  return `${head}\n${printItems(doc.items, indent)}${indent}${doc.close}${tail}`;
}

function printItems(items: readonly Doc[], indent: string): string {
  return items.map((item) => `${print(item, `${indent}  `, ',')}\n`).join('');
}

function flatten(doc: Doc): string {
  if (typeof doc === 'string') return doc;
  const inner = doc.items.map(flatten).join(', ');
  const padded = doc.isPadded && inner !== '' ? ` ${inner} ` : inner;
  return `${doc.prefix}${doc.open}${padded}${doc.close}`;
}

function fits(flat: string, indent: string, tail: string): boolean {
  return indent.length + flat.length + tail.length <= WIDTH;
}

/** A string literal in single quotes. */
export function quote(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${escaped}'`;
}

/** A key of an object literal, in quotes where it needs them. */
export function propertyKey(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name);
}

/** Text for the inside of a template literal. */
export function escapeTemplate(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${');
}

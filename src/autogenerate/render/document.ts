/** A small pretty-printer: groups stay on one line where they fit, else one item a line with trailing commas. */

export type Doc = string | Group | Chain;

export interface Group {
  readonly open: string;
  readonly items: readonly Doc[];
  readonly close: string;
  /** Spaces inside the brackets on one line: `{ a: 1 }`. */
  readonly isPadded: boolean;
  /** Text between the start of the line and the bracket: `name: `. */
  readonly prefix: string;
}

/** `integer().notNull().index()`: one call a line where they do not fit on one. */
export interface Chain {
  readonly head: Doc;
  /** Calls of methods, each with its dot. */
  readonly calls: readonly Group[];
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

export function chain(head: Doc, calls: readonly Group[]): Doc {
  return calls.length === 0 ? head : { head, calls, prefix: '' };
}

function withPrefix(prefix: string, doc: Doc): Doc {
  return typeof doc === 'string' ? prefix + doc : { ...doc, prefix: prefix + doc.prefix };
}

/** Lines of a document that starts at `indent` and is followed by `tail`. */
export function print(doc: Doc, indent: string, tail = '', width: number = WIDTH): string {
  const flat = flatten(doc);
  const isFlat = indent.length + flat.length + tail.length <= width && !flat.includes('\n');
  if (typeof doc === 'string' || (isFlat && !isParted(doc))) return indent + flat + tail;
  if ('calls' in doc) return printChain(doc, indent, tail, width);
  const head = indent + doc.prefix + doc.open;
  const last = doc.items.at(-1);
  const before = doc.items.slice(0, -1).map(flatten).join(', ');
  if (last !== undefined && typeof last !== 'string' && 'items' in last && last.items.length > 0) {
    const start = `${head}${before}${before === '' ? '' : ', '}${last.prefix}${last.open}`;
    const isShort = start.length <= width && !before.includes('\n');
    if (isShort && (last.open === '[' || last.open === '{')) {
      return `${start}\n${printItems(last.items, indent, width)}${indent}${last.close}${doc.close}${tail}`;
    }
  }
  return `${head}\n${printItems(doc.items, indent, width)}${indent}${doc.close}${tail}`;
}

/** One call stays with what it is called on; of several, each gets a line. */
function printChain({ head, calls, prefix }: Chain, indent: string, tail: string, width: number): string {
  const first = withPrefix(prefix, head);
  const [only, ...others] = calls;
  if (only !== undefined && others.length === 0) {
    const start = flatten(first);
    if (isBroken(head) || only.items.length === 0 || indent.length + start.length > width) {
      return print(first, indent, flatten(only) + tail, width);
    }
    return print(withPrefix(start, only), indent, tail, width);
  }
  const lines = calls.map((one, i) => print(one, `${indent}  `, i === calls.length - 1 ? tail : '', width));
  return [print(first, indent, '', width), ...lines].join('\n');
}

/** Calls of which one is given more than plain values stand apart, as formatters put them. */
function isParted(doc: Doc): boolean {
  if (typeof doc === 'string') return false;
  if ('items' in doc) return doc.items.some(isParted);
  const { head, calls } = doc;
  const given = [head, ...calls].flatMap((one) => (typeof one === 'object' && 'items' in one ? one.items : []));
  return calls.length > 1 && given.some((item) => typeof item === 'string' && item.includes('sql`'));
}

function isBroken(doc: Doc): boolean {
  return flatten(doc).includes('\n');
}

function printItems(items: readonly Doc[], indent: string, width: number): string {
  return items.map((item) => `${print(item, `${indent}  `, ',', width)}\n`).join('');
}

function flatten(doc: Doc): string {
  if (typeof doc === 'string') return doc;
  if ('calls' in doc) return doc.prefix + flatten(doc.head) + doc.calls.map(flatten).join('');
  const inner = doc.items.map(flatten).join(', ');
  const padded = doc.isPadded && inner !== '' ? ` ${inner} ` : inner;
  return `${doc.prefix}${doc.open}${padded}${doc.close}`;
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

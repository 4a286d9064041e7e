import type { DialectName } from '../../engine/connection.js';
import { identityKey } from '../mapping/column-values.js';
import type { EntityRow, IdentityKey } from '../mapping/entity.js';
import type { Mapper } from '../mapping/mapper.js';
import { type Codec, codecOf, isPlain } from '../values/codecs.js';

const readers: WeakMap<Mapper, Map<DialectName, RowReader>> = new WeakMap();

/** Makes data rows of one class from what a driver gives. */
export class RowReader {
  readonly mapper: Mapper;
  /** The data row of an object. */
  readonly read: (values: readonly unknown[]) => EntityRow;
  readonly #places: readonly number[];
  readonly #decoders: readonly Codec['decode'][];
  readonly #keys: readonly number[];
  readonly #plainKey: number;

  constructor({ mapper, places }: { mapper: Mapper; places: readonly number[] | undefined }, dialect: DialectName) {
    const { columns } = mapper;
    const codecs = columns.map((column) => codecOf(column, dialect));
    this.mapper = mapper;
    this.#places = places ?? columns.map((_, i) => i);
    this.#decoders = codecs.map(({ decode }) => decode);
    this.#keys = mapper.keys.map((key) => columns.indexOf(key));
    this.#plainKey = mapper.plainKey === undefined ? -1 : columns.indexOf(mapper.plainKey);
    const properties = columns.map(({ property }) => property);
    this.read = compileReader(properties, this.#places, codecs);
  }

  /** The reader for a model that nothing extends, made once. */
  static of(mapper: Mapper, dialect: DialectName): RowReader {
    let known = readers.get(mapper);
    if (known === undefined) readers.set(mapper, (known = new Map()));
    let reader = known.get(dialect);
    if (reader === undefined) known.set(dialect, (reader = new RowReader({ mapper, places: undefined }, dialect)));
    return reader;
  }

  valueAt(values: readonly unknown[], i: number): unknown {
    return this.#decoders[i]?.(values[this.#places[i] ?? -1]);
  }

  keyOf(values: readonly unknown[]): IdentityKey {
    const plain = this.#plainKey === -1 ? undefined : this.valueAt(values, this.#plainKey);
    if (typeof plain === 'number') return plain;
    return identityKey(
      this.mapper.keys,
      this.#keys.map((place) => this.valueAt(values, place)),
    );
  }
}

/**
 * A function that makes an object literal of all columns: several times as fast as setting them one by one. Property
 * names are quoted as JSON; nothing else of the user gets into the text. Where the process forbids code from text
 * (`--disallow-code-generation-from-strings`), columns are set one by one.
 */
function compileReader(
  properties: readonly string[],
  places: readonly number[],
  codecs: readonly Codec[],
): (values: readonly unknown[]) => EntityRow {
  const decoders = codecs.map(({ decode }) => decode);
  const parts = properties.map((property, i) => {
    const codec = codecs[i];
    const value = `values[${places[i]}]`;
    return `[${JSON.stringify(property)}]: ${codec === undefined || isPlain(codec) ? value : `d${i}(${value})`}`;
  });
  const names = decoders.map((_, i) => `d${i}`);
  try {
    // oxlint-disable-next-line typescript/no-implied-eval -- see above
    const make = new Function(...names, `return (values) => ({ ${parts.join(', ')} });`) as (
      ...decode: readonly Codec['decode'][]
    ) => (values: readonly unknown[]) => EntityRow;
    return make(...decoders);
  } catch {
    return (values) =>
      Object.fromEntries(properties.map((property, i) => [property, decoders[i]?.(values[places[i] ?? -1])]));
  }
}

import { AludelError } from '../../errors.js';
import type { DialectName } from '../../engine/connection.js';
import { identityKey } from '../mapping/column-values.js';
import type { ColumnMap } from '../mapping/column-map.js';
import type { EntityRow, IdentityKey } from '../mapping/entity.js';
import type { Mapper } from '../mapping/mapper.js';
import { type Codec, codecOf, isPlain, rowDecoder } from '../../dialects/codecs.js';
import { getOrMake } from '../../util/group-by.js';

/** By what is selected, then by dialect and place. */
const known: WeakMap<readonly ColumnMap[], Map<string, RowReaders>> = new WeakMap();

/** The readers for what was selected of a model: one, or one for each class that a row may belong to. */
export class RowReaders {
  readonly #mapper: Mapper;
  readonly #columns: readonly ColumnMap[];
  readonly #from: number;
  readonly #dialect: DialectName;
  readonly #only: RowReader | undefined;
  readonly #byClass: Map<unknown, RowReader> = new Map();
  readonly #key: number;
  readonly #place: number;

  constructor(mapper: Mapper, columns: readonly ColumnMap[], from: number, dialect: DialectName) {
    this.#mapper = mapper;
    this.#columns = columns;
    this.#from = from;
    this.#dialect = dialect;
    const { rows, selected } = mapper;
    this.#key = from + placeOf(columns, mapper.keys[0]);
    this.#place = from + placeOf(columns, rows === undefined ? undefined : selected[rows.place]);
    this.#only = rows === undefined ? this.#make(mapper, mapper.columns) : undefined;
  }

  /** Made once. `columns` are those of the mapper or some of them, the values of a row in their order. */
  static of(mapper: Mapper, columns: readonly ColumnMap[], from: number, dialect: DialectName): RowReaders {
    const some = getOrMake(known, columns, () => new Map<string, RowReaders>());
    return getOrMake(some, `${dialect} ${from}`, () => new RowReaders(mapper, columns, from, dialect));
  }

  /** The reader for the class that a row says it belongs to; none for a row of an outer join that holds no object. */
  readerOf(values: readonly unknown[]): RowReader | undefined {
    if ((values[this.#key] ?? null) === null) return undefined;
    return this.#only ?? this.#byClass.get(values[this.#place]) ?? this.#readerOfClass(values[this.#place]);
  }

  #readerOfClass(as: unknown): RowReader {
    const { rows, selected, label, name } = this.#mapper;
    const shape = rows?.shapes.get(as);
    if (shape === undefined) {
      throw new AludelError('ALUDEL_MODELS_INVALID', `A row of "${label}" belongs to no class that is known.`, {
        hint: `Declare a child for what its column "${selected[rows?.place ?? -1]?.name}" holds, and export it or call Base.register() with it.`,
        details: { model: name },
      });
    }
    const reader = this.#make(
      shape.mapper,
      shape.places.map((place) => selected[place]),
    );
    this.#byClass.set(as, reader);
    return reader;
  }

  /** `sources`: for each column of the class, what is selected for it. */
  #make(mapper: Mapper, sources: readonly (ColumnMap | undefined)[]): RowReader {
    const places = sources.map((column) => {
      const place = column === undefined ? -1 : this.#columns.indexOf(column);
      return place === -1 ? -1 : this.#from + place;
    });
    return new RowReader(mapper, places, this.#dialect);
  }
}

/** Where a column stands among others; a child's may be read there under another name. */
export function placeOf(columns: readonly ColumnMap[], wanted: ColumnMap | undefined): number {
  return columns.findIndex(({ spec, property }) => spec === wanted?.spec && property === wanted.property);
}

/** Makes data rows of one class from what a driver gives. */
export class RowReader {
  readonly mapper: Mapper;
  /** The data row of an object. */
  readonly read: (values: readonly unknown[]) => EntityRow;
  /** The key of its row. */
  readonly keyOf: (values: readonly unknown[]) => IdentityKey;
  readonly #places: readonly number[];
  readonly #decoders: readonly Codec['decode'][];

  constructor(mapper: Mapper, places: readonly number[], dialect: DialectName) {
    const { columns } = mapper;
    const codecs = columns.map((column) => codecOf(column, dialect));
    this.mapper = mapper;
    this.#places = places;
    this.#decoders = codecs.map(({ decode }) => decode);
    const keyPlaces = mapper.keys.map((key) => places[columns.indexOf(key)] ?? -1);
    this.keyOf = keyReader(mapper.keys, keyPlaces, dialect);
    const properties = columns.map(({ property }) => property);
    this.read = compileReader(properties, this.#places, codecs);
  }

  /** True where the column was selected. */
  has(i: number): boolean {
    return this.#places[i] !== -1;
  }

  valueAt(values: readonly unknown[], i: number): unknown {
    return this.#decoders[i]?.(values[this.#places[i] ?? -1]);
  }
}

/** Reads the values of some columns as a key: that of one integer without a list of parts for each row. */
export function keyReader(
  columns: readonly ColumnMap[],
  places: readonly number[],
  dialect: DialectName,
): (values: readonly unknown[]) => IdentityKey {
  const decode = rowDecoder(columns, dialect);
  const [{ spec } = {}] = columns;
  const isInteger = spec?.conversion === undefined && ['smallint', 'integer', 'bigint'].includes(spec?.type.kind ?? '');
  const place = columns.length === 1 && isInteger ? (places[0] ?? -1) : -1;
  return (values) => {
    const only = values[place];
    return typeof only === 'number' ? only : identityKey(columns, decode(places.map((each) => values[each])));
  };
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
    // What was not selected is there as a property: all objects of a class are of one shape.
    if (places[i] === -1) return `[${JSON.stringify(property)}]: undefined`;
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
      Object.fromEntries(
        properties.map((property, i) => [
          property,
          places[i] === -1 ? undefined : decoders[i]?.(values[places[i] ?? -1]),
        ]),
      );
  }
}

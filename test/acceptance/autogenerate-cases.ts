/** The form of `cases/autogenerate.json`: what Alembic's reflection reported, what was declared, and the operations that it found. */

export interface AutogenerateFile {
  readonly cases: readonly AutogenerateCase[];
  /** Single types and server defaults. */
  readonly comparisons?: readonly CaseComparison[];
}

export type CaseDialect = 'sqlite' | 'postgresql' | 'mariadb';

export interface AutogenerateCase {
  readonly id: string;
  readonly title: string;
  readonly dialect: CaseDialect;
  /** Of cases of our own: the rule by which Aludel answers otherwise. */
  readonly rule?: string;
  readonly options: {
    /** `null`: Alembic's default, which is to compare types, and not to compare server defaults. */
    readonly compareType?: boolean | null;
    readonly compareServerDefault?: boolean | null;
    readonly includeSchemas?: boolean;
    /** Names with wildcards; one that begins with `~` is switched off. */
    readonly plugins?: readonly string[];
  };
  /** The names of the model follow it already, but for what cuts them. */
  readonly namingConvention?: Readonly<Record<string, string>>;
  readonly maxIdentifierLength?: number;
  readonly db: readonly CaseTable[];
  readonly model: readonly CaseTable[];
  readonly expected: readonly CaseOperation[];
}

export interface CaseTable {
  readonly name: string;
  readonly schema?: string | null;
  readonly columns: readonly CaseColumn[];
  readonly primaryKey?: { readonly name: string | null; readonly columns: readonly string[] };
  readonly indexes?: readonly CaseIndex[];
  readonly unique?: readonly CaseUnique[];
  readonly foreignKeys?: readonly CaseForeignKey[];
  readonly checks?: readonly CaseCheck[];
  readonly comment?: string;
}

export interface CaseColumn {
  readonly name: string;
  readonly type: string;
  /** The declaration, such as `Enum('a', 'b', name='kind')`. */
  readonly modelType?: string;
  readonly nullable: boolean;
  readonly default?: string;
  readonly serverDefault?: {
    readonly sql?: string;
    readonly literal?: string;
    readonly computed?: string;
    readonly persisted?: boolean | null;
    readonly identity?: CaseIdentity;
  };
  /** What the model calls the column where it refers to it. */
  readonly key?: string;
  readonly autoincrement?: boolean;
  readonly computed?: { readonly sqltext: string; readonly persisted: boolean | null };
  readonly identity?: CaseIdentity;
  readonly comment?: string | null;
  readonly system?: boolean;
}

/** Numbers that JavaScript would round are text. */
export type CaseIdentity = Readonly<Record<string, number | string | boolean | null>>;

export interface CaseUnique {
  readonly name: string | null;
  readonly columns: readonly string[];
  readonly options?: { readonly postgresql_nulls_not_distinct?: boolean };
  readonly postgresql_nulls_not_distinct?: boolean;
  readonly deferrable?: boolean;
  readonly initially?: string;
}

export interface CaseCheck {
  readonly name: string | null;
  readonly sql: string;
  /** A Boolean or an Enum brought it. */
  readonly fromType?: boolean;
}

/** The options are those of the model: of the database's side, none was recorded. */
export interface CaseIndex {
  readonly name: string;
  readonly on: readonly string[];
  readonly unique: boolean;
  readonly sorting?: Readonly<Record<string, readonly string[]>>;
  /** The constraint that the index belongs to. */
  readonly duplicatesConstraint?: string;
  readonly postgresql_include?: readonly string[];
  readonly postgresql_using?: string;
  readonly postgresql_where?: string;
  /** As Python shows it: `{'column': 'jsonb_path_ops'}`. */
  readonly postgresql_ops?: string | Readonly<Record<string, string>>;
  readonly postgresql_nulls_not_distinct?: boolean;
  readonly sqlite_where?: string;
  readonly mysql_length?: number | string | Readonly<Record<string, number>>;
  readonly options?: { readonly postgresql_nulls_not_distinct?: boolean };
}

export interface CaseForeignKey {
  readonly name: string | null;
  readonly columns: readonly string[];
  readonly refTable?: string;
  readonly refSchema?: string | null;
  readonly refColumns?: readonly string[];
  readonly refs?: readonly string[];
  readonly onupdate?: string;
  readonly ondelete?: string;
  readonly deferrable?: boolean;
  readonly initially?: string;
  readonly options?: {
    readonly onupdate?: string;
    readonly ondelete?: string;
    readonly deferrable?: boolean;
    readonly initially?: string;
  };
}

export interface CaseOperation {
  readonly op: string;
  readonly table: string;
  readonly schema?: string;
  readonly source_schema?: string;
  readonly name?: string | null;
  readonly column?: string;
  readonly columns?: readonly string[];
  readonly refTable?: string;
  readonly refColumns?: readonly string[];
  readonly referent_schema?: string;
  readonly onupdate?: string;
  readonly ondelete?: string;
  readonly deferrable?: boolean;
  readonly initially?: string;
  readonly on?: readonly string[];
  readonly unique?: boolean;
  readonly type?: string;
  readonly nullable?: boolean;
  readonly serverDefault?: unknown;
  readonly comment?: string | null;
}

/** One column that has one type or default in the database, and one in the model. */
export interface CaseComparison {
  readonly id: string;
  readonly kind: 'type' | 'serverDefault';
  /** `default`: of no database in particular. */
  readonly dialect: CaseDialect | 'default';
  readonly differs: boolean;
  readonly dbType?: string;
  readonly modelType?: string;
  readonly modelRepr?: string;
  readonly type?: string;
  readonly primaryKey?: boolean;
  readonly dbDefault?: string | null;
  readonly modelDefault?: string | null;
  readonly source: string;
}

/** The cases of a file, with the numbers that JavaScript would round as text. */
export function readCases(text: string): AutogenerateFile {
  return JSON.parse(text.replaceAll(/(?<=:\s*)-?\d{16,}(?=\s*[,}])/g, '"$&"')) as AutogenerateFile;
}

/** The columns of an index, or the text of what is no column, with its order in words. */
export interface IndexWords {
  readonly column: string | null;
  readonly text: string;
  readonly descending: boolean;
  readonly nulls: 'first' | 'last' | null;
  readonly opclass: string | null;
}

/** Reads `"XCol" DESC NULLS LAST` or `(jb->'x')jsonb_path_ops` as the part of an index. */
export function readIndexPart(part: string, columns: readonly string[]): IndexWords {
  const plain = { text: part, descending: false, nulls: null, opclass: null };
  if (columns.includes(part)) return { ...plain, column: part };
  const [, text = part, order, side] = /^(.*?)(?:\s+(ASC|DESC))?(?:\s+NULLS (FIRST|LAST))?$/is.exec(part) ?? [];
  // An operator class stands after a space, or after a bracket without one.
  const [, body = text, opclass] = /^(.*?(?:\s|(?<=[)"])))(\w+_ops)$/s.exec(text) ?? [];
  const name = /^"([^"]+)"$/.exec(body.trim())?.[1] ?? body.trim();
  const nulls = side?.toLowerCase();
  return {
    column: columns.includes(name) || /^[A-Za-z_]\w*$/.test(name) ? name : null,
    text: body.trim(),
    descending: order?.toUpperCase() === 'DESC',
    nulls: nulls === 'first' || nulls === 'last' ? nulls : null,
    opclass: opclass ?? null,
  };
}

/** The parts of an index of one of the two sides; reflection reports the order apart. */
export function indexParts(index: CaseIndex, table: CaseTable): IndexWords[] {
  const columns = table.columns.map(({ name }) => name);
  return index.on.map((part) => {
    const sorting = (index.sorting?.[part] ?? []).join(' ').replaceAll('_', ' ');
    const read = readIndexPart(sorting === '' ? part : `${part} ${sorting}`, columns);
    const ops = index.postgresql_ops === undefined ? {} : readMap(index.postgresql_ops);
    return { ...read, opclass: read.opclass ?? (read.column === null ? null : (ops[read.column] ?? null)) };
  });
}

/** A dict as Python shows it, or as JSON has it. */
export function readMap(value: string | Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const entries =
    typeof value === 'string'
      ? [...value.matchAll(/'([^']*)':\s*'?([^',}]*)'?/g)].map(([, key = '', text = '']) => [key, text] as const)
      : Object.entries(value).map(([key, text]) => [key, String(text)] as const);
  return Object.fromEntries(entries);
}

/** The named enum type that a declaration is, with its values. */
export function readEnum(modelType: string | undefined): { name: string; values: string[] } | null {
  const inside = /^(?:\w*\.)?E(?:num|NUM)\((.*)\)$/s.exec(modelType ?? '')?.[1];
  const name = inside === undefined ? undefined : /\bname='([^']+)'/.exec(inside)?.[1];
  if (inside === undefined || name === undefined) return null;
  const values = [...inside.replace(/,\s*\w+=.*$/s, '').matchAll(/'((?:[^'\\]|\\.)*)'/g)].map(([, text = '']) => text);
  return { name, values };
}

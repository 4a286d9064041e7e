import type { Column, Index, IndexPart, Schema, Table } from '../schema/table.js';
import { findTable } from '../schema/table.js';
import type { Expression } from '../schema/expressions/expression.js';

/**
 * The tables of `wanted` in which the text of an expression (or of a type in the database's words) is not the one
 * that the live table has at the same place: those whose spelling the database has to be asked for.
 */
export function tablesInDoubt(wanted: Schema, live: Schema): Table[] {
  return wanted.tables.filter((table) => {
    const known = findTable(live, table);
    return known !== undefined && known !== table && isInDoubt(table, known);
  });
}

function isInDoubt(wanted: Table, live: Table): boolean {
  const columns = new Map(live.columns.map((column) => [column.name, column]));
  const checks = new Map(live.checks.map((check) => [check.name, check]));
  const exclusions = new Map((live.exclusions ?? []).map((exclusion) => [exclusion.name, exclusion]));
  const indexes = new Map(live.indexes.map((index) => [index.name, index]));
  return (
    // What has another name may say the same in another spelling.
    haveOtherNames(wanted.checks, live.checks) ||
    haveOtherNames(wanted.exclusions ?? [], live.exclusions ?? []) ||
    haveOtherNames(wanted.indexes.filter(hasExpression), live.indexes.filter(hasExpression)) ||
    wanted.columns.some((column) => isColumnInDoubt(column, columns.get(column.name))) ||
    wanted.checks.some((check) => {
      const known = checks.get(check.name);
      return known !== undefined && differ(check.expression, known.expression);
    }) ||
    (wanted.exclusions ?? []).some((exclusion) => {
      const known = exclusions.get(exclusion.name);
      if (known === undefined) return false;
      return (
        differ(exclusion.where, known.where) ||
        exclusion.elements.some(({ expression }, i) => differ(expression, known.elements[i]?.expression ?? null))
      );
    }) ||
    wanted.indexes.some((index) => {
      const known = indexes.get(index.name);
      if (known === undefined) return false;
      return (
        differ(index.where, known.where) ||
        index.parts.some(
          ({ expression, opclass }, i) =>
            opclass !== known.parts[i]?.opclass || differ(expression, known.parts[i]?.expression ?? null),
        )
      );
    })
  );
}

function haveOtherNames(
  wanted: readonly { readonly name: string | null }[],
  live: readonly { readonly name: string | null }[],
): boolean {
  const [names, known] = [wanted, live].map((parts) => new Set(parts.map(({ name }) => name)));
  return wanted.some(({ name }) => known?.has(name) === false) && live.some(({ name }) => names?.has(name) === false);
}

function hasExpression({ where, parts }: Index): boolean {
  return where !== null || parts.some(({ expression }) => expression.kind !== 'column');
}

function isColumnInDoubt(wanted: Column, live: Column | undefined): boolean {
  // What the table only inherited so far may have the same default in the words of another one.
  if (live === undefined) return wanted.inherited === true && wanted.default !== null;
  const isCustom = wanted.type.kind === 'custom' || live.type.kind === 'custom';
  return (
    (isCustom && JSON.stringify(wanted.type) !== JSON.stringify(live.type)) ||
    differ(wanted.default, live.default) ||
    differ(wanted.generated?.expression ?? null, live.generated?.expression ?? null)
  );
}

function differ(a: Expression | null, b: Expression | null): boolean {
  if (a === null || b === null) return false;
  if (a.kind === 'verbatim' && b.kind === 'verbatim') return a.text !== b.text;
  return a.kind === 'verbatim' || b.kind === 'verbatim';
}

/**
 * `wanted` without the expressions that are spelled as in the live table: there is nothing to ask about them, and they may
 * name what a copy of the table would not go with.
 */
export function withoutKnownSpellings(wanted: Table, live: Schema): Table {
  const known = findTable(live, wanted);
  if (known === undefined) return wanted;
  const columns = new Map(known.columns.map((column) => [column.name, column]));
  const { exclusions } = wanted;
  const isNew = <T extends { readonly name: string | null }>(others: readonly T[]) => {
    const byName = new Map(others.map((part) => [part.name, part]));
    return (part: T): boolean => JSON.stringify(textsOf(part)) !== JSON.stringify(textsOf(byName.get(part.name)));
  };
  return {
    ...wanted,
    columns: wanted.columns.map((column) => {
      const found = columns.get(column.name);
      const hasKnownDefault = found?.default != null && !differ(column.default, found.default);
      const isKnown =
        found?.generated != null && !differ(column.generated?.expression ?? null, found.generated.expression);
      return {
        ...column,
        default: hasKnownDefault ? null : column.default,
        generated: isKnown ? null : column.generated,
      };
    }),
    checks: wanted.checks.filter(isNew(known.checks)),
    ...(exclusions === undefined ? {} : { exclusions: exclusions.filter(isNew(known.exclusions ?? [])) }),
    indexes: wanted.indexes.filter(isNew(known.indexes)),
  };
}

/** A part without what its expressions were written as. */
function textsOf(part: unknown): unknown {
  return part === undefined
    ? null
    : JSON.parse(JSON.stringify(part, (key, value: unknown) => (key === 'source' ? undefined : value)));
}

/** `wanted` with what the database found that `made`, a copy of it, stands on. */
export function withNeeds(wanted: Table, made: Table): Table {
  const dependsOn = [...new Set([...(wanted.dependsOn ?? []), ...(made.dependsOn ?? [])])];
  return dependsOn.length === 0 ? wanted : { ...wanted, dependsOn };
}

/** `wanted` with the expressions (and types in the database's words) as `spelled` says them, source kept. */
export function takeSpelling(wanted: Table, spelled: Table): Table {
  const columns = new Map(spelled.columns.map((column) => [column.name, column]));
  const checks = new Map(spelled.checks.map((check) => [check.name, check]));
  const exclusions = new Map((spelled.exclusions ?? []).map((exclusion) => [exclusion.name, exclusion]));
  const indexes = new Map(spelled.indexes.map((index) => [index.name, index]));
  return {
    ...withNeeds(wanted, spelled),
    columns: wanted.columns.map((column) => {
      const known = columns.get(column.name);
      if (known === undefined) return column;
      const generated = column.generated && {
        ...column.generated,
        expression: respell(column.generated.expression, known.generated?.expression),
      };
      const type = column.type.kind === 'custom' ? known.type : column.type;
      return { ...column, type, generated, default: column.default && respell(column.default, known.default) };
    }),
    checks: wanted.checks.map((check) => ({
      ...check,
      expression: respell(check.expression, checks.get(check.name)?.expression),
    })),
    ...(wanted.exclusions === undefined
      ? {}
      : {
          exclusions: wanted.exclusions.map((exclusion) => {
            const known = exclusions.get(exclusion.name);
            return {
              ...exclusion,
              where: exclusion.where && respell(exclusion.where, known?.where),
              elements: exclusion.elements.map((element, i) => ({
                ...element,
                expression: respell(element.expression, known?.elements[i]?.expression),
              })),
            };
          }),
        }),
    indexes: wanted.indexes.map((index) => {
      const known = indexes.get(index.name);
      return {
        ...index,
        where: index.where && respell(index.where, known?.where),
        parts: index.parts.map((part, i) => respellPart(part, known?.parts[i])),
      };
    }),
  };
}

/** The name of an operator class is the server's to spell, like an expression; its usual one goes without. */
function respellPart(wanted: IndexPart, spelled: IndexPart | undefined): IndexPart {
  const { opclass: _opclass, ...rest } = wanted;
  const opclass = spelled === undefined ? wanted.opclass : spelled.opclass;
  const expression = respell(wanted.expression, spelled?.expression);
  return { ...rest, expression, ...(opclass === undefined ? {} : { opclass }) };
}

function respell(wanted: Expression, spelled: Expression | null | undefined): Expression {
  // A column alone, written as an expression.
  if (wanted.kind === 'verbatim' && spelled?.kind === 'column') return spelled;
  if (wanted.kind !== 'verbatim' || spelled?.kind !== 'verbatim') return wanted;
  return { ...wanted, text: spelled.text };
}

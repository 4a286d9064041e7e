import fc from 'fast-check';
import type { Constraint, Index, Schema, Table } from '../../src/schema/table.js';

/**
 * The schema with some of its constraints and indexes renamed, commented otherwise, or no longer checked for old rows: what
 * two schemas that know nothing of each other hardly ever differ in alone.
 */
export function randomNeighbour(schema: Schema, isPostgres: boolean): fc.Arbitrary<Schema> {
  return fc.array(fc.nat(5), { minLength: 40, maxLength: 40 }).map((choices) => {
    let at = 0;
    const change = <T extends Constraint | Index>(part: T): T => changed(part, choices[at++ % 40] ?? 0, isPostgres);
    const changeTable = (table: Table): Table => ({
      ...table,
      primaryKey: table.primaryKey && change(table.primaryKey),
      uniques: table.uniques.map(change),
      foreignKeys: table.foreignKeys.map(change),
      checks: table.checks.map(change),
      ...(table.exclusions === undefined ? {} : { exclusions: table.exclusions.map(change) }),
      indexes: table.indexes.map(change),
    });
    return { ...schema, tables: schema.tables.map(changeTable) };
  });
}

function changed<T extends Constraint | Index>(part: T, choice: number, isPostgres: boolean): T {
  if (choice === 1) return { ...part, name: `${part.name}_new` };
  if (!isPostgres) return part;
  if (choice === 2) return { ...part, comment: 'another' };
  if (choice === 3) {
    const { comment: _comment, ...rest } = part;
    return rest as T;
  }
  if (choice === 4 && 'kind' in part && (part.kind === 'check' || part.kind === 'foreignKey')) {
    const { notValid, ...rest } = part;
    return (notValid === true ? rest : { ...rest, notValid: true }) as T;
  }
  return part;
}

import fc from 'fast-check';
import type { DatabaseObject } from '../../src/schema/objects.js';
import { type Family, isSettled } from './random-objects.js';
import type { Constraint, Index, Schema, Table } from '../../src/schema/table.js';

/**
 * The schema with some of its constraints and indexes renamed, commented otherwise, or no longer checked for old rows, and some
 * of its objects and options changed: what two schemas that know nothing of each other hardly ever differ in alone.
 */
export function randomNeighbour(schema: Schema, family: Family): fc.Arbitrary<Schema> {
  const isPostgres = family === 'postgres';
  return fc.array(fc.nat(5), { minLength: 60, maxLength: 60 }).map((choices) => {
    let at = 0;
    const change = <T extends Constraint | Index>(part: T): T => changed(part, choices[at++ % 60] ?? 0, isPostgres);
    const changeTable = (table: Table): Table => ({
      ...table,
      primaryKey: table.primaryKey && change(table.primaryKey),
      uniques: table.uniques.map(change),
      foreignKeys: table.foreignKeys.map(change),
      checks: table.checks.map(change),
      ...(table.exclusions === undefined ? {} : { exclusions: table.exclusions.map(change) }),
      indexes: table.indexes.map(change),
    });
    const tables = schema.tables.map((table) => changedOptions(changeTable(table), choices[at++ % 60] ?? 0, family));
    const objects = schema.objects?.map((object) => changedObject(object, choices[at++ % 60] ?? 0, isPostgres));
    return { ...schema, tables, ...(objects === undefined ? {} : { objects }) };
  });
}

/** Another option than before, of those that a table can have or not. */
function changedOptions(table: Table, choice: number, family: Family): Table {
  if (family === 'mysql' && choice < 2 && table.columns.some(({ name }) => name === 'a')) {
    const { 'columnInvisible a': hidden, ...shown } = table.options;
    return { ...table, options: hidden === true ? shown : { ...shown, 'columnInvisible a': true } };
  }
  if (family !== 'postgres') return table;
  const names = ['i1', 'i2'].filter((name) => table.indexes.some((index) => index.name === name));
  const { clusterOn, replicaIdentity, unlogged, ...rest } = table.options;
  const index = names[choice % 2] ?? names[0];
  const marked = index === undefined ? {} : { clusterOn: index };
  const known = index === undefined ? {} : { replicaIdentity: `USING INDEX "${index}"` };
  if (choice < 2)
    return { ...table, options: { ...rest, ...(unlogged === true ? {} : { unlogged: true }), ...marked } };
  if (choice < 4) return { ...table, options: { ...rest, ...known } };
  if (choice === 5) {
    const { rowSecurity, 'columnStatistics a': target, ...others } = rest;
    const hasColumn = target === undefined && table.columns.some(({ name }) => name === 'a');
    const security = rowSecurity === true ? {} : { rowSecurity: true };
    return { ...table, options: { ...others, ...security, ...(hasColumn ? { 'columnStatistics a': '200' } : {}) } };
  }
  // An index that was renamed is meant by its new name.
  return clusterOn === replicaIdentity ? table : { ...table, options: rest };
}

function changedObject(object: DatabaseObject, choice: number, isPostgres: boolean): DatabaseObject {
  if (choice === 1 && !isSettled(object)) return { ...object, definition: `${object.definition} /* changed */` };
  if (!isPostgres) return object;
  if (choice < 4) return { ...object, comment: 'another' };
  if (choice !== 4) return object;
  const { comment: _comment, options: _options, ...rest } = object;
  return rest;
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

import type { TableDefinition } from '../../schema/metadata.js';
import { parseTableName } from '../../schema/table-name.js';
import { tableKey } from '../../schema/table.js';
import { tablesOf } from './lineage.js';
import type { Cardinality, Relation } from './relation.js';

/** The properties of a table's own columns whose values say which object a relation leads to; none for a collection. */
export function foreignKeyProperties(
  definition: TableDefinition,
  target: TableDefinition,
  relation: Relation<unknown, Cardinality>,
): string[] {
  if (relation.kind === 'many') return [];
  const properties = Object.keys(definition.columns);
  const chosen = relation.options.fk?.().node;
  if (chosen?.kind === 'column') return properties.filter((name) => definition.columnNames[name] === chosen.name);
  const { namespace } = definition.tableName;
  return properties.filter((property) => {
    const path = definition.columns[property]?.spec.references?.target;
    const table = path === undefined ? '' : path.slice(0, path.lastIndexOf('.'));
    const { name, namespace: own } = parseTableName(table);
    const key = tableKey({ namespace: own ?? namespace, name });
    return tablesOf(target).some((each) => tableKey(each.tableName) === key);
  });
}

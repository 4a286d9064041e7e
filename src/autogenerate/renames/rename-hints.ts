import type { MetaData } from '../../schema/metadata.js';
import { parseTableName } from '../../schema/table-name.js';
import type { TableName } from '../../schema/table.js';
import type { Rename } from './rename.js';

/** What `renamedFrom` and `renamedValues` in the models say; names in the default namespace are without one. */
export function renameHints(metadatas: readonly MetaData[], defaultNamespace: string | null): Rename[] {
  const relative = (name: TableName): TableName =>
    name.namespace === defaultNamespace ? { ...name, namespace: null } : name;
  return metadatas
    .flatMap((metadata) => [...metadata.tables.values()])
    .flatMap(({ tableName, renamedFrom, columns, columnNames }): Rename[] => {
      const table = relative(tableName);
      const former = renamedFrom === null ? null : parseTableName(renamedFrom).name;
      return [
        ...(former === null
          ? []
          : [{ kind: 'table' as const, from: { namespace: table.namespace, name: former }, to: table.name }]),
        ...Object.entries(columns).flatMap(([property, { spec }]): Rename[] => {
          const name = columnNames[property] ?? property;
          const column: Rename[] =
            spec.renamedFrom === undefined ? [] : [{ kind: 'column', table, from: spec.renamedFrom, to: name }];
          if (spec.type.kind !== 'enum') return column;
          const type = relative({ namespace: spec.type.namespace, name: spec.type.name });
          const { renamedFrom: formerType, renamedValues = {} } = spec.enumOptions ?? {};
          return [
            ...column,
            ...(formerType === undefined
              ? []
              : [
                  {
                    kind: 'enum' as const,
                    from: { namespace: type.namespace, name: parseTableName(formerType).name },
                    to: type.name,
                  },
                ]),
            ...Object.entries(renamedValues).map(([to, from]): Rename => ({ kind: 'enumValue', enum: type, from, to })),
          ];
        }),
      ];
    });
}

import type { ObjectName } from './objects.js';
import type { Column, ForeignKey, Schema, Sequence, TableName } from './table.js';

/** The schema with the default namespace left out wherever a model spelled it: `public.users` is `users`. */
export function leaveOutNamespace(schema: Schema, defaultNamespace: string | null): Schema {
  if (defaultNamespace === null) return schema;
  const relative = <T extends TableName>(name: T): T =>
    name.namespace === defaultNamespace ? { ...name, namespace: null } : name;
  const column = (known: Column): Column =>
    known.type.kind === 'enum' ? { ...known, type: relative(known.type) } : known;
  const foreignKey = (key: ForeignKey): ForeignKey =>
    key.target.namespace === defaultNamespace ? { ...key, target: relative(key.target) } : key;
  const sequence = (known: Sequence): Sequence => ({
    ...relative(known),
    ownedBy: known.ownedBy && { ...known.ownedBy, table: relative(known.ownedBy.table) },
  });
  const object = <T extends ObjectName>(known: T): T => ({
    ...relative(known),
    ...(known.table === undefined ? {} : { table: relative(known.table) }),
  });
  return {
    namespaces: schema.namespaces.filter((name) => name !== defaultNamespace),
    enums: schema.enums.map(relative),
    sequences: schema.sequences.map(sequence),
    ...(schema.declared === undefined ? {} : { declared: schema.declared.map(object) }),
    ...(schema.objects === undefined ? {} : { objects: schema.objects.map(object) }),
    tables: schema.tables.map((table) => ({
      ...relative(table),
      columns: table.columns.map(column),
      foreignKeys: table.foreignKeys.map(foreignKey),
    })),
  };
}

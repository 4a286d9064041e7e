import { AludelError } from '../../errors.js';

/**
 * Refuses what is no relation. The files that run have lost their types: constraints or columns in this place would be
 * passed over in silence. Getters are not called, since they lead to models that may not be there yet.
 */
export function checkRelations(table: string, getters: object): void {
  if (typeof getters !== 'object') {
    throw new AludelError(
      'ALUDEL_MODELS_INVALID',
      `Table "${table}" has a ${typeof getters} in the place of relations.`,
      {
        hint: 'Constraints and indexes stand in the class: "static override tableArgs = () => [...]".',
        details: { table },
      },
    );
  }
  const stranger = Object.entries(Object.getOwnPropertyDescriptors(getters)).find(
    ([, { get, value }]) => get === undefined && !isRelation(value),
  );
  if (stranger === undefined) return;
  const [property] = stranger;
  throw new AludelError(
    'ALUDEL_MODELS_INVALID',
    `"${property}" of table "${table}" stands among the relations and is none.`,
    {
      hint: 'Columns come before the relations, options behind them; "undefined" stands for no relations.',
      details: { table, property },
    },
  );
}

function isRelation(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'kind' in value && 'target' in value;
}

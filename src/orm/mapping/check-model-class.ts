import { type Entity, HYDRATE, ROW } from './entity.js';

/** Makes an object as the session does, and sees whether the class lets the row through. */
export function checkModelClass(
  model: new (hydrate: typeof HYDRATE, row: Record<string, unknown>) => Entity,
  attributes: readonly string[],
  problems: string[],
): void {
  const row = {};
  let made: Entity | undefined;
  try {
    made = new model(HYDRATE, row);
  } catch {
    // What a constructor of its own makes of the arguments is the user's.
  }
  if (made?.[ROW] !== row) {
    problems.push(
      `Model "${model.name}" has a constructor of its own, which the session cannot call: remove it and write "static create(...) { return new ${model.name}({ ... }); }".`,
    );
    return;
  }
  for (const name of attributes) {
    if (!Object.hasOwn(made, name)) continue;
    problems.push(
      `Model "${model.name}" has a class field "${name}", which hides what the table declares: write "declare ${name}: ..." or remove it.`,
    );
  }
}

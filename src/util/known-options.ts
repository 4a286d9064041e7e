import { findNearest } from './edit-distance.js';

/** Every option that a call knows: with a new one in the type, the list does not compile until it is named here too. */
export type KnownOptions<T extends object> = { readonly [K in keyof T]-?: true };

/**
 * Gives back the options of `call` where it knows them all. The files that run have lost their types: without this a
 * misspelled `ondelete` would be passed over in silence.
 * @throws TypeError that names the option, and the known one nearest to it.
 */
export function checkOptions<T extends object>(call: string, options: T, known: KnownOptions<T>): T {
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(known, name));
  if (unknown === undefined) return options;
  const names = Object.keys(known);
  const nearest = findNearest(unknown, names);
  const advice = nearest === undefined ? `it knows ${names.join(', ')}` : `did you mean "${nearest}"?`;
  throw new TypeError(`${call} has no option "${unknown}": ${advice}`);
}

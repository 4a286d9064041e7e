import type { CustomOperation } from '../../operations/operation.js';
import { call, type Doc, list, object, propertyKey, quote } from './document.js';

/** `op.grant('select', { on: 'users' })`: the call with its arguments as literals. */
export function renderCustom({ name, args }: CustomOperation): Doc {
  return call(`op.${name}`, ...args.map(renderData));
}

function renderData(value: unknown): Doc {
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return list(...value.map(renderData));
  if (typeof value !== 'object' || value === null) return String(value);
  return object(Object.entries(value).map(([key, inner]) => [propertyKey(key), renderData(inner)]));
}

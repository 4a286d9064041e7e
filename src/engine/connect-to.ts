/** Which database a connection leads to: who only reads gets a replica, in turn; one that is down is left out for a while. */
import { AludelError } from '../errors.js';
import type { Engine } from './connection.js';
import type { Pool } from './pool.js';

/** Milliseconds before a replica that did not answer is asked again. */
const REST = 30_000;

export function connectTo(primary: Pool, replicas: readonly Pool[]): Engine['connect'] {
  const restsUntil = new Map<Pool, number>();
  let turn = 0;
  return async (options = {}) => {
    const now = performance.now();
    const awake = replicas.filter((pool) => (restsUntil.get(pool) ?? 0) <= now);
    if (options.readOnly !== true || awake.length === 0) return primary.connect(options);
    turn += 1;
    for (let i = 0; i < awake.length; i++) {
      const pool = awake[(turn + i) % awake.length] as Pool;
      try {
        return await pool.connect(options);
      } catch (error) {
        if (!(error instanceof AludelError) || error.code !== 'ALUDEL_CONNECTION_FAILED') throw error;
        restsUntil.set(pool, performance.now() + REST);
      }
    }
    return primary.connect(options);
  };
}

/** Gives MetaData its two verbs: `schema/` cannot import what runs statements, so it is handed over from here. */
import { dialectOf } from './connect.js';
import type { Engine } from './engine/connection.js';
import { MetaData } from './schema/metadata.js';

declare module './schema/metadata.js' {
  interface MetaData {
    /**
     * Creates the tables that do not exist yet, in the order of their foreign keys, cycles included; what exists is
     * left as it is.
     * @throws AludelError ALUDEL_MODELS_INVALID, ALUDEL_TYPE_UNSUPPORTED, ALUDEL_STATEMENT_FAILED.
     */
    createAll(engine: Engine): Promise<void>;
    /**
     * Drops the tables of this MetaData that exist, and its enums.
     * @throws AludelError ALUDEL_STATEMENT_FAILED, when another table refers to one of these for example.
     */
    dropAll(engine: Engine): Promise<void>;
  }
}

MetaData.prototype.createAll = async function createAll(engine: Engine): Promise<void> {
  const actions = await import('./runtime/create-all.js');
  await actions.createAll(this, engine, dialectOf);
};

MetaData.prototype.dropAll = async function dropAll(engine: Engine): Promise<void> {
  const actions = await import('./runtime/create-all.js');
  await actions.dropAll(this, engine, dialectOf);
};

/** What a session reads, and what it writes past its objects. */
import { AludelError } from '../../errors.js';
import type { Kysely } from 'kysely';
import type { ArrayQuery, Connection } from '../../engine/connection.js';
import { openKysely } from '../../engine/kysely.js';
import type { Expr } from '../../schema/expressions/expr.js';
import { loadBehind } from '../loading/load-behind.js';
import { planLoads } from '../loading/load-plan.js';
import type { LoadOption, QueryOption } from '../loading/loaders.js';
import { type ObjectQuery, readObjects } from '../loading/read-objects.js';
import { run, type SqlText } from '../loading/sql-text.js';
import { identityKey } from '../mapping/column-values.js';
import type { ObjectState } from '../mapping/entity.js';
import { type Mapper, mapperOf } from '../mapping/mapper.js';
import type { ModelOf } from '../query/alias.js';
import { type ExplainOptions, explainVerb, readPlan } from '../../dialects/explain.js';
import { keyPage, type KeyPage, keyQuery, type PageByKey } from '../query/page.js';
import { prepareSelect, renderPrepared } from '../query/prepare-select.js';
import type { renderCount } from '../query/render-select.js';
import { isOfCriteria, withCriteria } from '../query/criteria.js';
import { runSelect } from '../query/run-select.js';
import { type Select, select } from '../query/select.js';
import type { Returning, Write } from '../query/write.js';
import { type KeyOf, readKey } from './read-key.js';
import { runCriteria } from './run-criteria.js';
import { runInsert, type WriteResult } from './run-insert.js';
import type { SessionCore } from './session-core.js';

/** The object of a key that is in memory. */
export function peekObject(core: SessionCore, mapper: Mapper, key: KeyOf): ObjectState | undefined {
  return core.objects.identity.get(mapper, identityKey(mapper.keys, readKey(mapper, key)));
}

/** The object of a key, with the relations that options name. */
export async function getObject<T extends object>(
  core: SessionCore,
  model: ModelOf<T>,
  key: KeyOf,
  options: readonly QueryOption[],
): Promise<T | null> {
  const mapper = mapperOf(model);
  if (options.some(isOfCriteria)) return getSeen(core, model, readKey(mapper, key), options);
  // Only the database knows whether the row meets criteria.
  const known = core.isHidden(mapper) ? undefined : peekObject(core, mapper, key);
  if (known !== undefined && options.length === 0) return known.entity as T;
  const values = readKey(mapper, key);
  return core.read(`get(${mapper.name})`, async (active) => {
    const plan = planLoads(mapper, options as readonly LoadOption[]);
    const where = (text: SqlText): ObjectQuery => ({ where: () => text.oneOf(mapper.keys, [values]) });
    const found = known ?? (await readObjects(core.target, active, plan, [where])).states[0];
    if (found !== undefined) await loadBehind(core.target, active, plan, [found]);
    return (found?.entity ?? null) as T | null;
  });
}

/** The same with criteria of its own, which a later load() of the object keeps to. */
async function getSeen<T extends object>(
  core: SessionCore,
  model: ModelOf<T>,
  values: readonly unknown[],
  options: readonly QueryOption[],
): Promise<T | null> {
  const { keys, definition } = mapperOf(model);
  const isIt = keys.map(({ property }, i) => (definition.c[property] as Expr<unknown>).eq(values[i] as never));
  const query = select(model)
    .where(...isIt)
    .options(...options);
  const found = await core.read(`get(${query.label})`, (active) => runSelect(core.target, active, query, {}));
  return found[0] ?? null;
}

/** The first value of what is asked about a query. */
export function readNumber(core: SessionCore, query: Select<unknown>, render: typeof renderCount): Promise<number> {
  return core.read(`a query for ${query.label}`, async (active) => {
    const { rows } = await run(withCriteria(active, query.parts.options), (text) => render(text, query));
    return Number(rows[0]?.[0] ?? 0);
  });
}

/** The page that follows a row. */
export function readKeyPage<T>(core: SessionCore, query: Select<T>, page: PageByKey): Promise<KeyPage<T>> {
  return core.read(`a page of ${query.label}`, async (active) => {
    const wanted = keyQuery(query, page, active.dialect.name);
    return keyPage<T>(await runSelect(core.target, active, wanted, {}), page.limit);
  });
}

export function explainQuery(core: SessionCore, query: Select<unknown>, options: ExplainOptions): Promise<string> {
  return core.read(`a plan for ${query.label}`, async (active) => {
    const { name } = active.dialect;
    const { rows } = await run(
      withCriteria(active, query.parts.options),
      (text) => `${explainVerb(name, options)} ${renderPrepared(text, prepareSelect(query.parts)).sql}`,
    );
    return readPlan(name, rows);
  });
}

/** A Kysely whose queries are statements of the session. */
export function openSessionKysely<Tables>(core: SessionCore): Kysely<Tables> {
  const refuse = (): never => {
    throw new AludelError('ALUDEL_USAGE', 'The transaction of session.kysely() is that of the session.', {
      hint: 'Use session.nested() around what may fail, session.commit() at the end.',
    });
  };
  const connection = {
    query: (query: ArrayQuery) =>
      core.read('a query of Kysely', (active) => active.send?.(query) ?? active.connection.query(query)),
    begin: refuse,
  } as unknown as Connection;
  return openKysely({ dialect: core.dialect, locate: () => null, connectionAt: () => connection });
}

export async function runStatement(core: SessionCore, statement: Write | Returning<unknown>): Promise<WriteResult> {
  const { parts } = statement;
  core.refuseReadOnly();
  return core.read(`a statement for "${parts.definition.tableName.name}"`, (active) => {
    // A row is inserted, and found again, whatever hides it from reading.
    const all = { ...active, criteria: undefined };
    if ('rows' in parts) return runInsert(core, parts.source === undefined ? all : active, parts);
    return runCriteria(core, parts.obeysCriteria ? active : all, parts);
  });
}

/** Sets a setting of PostgreSQL for the transaction. */
export function setForTransaction(core: SessionCore, name: string, value: string): Promise<void> {
  return core.read(`setLocal(${name})`, async ({ connection, dialect }) => {
    if (dialect.name !== 'postgres') {
      throw new AludelError(
        'ALUDEL_OPERATION_UNSUPPORTED',
        `setLocal() is of PostgreSQL, and this is ${dialect.name}.`,
        {
          hint: 'Give the session criteria: db({ criteria: [criteria(Model, (columns) => ...)] }).',
        },
      );
    }
    await connection.query({ sql: 'SELECT set_config($1, $2, true)', params: [name, value] });
  });
}

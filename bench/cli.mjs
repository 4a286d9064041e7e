/** How long the commands take that do nothing, against an empty Node process. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { compare, countProcess, firstLine, timeProcess } from './support/measure.mjs';
import { inScratchFolder, ROOT } from './support/places.mjs';
import { printRow } from './support/report.mjs';
import { findTools } from './tools/tools.mjs';

const EMPTY = { args: ['-e', '0'], cwd: ROOT };
/** How many revisions a project has that does nothing, and how many times `node -e 0` ours may take. */
const HISTORIES = [
  { revisions: 1 },
  { revisions: 100 },
  { revisions: 1000, atMost: 3 },
  { revisions: 5000, atMost: 4, isOurs: true },
  { revisions: 10_000, atMost: 5, isOurs: true },
];

/** @param {import('./run.mjs').Options} options */
export function measureCli({ full, names }) {
  return inScratchFolder(async (top) => {
    const tools = findTools().filter((tool) => tool.isOurs === true || names(tool.name));
    const options = { full, rounds: full ? 15 : 9, peerRounds: full ? 7 : 3, warmUps: 1 };
    const base = 'node -e 0';
    const empty = { name: base, isBase: true, run: () => timeProcess(EMPTY) };
    const starts = tools.map(({ name, isOurs, note, version, command }) => ({
      name,
      isPeer: isOurs !== true,
      note: note ?? (version === undefined ? 'no command of its own' : undefined),
      run: () => timeProcess({ command, args: version ?? [], cwd: top }),
    }));
    /** @type {import('./support/report.mjs').Row[]} */
    const rows = [];
    const show = (/** @type {import('./support/report.mjs').Row} */ row) => {
      printRow(row);
      rows.push(row);
    };
    const started = await compare([empty, ...starts], options);
    show({ task: '--version', on: 'no project', base, atMost: 1.6, results: started });
    for (const { revisions, atMost, isOurs } of HISTORIES) {
      const entries = tools
        .filter((tool) => tool.dialects.includes('sqlite') && (isOurs !== true || tool.isOurs === true))
        .map((tool, i) => {
          const folder = join(top, `${revisions}-${i}`);
          mkdirSync(folder);
          const url = join(folder, 'app.db');
          if (tool.note === undefined) tool.make({ folder, dialect: 'sqlite', url, revisions, isForked: true });
          const job = { command: tool.command, cwd: folder };
          /** @type {string | undefined} */
          let { note } = tool;
          const bring =
            tool.isOurs === true && revisions > 100 ? [...tool.upgrade.slice(0, 1), 'stamp', 'head'] : tool.upgrade;
          try {
            if (note === undefined) timeProcess({ ...job, args: bring });
          } catch (error) {
            note = `failed: ${firstLine(error)}`;
          }
          return { tool, note, job: { ...job, args: tool.upgrade } };
        });
      const results = await compare(
        [
          empty,
          ...entries.map(({ tool, note, job }) => ({
            name: tool.name,
            isPeer: tool.isOurs !== true,
            note,
            run: () => timeProcess(job),
          })),
        ],
        options,
      );
      for (const { tool, note, job } of entries) {
        const result = results.find(({ contender }) => contender === tool.name);
        if (note === undefined && result !== undefined) Object.assign(result, await countProcess(job));
      }
      show({ task: `nothing to do, ${revisions} revisions`, on: 'sqlite', base, atMost, results });
    }
    return rows;
  });
}

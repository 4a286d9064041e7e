/** The chart of the README, drawn from results.json: for each task, how many times the bare driver everybody takes. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as echarts from 'echarts';
import { readResults } from './report.mjs';

/** The tasks shown, from the top. */
const TASKS = [
  ['orm', 'load 10,000 rows', 'postgres'],
  ['orm', 'insert 10,000', 'postgres'],
  ['orm', 'load 5,000, change 1,000', 'postgres'],
  ['orm', 'load 50,000, change one', 'postgres'],
  ['reflect', 'autogenerate without a change, 1000', 'postgres'],
  ['upgrade', '1000 revisions up', 'postgres'],
  ['upgrade', '1000 revisions up', 'sqlite'],
  ['cli', 'nothing to do, 1000 revisions', 'sqlite'],
];
const COLOURS = {
  aludel: '#b5482a',
  Kysely: '#8aa2b8',
  Drizzle: '#a9bf86',
  knex: '#c2a66b',
  MikroORM: '#8f7fb5',
  TypeORM: '#7fb5ae',
  Sequelize: '#b58fa5',
  Prisma: '#9a9a9a',
  SQLAlchemy: '#5f7f5f',
};

/** The bare driver: what is left of it is faster. */
const BASELINE = {
  symbol: 'none',
  silent: true,
  label: { show: false },
  lineStyle: { type: 'solid', color: '#54555a' },
  data: [{ xAxis: 1 }],
};

/** Gives the path of the file, or says why there is none. */
export function drawChart() {
  const sections = readResults();
  const rows = TASKS.flatMap(([section = '', task = '', on = '']) => {
    const row = sections[section]?.rows.find((one) => one.task.startsWith(task) && one.on.startsWith(on));
    return row === undefined
      ? []
      : [
          {
            label: `${row.task.replace(/, (?:flush|keys).*|: .*/, '')}\n${row.on.split(';')[0]}\ntimes ${row.base}`,
            row,
          },
        ];
  });
  if (rows.length === 0) return 'and no chart: nothing of it was measured yet';
  const smallest = Math.min(...rows.flatMap(({ row }) => Object.keys(COLOURS).map((name) => bestOf(row, name) ?? 1)));
  const series = Object.entries(COLOURS).flatMap(([name, color]) => {
    const data = rows.map(({ row }) => bestOf(row, name));
    if (data.every((value) => value === null)) return [];
    return [
      {
        name: name === 'SQLAlchemy' ? 'SQLAlchemy, Alembic' : name === 'knex' ? 'Knex' : name,
        type: 'bar',
        itemStyle: { color },
        data,
        barGap: '10%',
        ...(name === 'aludel' ? { markLine: BASELINE } : {}),
        label: {
          show: name === 'aludel',
          position: 'right',
          formatter: (/** @type {{ value: number }} */ { value }) => value.toFixed(value < 10 ? 2 : 0),
        },
      },
    ];
  });
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: 900, height: 110 + rows.length * 105 });
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    textStyle: { fontFamily: 'Helvetica, Arial, sans-serif' },
    // Wide enough for fonts that run wider than those that the widths are reckoned with.
    legend: { top: 8, itemGap: 22 },
    grid: { left: 290, right: 50, top: 50, bottom: 50 },
    xAxis: {
      type: 'log',
      name: 'times the bare driver or node, logarithmic; shorter is better; no bar: not measured',
      nameLocation: 'middle',
      nameGap: 28,
      // No bar may be cut off.
      min: [0.5, 0.3, 0.2].find((least) => least < smallest) ?? 0.1,
    },
    yAxis: {
      type: 'category',
      inverse: true,
      axisLine: { show: false },
      axisLabel: { lineHeight: 16 },
      data: rows.map(({ label }) => label),
    },
    series: /** @type {any} */ (series),
  });
  const file = join(import.meta.dirname, '../chart.svg');
  writeFileSync(file, `${chart.renderToSVGString()}\n`);
  chart.dispose();
  return 'bench/chart.svg';
}

/**
 * The best figure of a library in a task, its versions and ways taken together.
 * @param {import('./report.mjs').Row} row
 * @param {string} name
 */
function bestOf({ results }, name) {
  const also = name === 'SQLAlchemy' ? 'alembic' : name.toLowerCase();
  const ratios = results
    .filter(({ contender }) => [name.toLowerCase(), also].some((part) => contender.toLowerCase().startsWith(part)))
    .flatMap(({ ratio }) => (ratio === null ? [] : [ratio]));
  return ratios.length === 0 ? null : Math.min(...ratios);
}

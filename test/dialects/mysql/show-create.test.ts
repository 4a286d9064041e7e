import { describe, expect, it } from 'vitest';
import { parseShowCreate } from '../../../src/dialects/mysql/show-create.js';
import type { Expression } from '../../../src/schema/expressions/expression.js';

const mysqlServer = { dialect: 'mysql', major: 8, minor: 4, text: '8.4.0' } as const;
const mariadbServer = { dialect: 'mariadb', major: 10, minor: 11, text: '10.11.6-MariaDB' } as const;

const textOf = (expression: Expression | null): string | null =>
  expression?.kind === 'verbatim' ? expression.text : null;

describe('MySQL', () => {
  const shown = parseShowCreate(
    [
      'CREATE TEMPORARY TABLE `t,)` (',
      "  `a``b` int DEFAULT '-5',",
      "  `price` decimal(10,2) NOT NULL DEFAULT '1.50' COMMENT 'DEFAULT ''x'', (',",
      '  `emoji` varchar(9) DEFAULT 0x61F09F9880,',
      "  `made` datetime(6) DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6) COMMENT 'x',",
      "  `e` enum('a,b','c''d','ü\\\\') CHARACTER SET latin1 COLLATE latin1_swedish_ci DEFAULT 'c''d',",
      "  `f` varchar(40) DEFAULT (concat(_utf8mb4'a\\'b',_utf8mb4')',now())) /*!80023 INVISIBLE */,",
      "  `g` varchar(9) COLLATE utf8mb4_bin GENERATED ALWAYS AS (concat(`a``b`,_utf8mb4'x')) STORED NOT NULL,",
      '  KEY `ix` ((lower(`e`)),`made` DESC,`emoji`(3)) USING BTREE,',
      "  CONSTRAINT `ck` CHECK ((`e` in (_utf8mb4'a',_utf8mb4'it\\'s')))",
      ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='(x)'",
    ].join('\n'),
    mysqlServer,
  );

  it('reads columns with their types and defaults', () => {
    expect(shown.columns.map((column) => [column.name, column.type, textOf(column.default)])).toEqual([
      ['a`b', { kind: 'integer' }, '-5'],
      ['price', { kind: 'numeric', precision: 10, scale: 2 }, '1.50'],
      ['emoji', { kind: 'varchar', length: 9 }, "'a?'"],
      ['made', { kind: 'timestamp', precision: null, withTimezone: false }, 'CURRENT_TIMESTAMP(6)'],
      ['e', { kind: 'enum', namespace: null, name: 'e', values: ['a,b', "c'd", 'ü\\'] }, "'c''d'"],
      ['f', { kind: 'varchar', length: 40 }, "(concat('a''b',')',now()))"],
      ['g', { kind: 'varchar', length: 9 }, null],
    ]);
  });

  it('reads generated columns, checks and index expressions', () => {
    expect(textOf(shown.columns.at(-1)?.generated ?? null)).toBe("concat(`a``b`,'x')");
    expect(shown.checks.map((check) => [check.name, textOf(check.expression)])).toEqual([
      ['ck', "(`e` in ('a','it''s'))"],
    ]);
    expect(shown.indexes.map((index) => [index.name, index.parts.map(textOf)])).toEqual([
      ['ix', ['lower(`e`)', null, null]],
    ]);
  });
});

describe('MariaDB', () => {
  it('reads defaults without quotes, display widths and JSON columns', () => {
    const shown = parseShowCreate(
      [
        'CREATE TEMPORARY TABLE `t` (',
        '  `id` int(10) unsigned NOT NULL DEFAULT 5,',
        '  `b` tinyint(1) DEFAULT 1,',
        '  `n` mediumtext DEFAULT NULL,',
        '  `sum` int(11) DEFAULT (1 + 2),',
        '  `u` uuid DEFAULT uuid(),',
        '  `j` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT \'{"a": "b\\\'c"}\' CHECK (json_valid(`j`)),',
        '  `at` timestamp NULL DEFAULT current_timestamp() ON UPDATE current_timestamp()',
        ') ENGINE=InnoDB',
      ].join('\n'),
      mariadbServer,
    );
    expect(shown.columns.map((column) => [column.name, column.type, textOf(column.default)])).toEqual([
      ['id', { kind: 'custom', sql: 'int unsigned' }, '5'],
      ['b', { kind: 'boolean' }, '1'],
      ['n', { kind: 'custom', sql: 'mediumtext' }, null],
      ['sum', { kind: 'integer' }, '(1 + 2)'],
      ['u', { kind: 'uuid' }, 'uuid()'],
      ['j', { kind: 'json' }, '\'{"a": "b\'\'c"}\''],
      ['at', { kind: 'timestamp', precision: 0, withTimezone: true }, 'CURRENT_TIMESTAMP'],
    ]);
  });

  it('tells the period of a table from that of its history', () => {
    const periodIn = (clause: string): unknown =>
      parseShowCreate(`CREATE TABLE \`t\` (\n  \`id\` int(11) NOT NULL,\n  ${clause}\n) ENGINE=InnoDB`, mariadbServer)
        .period;
    expect(periodIn('PERIOD FOR SYSTEM_TIME (`st`, `en`)')).toBeNull();
    expect(periodIn('PERIOD FOR `SYSTEM_TIME` (`st`, `en`)')).toEqual({ name: 'SYSTEM_TIME', columns: ['st', 'en'] });
  });
});

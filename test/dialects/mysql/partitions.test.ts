import { describe, expect, it } from 'vitest';
import { parsePartitions, samePartitions } from '../../../src/dialects/mysql/partitions.js';

const HEAD = "CREATE TABLE `t` (\n  `a` int DEFAULT NULL\n) ENGINE=InnoDB COMMENT='PARTITION BY'";

describe('what stands behind PARTITION BY', () => {
  it('is read from the comments by version of MySQL', () => {
    const shown = `${HEAD}\n/*!50100 PARTITION BY KEY */ /*!50611 ALGORITHM = 1 */ /*!50100 (a)\nPARTITIONS 2 */`;
    expect(parsePartitions(shown)).toBe('KEY ALGORITHM = 1 (a)\nPARTITIONS 2');
  });

  it('is read without the engine, but with what the strings say', () => {
    const list =
      "(PARTITION `p0` VALUES IN (1) COMMENT = 'it\\'s */ ENGINE = x' ENGINE = InnoDB,\n PARTITION `p1` DEFAULT ENGINE = InnoDB)";
    expect(parsePartitions(`${HEAD}\n PARTITION BY LIST (\`a\`)\n${list}`)).toBe(
      "LIST (`a`)\n(PARTITION `p0` VALUES IN (1) COMMENT = 'it\\'s */ ENGINE = x',\n PARTITION `p1` DEFAULT)",
    );
  });

  it('is nothing for a table that is not partitioned', () => {
    expect(parsePartitions(HEAD)).toBe(null);
  });

  it('is the same in other letters, quotes and spaces', () => {
    expect(
      samePartitions(
        "RANGE COLUMNS (`d`,`b`)\n(PARTITION p0 VALUES LESS THAN ('x',MAXVALUE),\n PARTITION p1 VALUES LESS THAN MAXVALUE)",
        "range columns(d, b) (partition P0 values less than ('x', maxvalue) storage engine = InnoDB, partition `p1` values less than (maxvalue))",
      ),
    ).toBe(true);
  });

  it.each([
    ['HASH (a)\nPARTITIONS 4', 'HASH (a)\nPARTITIONS 3'],
    ["LIST COLUMNS (s) (PARTITION p VALUES IN ('a'))", "LIST COLUMNS (s) (PARTITION p VALUES IN ('A'))"],
    ['RANGE (a) (PARTITION p VALUES LESS THAN (1))', "RANGE (a) (PARTITION p VALUES LESS THAN (1) COMMENT 'x')"],
  ])('is not the same where it says something else: %s', (one, other) => {
    expect(samePartitions(one, other)).toBe(false);
  });
});

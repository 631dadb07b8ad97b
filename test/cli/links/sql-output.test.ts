// A result of a query as a table, CSV and JSON.

import { expect, test } from 'vitest';
import { cutRemark, sqlFormats } from '../../../src/cli/links/sql-output.js';
import type { SqlResult } from '../../../src/model/links/sql-result.js';

const result: SqlResult = {
  columns: ['name', 'load', 'load'],
  rows: [
    ['web-1', 1.5, '12'],
    ['=x\u001b[31m', null, 'a\nb'],
    ['web-3', 100, null],
  ],
  isCut: false,
};

test('a table has numbers on the right, unknown values empty, and control characters visible', () => {
  expect(sqlFormats.table(result).split('\n')).toEqual([
    'name          load  load',
    'web-1          1.5  12',
    String.raw`=x\u001b[31m        a\nb`,
    'web-3          100',
  ]);
});

test('CSV has safe cells', () => {
  expect(sqlFormats.csv(result)).toBe(`name,load,load\nweb-1,1.5,12\n'=x\ufffd[31m,,a\ufffdb\nweb-3,100,`);
});

test('JSON is the result', () => {
  expect(JSON.parse(sqlFormats.json(result))).toEqual(result);
  expect(sqlFormats.json({ ...result, columns: ['\u202e'] })).toContain('\\u202e');
});

test('a table that is cut says so, and one without rows has its titles', () => {
  const cut = { ...result, isCut: true };
  expect(cutRemark(cut)).toBe('These are the first 3 rows; there are more: add a WHERE or a GROUP BY.');
  expect(sqlFormats.table(cut).endsWith(`\n\n${cutRemark(cut)}`)).toBe(true);
  expect(sqlFormats.table({ columns: ['a', 'b'], rows: [], isCut: false })).toBe('a  b');
});

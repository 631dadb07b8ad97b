// Cells of comma-separated values that are safe in a spreadsheet and on a terminal.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatCsv } from '../../../src/model/text/csv.js';
import { csvCell } from '../../../src/model/text/csv-cell.js';

describe('a cell', () => {
  test.each<readonly [title: string, text: string, cell: string]>([
    ['a text stays unchanged', 'be_secure/web1', 'be_secure/web1'],
    ['an empty cell stays empty', '', ''],
    ['a comma requires quotes', 'a,b', '"a,b"'],
    ['a quote is doubled', 'say "hi"', '"say ""hi"""'],
    ['a formula is defused', '=1+1', "'=1+1"],
    ['a formula with a quote is defused within its quotes', '=HYPERLINK("http://a")', '"\'=HYPERLINK(""http://a"")"'],
    ['a plus is defused', '+1+1', "'+1+1"],
    ['a phone number is a text', '+49123', "'+49123"],
    ['a minus is defused', "-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0"],
    ['an at is defused', '@SUM(A1)', "'@SUM(A1)"],
    ['a wide equals sign is defused', '\uff1d1', "'\uff1d1"],
    ['spaces before a formula do not hide it', '  =1', "'  =1"],
    ['a leading tab is defused and removed', '\t=1', "'\ufffd=1"],
    ['a leading carriage return is defused', '\r=1', "'\ufffd=1"],
    ['line breaks are removed', 'a\nb', 'a\ufffdb'],
    ['escape sequences are removed', '\u001b[2Ja\u0000b\u009bc', '\ufffd[2Ja\ufffdb\ufffdc'],
    ['a number stays a number', '12.5', '12.5'],
    ['a negative number stays a number', '-12.5', '-12.5'],
    ['a negative number with an exponent stays a number', '-1.5e-7', '-1.5e-7'],
    ['a sum of numbers is no number', '-1+2', "'-1+2"],
    ['a number and a line break are no number', '-1\n', "'-1\ufffd"],
    ['a later equals sign is harmless', 'a=b', 'a=b'],
  ])('%s', (_title, text, cell) => {
    expect(csvCell(text)).toBe(cell);
  });

  test('never executes, whatever its text', () => {
    const hostile = fc.stringMatching(/^[=+\-@\t\r\n" ,a1]{0,12}$/);
    fc.assert(
      fc.property(fc.oneof(hostile, fc.string({ unit: 'binary' })), (text) => {
        const inside = csvCell(text).replace(/^"/, '');
        expect(Number.isFinite(Number(inside)) || !/^\s*[=+\-@]/.test(inside)).toBe(true);
        expect(inside).not.toMatch(/\p{Cc}/u);
      }),
      { seed: 1 },
    );
  });

  test('of any number parses back to it', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(csvCell(String(value))).toBe(String(value));
      }),
      { seed: 2 },
    );
  });
});

test('rows are lines of cells', () => {
  expect(
    formatCsv([
      ['name', 'in'],
      ['=a', '-1'],
    ]),
  ).toBe("name,in\n'=a,-1");
});

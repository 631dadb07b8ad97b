// A cell of comma-separated values that a spreadsheet and a terminal can open without harm.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatCsv } from '../../../src/model/text/csv.js';
import { csvCell } from '../../../src/model/text/csv-cell.js';

describe('a cell', () => {
  test.each<readonly [title: string, text: string, cell: string]>([
    ['a text stays as it is', 'be_secure/web1', 'be_secure/web1'],
    ['nothing stays nothing', '', ''],
    ['a comma asks for quotes', 'a,b', '"a,b"'],
    ['a quote is doubled', 'say "hi"', '"say ""hi"""'],
    ['a formula is defused', '=1+1', "'=1+1"],
    ['a formula with a quote is defused within its quotes', '=HYPERLINK("http://a")', '"\'=HYPERLINK(""http://a"")"'],
    ['a plus is defused', '+1+1', "'+1+1"],
    ['a phone number is a text', '+49123', "'+49123"],
    ['a minus is defused', "-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0"],
    ['an at is defused', '@SUM(A1)', "'@SUM(A1)"],
    ['a wide equals sign is defused', '\uff1d1', "'\uff1d1"],
    ['spaces before a formula do not hide it', '  =1', "'  =1"],
    ['a tab at the beginning is defused, and no tab is left', '\t=1', "'\ufffd=1"],
    ['a carriage return at the beginning is defused', '\r=1', "'\ufffd=1"],
    ['no line break is left', 'a\nb', 'a\ufffdb'],
    ['no escape sequence is left', '\u001b[2Ja\u0000b\u009bc', '\ufffd[2Ja\ufffdb\ufffdc'],
    ['a number stays a number', '12.5', '12.5'],
    ['a negative number stays a number', '-12.5', '-12.5'],
    ['a negative number with an exponent stays a number', '-1.5e-7', '-1.5e-7'],
    ['a sum of numbers is no number', '-1+2', "'-1+2"],
    ['a number and a line break are no number', '-1\n', "'-1\ufffd"],
    ['an equals sign further on is harmless', 'a=b', 'a=b'],
  ])('%s', (_title, text, cell) => {
    expect(csvCell(text)).toBe(cell);
  });

  test('is never executed, whatever the text', () => {
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

  test('of any number is that number', () => {
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

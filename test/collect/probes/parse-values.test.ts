// The output of probes: numbers, lines of Prometheus' text form, and everything that is neither.

import { describe, expect, test } from 'vitest';
import { parseProbeValues } from '../../../src/collect/probes/parse-values.js';
import { maxProbeValues } from '../../../src/model/probes/reading.js';

const parse = (text: string) => parseProbeValues(text, 'flows');

describe('a probe gives', () => {
  test.each([
    ['12\n', 12],
    ['  -0.5', -0.5],
    ['+1e3\r\n', 1000],
    ['.25', 0.25],
    ['5.', 5],
    ['NaN', Number.NaN],
    ['# a remark\n\n7\n# another\n', 7],
    ['flows 3', 3],
    ['node:flows{} 4', 4],
    ['flows{bridge=""} 5', 5],
  ])('a number with %j', (text, value) => {
    expect(parse(text)).toEqual([{ labels: [], value }]);
  });

  test('numbers with labels, which are sorted, without empty ones, unescaped', () => {
    const text = `# HELP flows Flows.
# TYPE flows gauge
flows{ table = "1" , bridge="br0", } 3
flows{bridge="a\\"b\\\\c}d",table=""} 4.5
flows{bridge="#"} NaN
`;
    expect(parse(text)).toEqual([
      {
        labels: [
          ['bridge', 'br0'],
          ['table', '1'],
        ],
        value: 3,
      },
      { labels: [['bridge', 'a"b\\c}d']], value: 4.5 },
      { labels: [['bridge', '#']], value: Number.NaN },
    ]);
  });
});

describe('an error names the line:', () => {
  test.each<readonly [what: string, text: string, says: string]>([
    ['nothing', '\n# nothing\n', 'it gave no number'],
    ['words', '\nno flows', 'line 2, "no flows": expected a number, or name{label="value"} and a number'],
    ['two numbers in a line', '1 2', 'line 1, "1 2": expected a number'],
    ['a hexadecimal number', '0x10', 'line 1, "0x10": expected a number'],
    ['an infinite number', 'flows +Inf', 'line 1, "flows +Inf": an infinite number is refused; NaN is an unknown one'],
    ['an infinite number without a name', '-inf', 'line 1, "-inf": an infinite number is refused'],
    ['an infinite number with labels', 'a{x="1"} Infinity', 'an infinite number is refused'],
    ['a number beyond all', '1e999', 'line 1, "1e999": the number is too large'],
    [
      'a time behind the number',
      'flows 1 1763700000',
      'line 1, "flows 1 1763700000": a time behind the number is refused',
    ],
    ['a time behind labels', 'a{x="1"} NaN 1763700000.5', 'a time behind the number is refused'],
    ['a decimal comma', '3,14', 'line 1, "3,14": expected a number'],
    ['two numbers', '1\n2', 'line 2, "2": a second value without labels'],
    ['two numbers with a name', 'a{x=""} 1\na 2', 'line 2, "a 2": a second value without labels'],
    ['two equal sets of labels', 'f{a="1",b="2"} 1\nf{b="2",a="1"} 1', 'the labels are those of line 1'],
    ['two quantities', 'a{x="1"} 1\nb{x="2"} 1', 'b follows a; a probe has one quantity'],
    ['a number without a name', 'a{x="1"} 1\n5', 'line 2, "5": a number without a name follows a'],
    ['a number beside labels', 'a{x="1"} 1\na 5', 'it gave a number beside values with labels'],
    ['labels without quotes', 'a{x=1} 1', 'expected labels such as {bridge="br0"}'],
    ['labels that do not end', 'a{x="1" 1', 'expected a number, or name{label="value"}'],
    ['a label twice', 'a{x="1",x="2"} 1', 'the label "x" stands there twice'],
    ['the label of the probe', 'a{probe="1"} 1', 'the label "probe" is taken'],
    ['the label of a histogram', 'a{le="1"} 1', 'the label "le" is taken'],
    ['a label of Prometheus', 'a{__name__="1"} 1', 'the label "__name__" is taken'],
    ['a line break in a label', 'a{x="1\\n2"} 1', 'the label "x" has a control character'],
    ['long labels', `a{x="${'y'.repeat(1000)}"} 1`, 'yyy…": the labels are too long'],
    ['an escape sequence', 'a\u001b[2J', 'line 1, "a\\x1b[2J"'],
    [
      'too many values',
      Array.from({ length: maxProbeValues + 1 }, (_, i) => `a{x="${i}"} 1`).join('\n'),
      `it gave ${maxProbeValues + 1} values; a probe keeps at most ${maxProbeValues}`,
    ],
  ])('%s', (_, text, says) => {
    expect(() => parse(text)).toThrow(says);
  });

  test('and takes time in proportion to a line, however odd', () => {
    for (const odd of [
      'a{'.repeat(30_000),
      `a{x="${'\\"'.repeat(30_000)}`,
      `a{${'x="",'.repeat(10_000)}`,
      '1'.repeat(65_000),
      `a{${'x="",'.repeat(10_000)}} 1 1x`,
    ]) {
      expect(() => parse(odd)).toThrow();
    }
  });
});

import { expect, test } from 'vitest';
import { type Check, fine, problem, warning } from '../../src/doctor/check.js';
import { formatDiagnosis } from '../../src/doctor/format-diagnosis.js';

const node = fine('Node.js', 'v20.20.2');

test('a diagnosis is aligned text with each remedy under its finding', () => {
  const checks = [
    node,
    problem('module', 'ip_vs is not loaded', 'first step\nsecond step'),
    warning('table', 'not tried', null),
  ];
  expect(formatDiagnosis(checks)).toBe(
    [
      'ok       Node.js  v20.20.2',
      'problem  module   ip_vs is not loaded',
      '                  -> first step',
      '                     second step',
      'warning  table    not tried',
      '',
      '1 problem, 1 warning; the lines marked "problem" keep lvs-stats from working.',
      '',
    ].join('\n'),
  );
});

test.each<[string, readonly Check[], string]>([
  ['nothing wrong', [node], 'Nothing is missing.'],
  ['warnings alone', [node, warning('a', 'b', null), warning('c', 'd', null)], '2 warnings; nothing keeps'],
  ['problems alone', [problem('a', 'b', null)], '1 problem; the lines marked "problem" keep'],
])('the last line sums up %s', (_, checks, expected) => {
  expect(formatDiagnosis(checks).trimEnd().split('\n').at(-1)).toContain(expected);
});

test('long findings are wrapped at words, commands in remedies are not', () => {
  const words = Array.from({ length: 60 }, (_, index) => `word${index}`).join(' ');
  const lines = formatDiagnosis([problem('a', words, `command ${words}`)]).split('\n');
  expect(lines.filter((line) => !line.includes('command')).every((line) => line.length <= 100)).toBe(true);
  expect(lines.find((line) => line.includes('command'))).toContain(`-> command ${words}`);
  const wrapped = lines.slice(
    0,
    lines.findIndex((line) => line.includes('command')),
  );
  expect(wrapped.join(' ').split(/\s+/).slice(2).join(' ')).toBe(words);
});

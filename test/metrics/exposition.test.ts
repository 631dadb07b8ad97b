// The text formats: escaping, the names of counters and information, and the choice by Accept.

import { expect, test } from 'vitest';
import { exposition, type Family, type Format, formatFor, labels } from '../../src/metrics/exposition.js';

const families: readonly Family[] = [
  { name: 'a_bytes', type: 'counter', help: 'A "line"\nwith a \\.', samples: [[labels({ x: 'say "\\"\n' }), 3n]] },
  { name: 'b', type: 'info', help: 'B.', samples: [['y="1"', 1]] },
  {
    name: 'c',
    type: 'gauge',
    help: 'C.',
    samples: [
      ['', 0.5],
      ['z="2"', Number.NaN],
      ['z="3"', Number.POSITIVE_INFINITY],
    ],
  },
  { name: 'none', type: 'gauge', help: 'No series.', samples: [] },
];

test('the classic format names counters and information with their suffixes', () => {
  expect([...exposition(families, 'text')].join('')).toBe(
    [
      '# HELP a_bytes_total A "line"\\nwith a \\\\.',
      '# TYPE a_bytes_total counter',
      'a_bytes_total{x="say \\"\\\\\\"\\n"} 3',
      '# HELP b_info B.',
      '# TYPE b_info gauge',
      'b_info{y="1"} 1',
      '# HELP c C.',
      '# TYPE c gauge',
      'c 0.5',
      'c{z="2"} NaN',
      'c{z="3"} +Inf',
      '',
    ].join('\n'),
  );
});

test('OpenMetrics names families without suffixes, and ends with a mark', () => {
  const text = [...exposition(families, 'openmetrics')].join('');
  expect(text).toContain('# HELP a_bytes A \\"line\\"\\nwith a \\\\.\n# TYPE a_bytes counter\na_bytes_total{');
  expect(text).toContain('# TYPE b info\nb_info{y="1"} 1\n');
  expect(text.endsWith('c{z="3"} +Inf\n# EOF\n')).toBe(true);
});

test('a large text comes in pieces that join to the same', () => {
  const samples = Array.from({ length: 20_000 }, (_, i) => [labels({ i: String(i) }), i] as const);
  const pieces = [...exposition([{ name: 'c', type: 'gauge', help: 'C.', samples }], 'text')];
  expect(pieces.length).toBeGreaterThan(3);
  expect(pieces.join('').split('\n')).toHaveLength(20_003);
});

test.each<readonly [accept: string | undefined, format: Format]>([
  [undefined, 'text'],
  ['*/*', 'text'],
  ['text/html', 'text'],
  ['application/openmetrics-text', 'openmetrics'],
  [
    'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
    'openmetrics',
  ],
  ['application/openmetrics-text; version=0.0.1,text/plain;version=0.0.4;q=0.5,*/*;q=0.1', 'text'],
  ['text/plain, application/openmetrics-text;q=0.5', 'text'],
  ['application/openmetrics-text;q=0', 'text'],
])('Accept: %s gets %s', (accept, format) => {
  expect(formatFor(accept)).toBe(format);
});

// The finding of a service that cannot lose its busiest real server: it opens and closes when the service has its turn, and stays in between.

import { expect, test } from 'vitest';
import { findingLine } from '../../../src/model/finding/finding-text.js';
import { standardThresholds } from '../../../src/model/finding/thresholds.js';
import { type Service, TestDirector } from './cycles.js';

const web: Service = {
  port: 80,
  servers: [
    [1, 9],
    [2, 1],
    [3, 1],
  ],
};
const other: Service = { port: 443, servers: [[1, 1]] };
const busiest = '192.0.2.1_80/10.0.0.1_80';
const spareWith = (part: number, over: object = {}) => {
  const spare = { kind: 'shared', busiest, worst: '192.0.2.1_80/10.0.0.2_80', part, servers: 3, total: 90, ...over };
  return new Map([['192.0.2.1_80', spare as never]]);
};
const none = new Map();

test('opens at once, stays until its next turn, and closes then', () => {
  const director = new TestDirector();
  director.read([web, other]);
  director.spares = spareWith(5);
  director.read([web, other]);
  expect(director.open.map(findingLine)).toEqual([
    '192.0.2.1:80: cannot lose 10.0.0.1:80: at the peak of the last 30 days, each other would have had up to 500 % of the most it ever held',
  ]);
  director.spares = none;
  director.read([web, other], { times: 20 });
  expect(director.found).toEqual(['spare-lacking 192.0.2.1_80']);
  director.spares = spareWith(0.9 * 0.75 * standardThresholds.spare);
  director.read([web, other]);
  expect(director.found).toEqual([]);
  expect(director.events).toEqual(['finding-opened spare-lacking', 'finding-closed spare-lacking']);
});

test('stays while the spare is unknown, and goes with its service', () => {
  const director = new TestDirector();
  director.read([web, other]);
  director.spares = spareWith(5);
  director.read([web, other]);
  director.spares = new Map([['192.0.2.1_80', null]]);
  director.read([web, other]);
  expect(director.found).toEqual(['spare-lacking 192.0.2.1_80']);
  director.spares = none;
  director.read([other], { times: 3 });
  expect(director.found).not.toContain('spare-lacking 192.0.2.1_80');
});

test.each([
  ['at the load of a pair of equal ones', spareWith(2)],
  ['with fewer connections than chance shapes', spareWith(9, { total: 0.5 })],
  ['with a single real server by design', new Map([['192.0.2.1_80', { kind: 'alone', busiest, total: 90 } as never]])],
])('does not open %s', (_, spares) => {
  const director = new TestDirector();
  director.read([web, other]);
  director.spares = spares;
  director.read([web, other], { times: 3 });
  expect(director.found).toEqual([]);
});

// The finding of a service that cannot lose its busiest real server: it opens and closes when the service has its turn, and stays in between.

import { expect, test } from 'vitest';
import type { Peaks } from '../../../src/interpret/findings/observation.js';
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
const none = new Map();

/** A peak after which each of two others would have had `part` times the most it ever held. */
function peakWith(part: number, whole = 90): Peaks {
  const other = whole / part / 2;
  const loads = [whole - 2 * other, other, other];
  const servers = loads.map((load, i) => ({ name: `192.0.2.1_80/10.0.0.${i + 1}_80`, atPeak: load, most: load }));
  return new Map([['192.0.2.1_80', { atS: 0, whole, servers }]]);
}

const alone: Peaks = new Map([
  ['192.0.2.1_80', { atS: 0, whole: 90, servers: [{ name: '192.0.2.1_80/10.0.0.1_80', atPeak: 90, most: 90 }] }],
]);
test('opens at once, stays until its next turn, and closes then', () => {
  const director = new TestDirector();
  director.read([web, other]);
  director.peaks = peakWith(5);
  director.read([web, other]);
  expect(director.open.map(findingLine)).toEqual([
    '192.0.2.1:80: cannot lose 10.0.0.1:80: at the peak of the last 30 days, each other would have had up to 500 % of the most it ever held',
  ]);
  director.peaks = none;
  director.read([web, other], { times: 20 });
  expect(director.found).toEqual(['spare-lacking 192.0.2.1_80']);
  director.peaks = peakWith(0.9 * 0.75 * standardThresholds.spare);
  director.read([web, other]);
  expect(director.found).toEqual([]);
  expect(director.events).toEqual(['finding-opened spare-lacking', 'finding-closed spare-lacking']);
});

test('stays while the spare is unknown, and goes with its service', () => {
  const director = new TestDirector();
  director.read([web, other]);
  director.peaks = peakWith(5);
  director.read([web, other]);
  director.peaks = new Map([['192.0.2.1_80', null]]);
  director.read([web, other]);
  expect(director.found).toEqual(['spare-lacking 192.0.2.1_80']);
  director.peaks = none;
  director.read([other], { times: 3 });
  expect(director.found).not.toContain('spare-lacking 192.0.2.1_80');
});

test.each([
  ['at the load of a pair of equal ones', peakWith(2)],
  ['with fewer connections than chance shapes', peakWith(9, 0.5)],
  ['with a single real server by design', alone],
])('does not open %s', (_, peaks) => {
  const director = new TestDirector();
  director.read([web, other]);
  director.peaks = peaks;
  director.read([web, other], { times: 3 });
  expect(director.found).toEqual([]);
});

// Collapses and surges of one service against a usual hour, by their strength.

import { expect, test } from 'vitest';
import { trafficCollapsed } from '../../../src/interpret/findings/kinds/traffic-collapsed.js';
import { trafficSurged } from '../../../src/interpret/findings/kinds/traffic-surged.js';
import type { Observation, ObservedService } from '../../../src/interpret/findings/observation.js';
import type { KnownOfKind, Reducer } from '../../../src/interpret/findings/reducer.js';
import { compareAll, usualWeek } from '../../../src/interpret/findings/usual.js';
import { type BaselineRate, byRate } from '../../../src/model/baseline/baseline.js';
import { emptyState } from '../../../src/model/cycle.js';
import { standardThresholds } from '../../../src/model/finding/thresholds.js';
import { noTopology } from '../../../src/model/topology/topology.js';
import { columnsOf } from '../../model/baseline/archive-baselines.js';

const usual = { Conns: 100, InPkts: 900, OutPkts: 1100, InBytes: 200_000, OutBytes: 990_000 };
const name = '192.0.2.1_80';

interface Hour {
  /** Factors over the usual rates. */
  readonly factors: Partial<Record<BaselineRate, number>>;
  /** The part of each rate by which it usually varies. */
  readonly spread?: number;
  /** The same hour on a day of rest, as a part of the usual one. */
  readonly atRest?: number;
}

function observed({ factors, spread = 0.05, atRest }: Hour): Observation {
  const baselines = (part: number) => {
    const at = byRate((rate) => ({ median: part * usual[rate], spread: spread * usual[rate], weeks: 4 }));
    return usualWeek(columnsOf([{ name, before: at, at, after: at }]));
  };
  const service = { name, rateOf: (rate: BaselineRate) => usual[rate] * (factors[rate] ?? 1) };
  return {
    timeS: 1_763_700_000,
    before: emptyState,
    table: emptyState,
    events: [],
    peaks: new Map(),
    redundancy: { rules: [], topology: noTopology },
    drift: null,
    services: () => [service as ObservedService],
    comparisons: () => compareAll([service as ObservedService], baselines(1)),
    atRest: atRest === undefined ? [] : [baselines(atRest)],
    parts: new Map(),
  };
}

/** Readings until a finding opens; null if none does within a day. */
function readingsUntilOpen({ step }: Reducer, hour: Hour): number | null {
  let known: KnownOfKind = new Map();
  for (let readings = 1; readings <= 288; readings += 1) {
    known = step(known, observed(hour), standardThresholds);
    if ([...known.values()].some(({ openS }) => openS !== null)) return readings;
  }
  return null;
}

const all = (factor: number) => ({
  Conns: factor,
  InPkts: factor,
  OutPkts: factor,
  InBytes: factor,
  OutBytes: factor,
});

test.each<readonly [title: string, hour: Hour, readings: number | null]>([
  ['to a tenth', { factors: all(0.1) }, 3],
  ['to a fifth', { factors: all(0.2) }, null],
  ['of what goes out alone', { factors: { Conns: 1.7, OutBytes: 0.06 } }, 3],
  ['to nearly nothing, where it usually varies by a quarter', { factors: all(0.02), spread: 0.25 }, 3],
  ['to a tenth, where it usually varies as much', { factors: all(0.1), spread: 1 }, null],
  ['to the level of a Sunday', { factors: all(0.1), atRest: 0.12 }, null],
  ['far below the level of a Sunday', { factors: all(0.01), atRest: 0.12 }, 3],
  ['to nothing, of a service that has nothing on a Sunday', { factors: all(0), atRest: 0 }, 3],
])('a fall %s', (_, hour, readings) => {
  expect(readingsUntilOpen(trafficCollapsed, hour)).toBe(readings);
});

test.each<readonly [title: string, hour: Hour, readings: number | null]>([
  ['of users to four times as many', { factors: all(4) }, 6],
  ['of users as at the end of a month', { factors: all(2.8) }, null],
  ['of bytes in large packets', { factors: { InBytes: 4, OutBytes: 2.8, InPkts: 1.5, Conns: 1 } }, 6],
  ['of connections that only begin', { factors: { Conns: 6, InPkts: 1.4, InBytes: 1.1 } }, 3],
  ['of twice as much', { factors: all(2) }, null],
])('a rise %s', (_, hour, readings) => {
  expect(readingsUntilOpen(trafficSurged, hour)).toBe(readings);
});

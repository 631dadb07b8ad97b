// Simulated surges of each shape, as factors over a usual service: a connection of nine packets in and eleven out, of 130 and 900 bytes.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shapeOf, type TrafficShape } from '../../../src/interpret/findings/traffic-shape.js';
import type { Comparison } from '../../../src/interpret/findings/usual.js';
import { baselineRates } from '../../../src/model/baseline/baseline.js';
import '../../seed.js';

const usual = { Conns: 100, InPkts: 900, OutPkts: 1100, InBytes: 117_000, OutBytes: 990_000 };
const surge = 2.5;

interface Added {
  readonly conns: number;
  readonly inPkts: number;
  readonly inPktBytes: number;
  readonly outPkts: number;
  readonly outPktBytes: number;
}

/** The usual traffic with something added to it; without any out if the service is routed directly. */
function comparisonWith({ conns, inPkts, inPktBytes, outPkts, outPktBytes }: Added, isDirect = false): Comparison {
  const now = {
    Conns: usual.Conns + conns,
    InPkts: usual.InPkts + inPkts,
    OutPkts: isDirect ? 0 : usual.OutPkts + outPkts,
    InBytes: usual.InBytes + inPkts * inPktBytes,
    OutBytes: isDirect ? 0 : usual.OutBytes + outPkts * outPktBytes,
  };
  const own = isDirect ? { ...usual, OutPkts: 0, OutBytes: 0 } : usual;
  const entries = baselineRates.map((rate) => {
    const expected = { low: own[rate], high: own[rate], spread: 0.05 * own[rate], weeks: 4 };
    return [rate, { now: now[rate], usual: expected }];
  });
  return Object.fromEntries(entries) as Comparison;
}

const times = fc.double({ min: 4, max: 40, noNaN: true });
const one = fc.double({ min: 0.9, max: 1.1, noNaN: true });

/** Surges by their shape, in any strength and with some noise. */
const surges: Readonly<Record<Exclude<TrafficShape, 'unlike'>, (by: number, noise: number) => Added>> = {
  'syn-flood': (by, noise) => ({
    conns: 100 * by * 4,
    inPkts: 400 * by * 1.05 * noise,
    inPktBytes: 44,
    outPkts: 100 * by,
    outPktBytes: 44,
  }),
  'small-packets': (by, noise) => ({
    conns: 0,
    inPkts: 900 * by * noise,
    inPktBytes: 46,
    outPkts: 0,
    outPktBytes: 0,
  }),
  'large-packets': (by, noise) => ({
    conns: 0,
    inPkts: 900 * by * noise,
    inPktBytes: 1400,
    outPkts: 20,
    outPktBytes: 60,
  }),
  crowd: (by, noise) => ({
    conns: 100 * by,
    inPkts: 900 * by * noise,
    inPktBytes: 130,
    outPkts: 1100 * by,
    outPktBytes: 900,
  }),
  bulk: (by, noise) => ({
    conns: 10,
    inPkts: 500 * by * noise,
    inPktBytes: 66,
    outPkts: 1000 * by,
    outPktBytes: 1440,
  }),
};

describe('the shape of a surge', () => {
  test.each(Object.entries(surges))('is named: %s', (shape, surgeBy) => {
    fc.assert(
      fc.property(times, one, (by, noise) => {
        expect(shapeOf(comparisonWith(surgeBy(by, noise)), surge).shape).toBe(shape);
      }),
    );
  });

  test.each(['small-packets', 'large-packets', 'crowd', 'bulk'] as const)(
    'is not named without traffic out: %s',
    (shape) => {
      expect(shapeOf(comparisonWith(surges[shape](8, 1), true), surge).shape).toBe('unlike');
    },
  );

  test('is named without traffic out: syn-flood', () => {
    expect(shapeOf(comparisonWith(surges['syn-flood'](8, 1), true), surge).shape).toBe('syn-flood');
  });
});

// A body says exactly what was to be sent: by a decoder of its own, for any names and values.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { labelsOf, type SeriesRows } from '../../../src/engine/series/row-series.js';
import { WriteRequestEncoder } from '../../../src/push/series/write-request.js';
import '../../seed.js';
import { decodeWriteRequest } from '../decode.js';

const rows: fc.Arbitrary<SeriesRows> = fc
  .record({
    archive: fc.oneof(fc.constant('192.0.2.1_80/10.0.0.5_8080'), fc.string({ minLength: 1, maxLength: 300 })),
    dataSource: fc.constantFrom('ActiveConn', 'InBytes', 'RTT'),
    rowS: fc.constantFrom(60, 300, 7200, 86_400),
    cf: fc.constantFrom(null, 'AVERAGE' as const, 'MAX' as const),
    firstS: fc.integer({ min: 34_360_000, max: 4_390_000_000 }),
    values: fc.array(fc.oneof(fc.constant(Number.NaN), fc.double({ noNaN: true })), { maxLength: 40 }),
    mask: fc.option(fc.infiniteStream(fc.constantFrom(0, 1))),
  })
  .map(({ values, mask, ...rest }) => ({
    ...rest,
    values: Float64Array.from(values),
    wanted: mask === null ? null : Uint8Array.from(values, () => mask.next().value ?? 0),
  }));

test('a body has every wanted row once, at its end, and unknown ones as staleness markers', () => {
  const encoder = new WriteRequestEncoder('größe lb1');
  fc.assert(
    fc.property(fc.array(rows, { maxLength: 8 }), (series) => {
      const expected = series.flatMap((one) => {
        const samples = [...one.values].flatMap((value, i) =>
          one.wanted?.[i] === 0 ? [] : [{ timeMs: 1000 * (one.firstS + i * one.rowS), value }],
        );
        return samples.length === 0 ? [] : [{ labels: labelsOf(one, 'größe lb1'), samples }];
      });
      const decoded = decodeWriteRequest(encoder.encode(series));
      expect(
        decoded.map(({ labels, samples }) => ({
          labels,
          samples: samples.map(({ timeMs, value }) => ({ timeMs, value })),
        })),
      ).toEqual(expected);
      for (const { bits, value } of decoded.flatMap(({ samples }) => samples)) {
        if (Number.isNaN(value)) expect(bits).toBe(0x7ff0000000000002n);
      }
    }),
  );
});

test('a body larger than the first buffer is whole', () => {
  const values = Float64Array.from({ length: 20_000 }, (_, i) => Math.sqrt(i));
  const series = {
    archive: 'all',
    dataSource: 'Conns',
    rowS: 300,
    cf: null,
    firstS: 1_800_000_000,
    values,
    wanted: null,
  };
  const [decoded] = decodeWriteRequest(new WriteRequestEncoder('lb1').encode([series]));
  expect(decoded?.samples.map(({ value }) => value)).toEqual([...values]);
});

test('single samples are series of one sample each', () => {
  const samples = [
    { labels: [['__name__', 'größe'] as const, ['a', 'b'] as const], timeS: 1_795_655_400, value: 0.1 },
    { labels: [['__name__', 'lvs_event'] as const], timeS: 1_795_655_401, value: 1 },
  ];
  const decoded = decodeWriteRequest(new WriteRequestEncoder('lb1').encodeSamples(samples));
  expect(
    decoded.map(({ labels, samples: [one] }) => ({ labels, timeS: (one?.timeMs ?? 0) / 1000, value: one?.value })),
  ).toEqual(samples);
});

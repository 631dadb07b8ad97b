// Rows and stacks survive the way through JSON: numbers to the last bit, unknown as unknown.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Series } from '../../src/model/series.js';
import { decodeSeries, decodeStack, encodeSeries, encodeStack } from '../../src/web/wire.js';
import { seriesOf, stackMembers, stackRequest } from '../render/sample-series.js';

const throughJson = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

test('a series survives a round trip', () => {
  const value = fc.oneof(fc.double({ noDefaultInfinity: true, noNaN: true, min: 0 }), fc.constant(Number.NaN));
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 50 }), (values) => {
      const series: Series = { ...seriesOf(() => 0), columns: [Float64Array.from(values)] };
      expect(decodeSeries(throughJson(encodeSeries(series)))).toEqual(series);
    }),
  );
});

test('an unknown value is null in JSON', () => {
  expect(JSON.stringify(encodeSeries({ ...seriesOf(() => 0), columns: [Float64Array.of(1, Number.NaN)] }))).toContain(
    '"columns":[[1,null]]',
  );
});

test.each([0, 1, 15])('a stack of %i services survives a round trip', (services) => {
  const { stack } = stackRequest(stackMembers(services), { type: 'traffic' });
  expect(decodeStack(throughJson(encodeStack(stack)))).toEqual(stack);
  const peak = [Float64Array.of(1, Number.NaN), Float64Array.of(0.1, 2)];
  expect(decodeStack(throughJson(encodeStack({ ...stack, peak })))).toEqual({ ...stack, peak });
});

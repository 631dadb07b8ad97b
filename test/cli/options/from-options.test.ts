// The engine that commands read from, by its options.

import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { enginePlaceOf } from '../../../src/cli/options/from-options.js';

test.each([
  ['http://h:8428', 'http://h:8428/', 'http://h:8428'],
  ['http://h:8428/api/v1/write', 'http://h:8428/', 'http://h:8428'],
  ['https://u:secret@h/prometheus', 'https://h/prometheus/', 'https://h/prometheus'],
  ['https://h/prometheus/api/v1/write', 'https://h/prometheus/', 'https://h/prometheus'],
])('%s', (from, baseUrl, name) => {
  const { address, director } = enginePlaceOf({ from }, {}) ?? {};
  expect([String(address?.baseUrl), address?.name, director]).toEqual([baseUrl, name, hostname()]);
});

test('the director and the login of the environment', () => {
  const place = enginePlaceOf({ from: 'http://h', fromDirector: 'lb1' }, { LVS_STATS_FROM_LOGIN: 'Bearer abc' });
  expect(place).toMatchObject({ director: 'lb1', address: { authorization: 'Bearer abc' } });
});

test('without an engine, it is a data folder, and a director alone is an error', () => {
  expect(enginePlaceOf({}, {})).toBe(null);
  expect(() => enginePlaceOf({ fromDirector: 'lb1' }, {})).toThrow(/name the engine with --from URL/);
});

test.each(['h:8428', 'ftp://h', 'http://u:secret@h/#x'])('"%s" is an error that shows no login', (from) => {
  expect(() => enginePlaceOf({ from }, {})).toThrow(/--from/);
  expect(() => enginePlaceOf({ from }, {})).not.toThrow(/secret/);
});

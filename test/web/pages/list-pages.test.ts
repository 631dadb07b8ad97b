import { describe, expect, test } from 'vitest';
import type { ServiceEntry } from '../../../src/web/data/catalogue.js';
import { countText } from '../../../src/web/pages/list-pages.js';

const entry = (kind: string, goneS: number | null = null): ServiceEntry =>
  ({ info: { about: { kind }, goneS } }) as unknown as ServiceEntry;

describe('the number of services', () => {
  test.each([
    ['1 service', [entry('service')], undefined],
    ['2 services, 1 gone', [entry('service'), entry('service', 1_795_000_000), entry('service')], undefined],
    ['1 service, 2 proxies', [entry('service'), entry('haproxy-backend'), entry('haproxy-frontend')], undefined],
    [
      '1 service, 1 proxy, 2 probes',
      ['service', 'haproxy-backend', 'probe', 'probe'].map((kind) => entry(kind)),
      undefined,
    ],
    ['1 of 3 services and proxies and probes', ['service', 'haproxy-backend', 'probe'].map((kind) => entry(kind)), 1],
    ['1 of 2 services', [entry('service'), entry('service', 1_795_000_000)], 1],
    ['0 of 2 services and proxies', [entry('service'), entry('haproxy-backend')], 0],
  ])('is %s', (expected, services, matching) => {
    expect(countText({ services }, matching)).toBe(expected);
  });
});

import { expect, test } from 'vitest';
import type { About } from '../../src/model/archive.js';
import { dataSourcesFor } from '../../src/model/kinds/registry.js';
import { concerns } from '../../src/model/ledger-event.js';
import { graphTypesOf } from '../../src/render/files/content/graph-types.js';
import { graphKinds, quantitiesOf } from '../../src/render/series/quantity.js';

test.each([
  [{ kind: 'haproxy-frontend', mode: 'http', status: 'OPEN' }, 'sps traffic sessions responses errors'],
  [{ kind: 'haproxy-backend', mode: 'http', status: 'UP' }, 'sps traffic sessions queue responses errors'],
  [{ kind: 'haproxy-server', mode: 'tcp', status: 'UP', weight: 1 }, 'sps traffic sessions queue errors'],
] as readonly (readonly [About, string])[])('the graphs of %j are %s', (about, types) => {
  expect(graphTypesOf({ name: 'x', about })).toEqual(types.split(' '));
});

test.each([
  ['frontend', ['request', 'denied request', 'denied response']],
  ['backend', ['connect', 'response', 'denied request', 'denied response']],
  ['server', ['connect', 'response', 'denied response']],
] as const)('the errors of a %s are those it counts', (kind, labels) => {
  const names = dataSourcesFor(`haproxy-${kind}`).map(({ name }) => name);
  expect(quantitiesOf(graphKinds.errors, names).map(({ label }) => label)).toEqual(labels);
});

test.each([
  ['haproxy-failed', false, true],
  ['cycle-failed', true, false],
  ['counters-frozen', true, false],
  ['cycle-missed', true, true],
] as const)('an event "%s" of the director marks services: %s, proxies: %s', (kind, service, proxy) => {
  const event = { timeS: 1, archive: 'all', kind };
  expect(concerns(event, '192.0.2.1_80')).toBe(service);
  expect(concerns(event, 'haproxy_be_www/web1')).toBe(proxy);
});

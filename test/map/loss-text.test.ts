// The loss of a place in words and as JSON.

import { expect, test } from 'vitest';
import { lossOf } from '../../src/map/choose/loss.js';
import { lossHeadline, lossRows, placeLossRecord } from '../../src/map/format/loss-text.js';
import type { PlacedServer } from '../../src/map/placed-pools.js';
import { noTopology } from '../../src/model/topology/topology.js';

const serverOn = (host: string, address: string): PlacedServer => {
  return { name: `${address}_53`, address, weight: 1, place: { host, rack: null, dc: null } };
};
const both = [serverOn('ns1', '10.0.2.1'), serverOn('ns2', '10.0.2.2')];
const pools = [
  { service: '192.0.2.53_53', servers: both },
  { service: '192.0.2.53_53_udp', servers: both.slice(0, 1) },
];
const nothing = new Uint32Array(0);
const ground = {
  graph: { nodes: [], from: nothing, to: nothing, connections: new Float64Array(0) },
  topology: noTopology,
  directors: { own: 'lb1', groups: [] },
};
const lossOn = (host: string) => lossOf({ pools, ...ground }, host).report;

test('services of UDP and TCP at one port have names of their own', () => {
  const loss = lossOn('ns1');
  expect(lossHeadline(loss)).toBe('Without host ns1, 2 services lose real servers');
  const rows = lossRows(loss).toSorted((a, b) => a.service.length - b.service.length);
  expect(rows).toEqual([
    { service: '192.0.2.53:53', loses: '1 of 2', left: '1' },
    { service: '192.0.2.53:53/udp', loses: '1 of 1', left: '0' },
  ]);
});

test('the record has the names of archives', () => {
  expect(placeLossRecord(lossOn('ns2'))).toEqual({
    level: 'host',
    name: 'ns2',
    services: [{ service: '192.0.2.53_53', lost: 1, of: 2, left: 1 }],
    connected: { roles: [], connections: 0, unsure: 0, services: [] },
    director: null,
  });
});

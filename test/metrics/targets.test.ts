// Targets for Prometheus: addresses of both families, servers of all ports, and firewall marks, which have none.

import { expect, test } from 'vitest';
import { targetGroups } from '../../src/metrics/targets.js';
import type { ServiceReading } from '../../src/model/snapshot.js';
import { columnsFrom } from '../../src/model/table/table-columns.js';

const counters = { conns: 0n, inPkts: 0n, outPkts: 0n, inBytes: 0n, outBytes: 0n };
const server = (address: string, port: number, weight: number) => ({
  id: { address, port },
  ...{ counters, forwarding: 'Route', weight, activeConn: 0, inActConn: 0 },
});
const services: readonly ServiceReading[] = [
  {
    id: { kind: 'address', protocol: 'tcp', address: '2001:db8::1', port: 443 },
    ...{ counters, scheduler: 'wlc', flags: 'persistent 300' },
    realServers: [server('2001:db8::a', 8443, 1), server('10.0.0.2', 0, 0)],
  },
  {
    id: { kind: 'mark', mark: 26, family: 'ipv4' },
    ...{ counters, scheduler: 'rr', flags: '' },
    realServers: [server('10.0.0.3', 25, 2)],
  },
  {
    id: { kind: 'address', protocol: 'udp', address: '192.0.2.1', port: 0 },
    ...{ counters, scheduler: 'sh', flags: '' },
    realServers: [],
  },
];
const groups = (role: 'virtual-server' | 'real-server', match: string | null = null) => [
  ...targetGroups(columnsFrom(services), 'lb1', { role, match }),
];

test('virtual servers with an address are targets', () => {
  const found = groups('virtual-server');
  expect(found.map(({ targets }) => targets[0])).toEqual(['[2001:db8::1]:443', '192.0.2.1']);
  expect(found[0]?.labels).toEqual({
    __meta_lvs_role: 'virtual-server',
    __meta_lvs_director: 'lb1',
    __meta_lvs_virtual_server: '2001-db8--1_443',
    __meta_lvs_local_address: '2001:db8::1',
    __meta_lvs_local_port: '443',
    __meta_lvs_proto: 'TCP',
    __meta_lvs_local_mark: '',
    __meta_lvs_scheduler: 'wlc',
    __meta_lvs_flags: 'persistent 300',
  });
});

test('real servers are targets once for each virtual server, drained ones too', () => {
  const found = groups('real-server');
  expect(found.map(({ targets }) => targets[0])).toEqual(['[2001:db8::a]:8443', '10.0.0.2', '10.0.0.3:25']);
  expect(found.map(({ labels }) => labels['__meta_lvs_weight'])).toEqual(['1', '0', '2']);
  expect(found[2]?.labels).toMatchObject({
    __meta_lvs_proto: 'FWM',
    __meta_lvs_local_mark: '0000001A',
    __meta_lvs_remote_address: '10.0.0.3',
    __meta_lvs_remote_port: '25',
    __meta_lvs_forwarding: 'Route',
  });
});

test('a pattern chooses virtual servers', () => {
  expect(groups('real-server', '192.0.2.*')).toEqual([]);
  expect(groups('virtual-server', '192.0.2.*')).toHaveLength(1);
});

// The series of a table: labels as node_exporter writes them, levels, sums, and values that are not known.

import { expect, test } from 'vitest';
import { exposition } from '../../../src/metrics/exposition.js';
import { type MetricOptions, standardMetricOptions } from '../../../src/metrics/metric-options.js';
import { tableFamilies } from '../../../src/metrics/table/table-metrics.js';
import type { RealServerReading, ServiceReading } from '../../../src/model/snapshot.js';
import { columnsFrom } from '../../../src/model/table/table-columns.js';

const counters = (n: bigint) => ({
  conns: n,
  inPkts: 2n * n,
  outPkts: 3n * n,
  inBytes: 4n * n,
  outBytes: 2n ** 64n - 1n,
});
const server = (address: string, weight: number): RealServerReading => ({
  id: { address, port: 8080 },
  counters: counters(5n),
  forwarding: 'Masq',
  weight,
  activeConn: 7,
  inActConn: 9,
});
const services: readonly ServiceReading[] = [
  {
    id: { kind: 'address', protocol: 'tcp', address: '192.0.2.1', port: 80 },
    counters: counters(10n),
    scheduler: 'wlc',
    flags: 'persistent 300',
    realServers: [server('10.0.0.1', 1), server('10.0.0.2', 2)],
  },
  {
    id: { kind: 'address', protocol: 'udp', address: '192.0.2.1', port: 53 },
    counters: counters(100n),
    scheduler: 'rr',
    flags: '',
    realServers: [],
  },
  ...(['ipv4', 'ipv6'] as const).map((family) => ({
    id: { kind: 'mark', mark: 7, family } as const,
    counters: counters(1n),
    scheduler: 'sh',
    flags: '',
    realServers: [server(family === 'ipv4' ? '10.0.0.3' : '2001:db8::3', 1)],
  })),
];

function seriesOf(
  options: Partial<MetricOptions>,
  more: { readonly uncounted?: ReadonlySet<number> } = {},
): readonly string[] {
  const table = { columns: columnsFrom(services), age: { counters: '', state: '' }, ...more };
  const families = tableFamilies(table, { ...standardMetricOptions, ...options });
  return [...exposition(families, 'text')]
    .join('')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
}

test('labels are those of node_exporter; marks of both families differ', () => {
  const all = seriesOf({ level: 'real-server-counters' });
  expect(all).toContain(
    'lvs_virtual_server_connections_total{local_address="192.0.2.1",local_port="80",proto="TCP",local_mark=""} 10',
  );
  expect(all).toContain(
    'lvs_virtual_server_connections_total{local_address="",local_port="0",proto="FWM",local_mark="00000007"} 1',
  );
  expect(all).toContain(
    'lvs_virtual_server_connections_total{local_address="",local_port="0",proto="FWM6",local_mark="00000007"} 1',
  );
  expect(all).toContain(
    'lvs_virtual_server_info{local_address="192.0.2.1",local_port="80",proto="TCP",local_mark="",scheduler="wlc",flags="persistent 300"} 1',
  );
  expect(all).toContain(
    'lvs_real_server_weight{local_address="192.0.2.1",local_port="80",proto="TCP",local_mark="",remote_address="10.0.0.2",remote_port="8080"} 2',
  );
  expect(all.filter((line) => line.startsWith('lvs_real_server_outgoing_bytes_total'))[0]).toMatch(
    / 18446744073709551615$/,
  );
  const keys = all.map((line) => line.slice(0, line.lastIndexOf(' ')));
  expect(new Set(keys).size).toBe(keys.length);
});

test('each level has the series of those before it, and a known number of them', () => {
  expect(seriesOf({ level: 'director' })).toEqual([]);
  const [virtual, real, deep] = (['virtual-server', 'real-server', 'real-server-counters'] as const).map((level) =>
    seriesOf({ level }),
  );
  // 8 of each virtual server; 3, and 6 more, of each real server.
  expect([virtual?.length, real?.length, deep?.length]).toEqual([4 * 8, 4 * 8 + 4 * 3, 4 * 8 + 4 * 9]);
  expect(real).toEqual(expect.arrayContaining([...(virtual ?? [])]));
  expect(deep).toEqual(expect.arrayContaining([...(real ?? [])]));
});

test('sums by address have nine series of each, and marks stay apart', () => {
  const all = seriesOf({ isSumByVip: true });
  expect(all).toHaveLength(3 * 9);
  expect(all).toContain('lvs_virtual_server_connections_total{local_address="192.0.2.1"} 110');
  expect(all).toContain('lvs_virtual_server_outgoing_bytes_total{local_address="192.0.2.1"} 36893488147419103230');
  expect(all).toContain('lvs_virtual_server_connections_active{local_address="192.0.2.1"} 14');
});

test('a pattern chooses virtual servers', () => {
  expect(seriesOf({ match: '192.0.2.1:80', level: 'virtual-server' })).toHaveLength(8);
  expect(seriesOf({ match: '198.51.100.*' })).toEqual([]);
});

test('counters that are not known have no series, and neither has a sum with them', () => {
  const uncounted = new Set([0, 2]);
  const all = seriesOf({ level: 'real-server-counters' }, { uncounted });
  expect(all.filter((line) => /_total\{.*local_port="80"/.test(line))).toHaveLength(5);
  expect(all.filter((line) => /_total\{.*10\.0\.0\.1"/.test(line))).toHaveLength(5);
  expect(seriesOf({ isSumByVip: true }, { uncounted }).filter((line) => line.includes('192.0.2.1'))).toHaveLength(4);
});

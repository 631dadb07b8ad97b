// What a file is of, and which of its data sources become which.

import { describe, expect, test } from 'vitest';
import { ipvsDataSources } from '../../src/model/archive.js';
import { knownFile } from '../../src/rrd/known-files.js';
import { mapSources } from '../../src/rrd/map-sources.js';

test.each([
  ['/old/192.0.2.1_80.rrd', '192.0.2.1_80', null],
  ['/old/all.rrd', 'all', null],
  ['/old/192.0.2.1_53_udp.xml.gz', '192.0.2.1_53_udp', null],
  ['/old/192.0.2.1_80/10.0.0.5_8080.rrd.xml', '192.0.2.1_80/10.0.0.5_8080', null],
  ['/rrd/lb1/ipvs-192.0.2.1_TCP80/if_octets-total.rrd', '192.0.2.1_80', 'rx=InBytes tx=OutBytes'],
  ['/rrd/lb1/ipvs-192.0.2.1_UDP53/if_packets-total.rrd', '192.0.2.1_53_udp', 'rx=InPkts tx=OutPkts'],
  ['/rrd/ipvs-192.0.2.1_TCP80/connections-10.0.0.5_8080.rrd', '192.0.2.1_80/10.0.0.5_8080', 'value=Conns'],
])('%s is of %s', (path, name, map) => {
  const known = knownFile(path);
  expect(known?.name).toBe(name);
  expect(known?.map === null ? null : [...(known?.map ?? [])].map((pair) => pair.join('=')).join(' ')).toBe(map);
});

test.each([
  '/old/eth0.rrd',
  '/rrd/ipvs-192.0.2.1_TCP80/if_octets-sum.rrd',
  '/rrd/ipvs-999.0.2.1_TCP80/connections-total.rrd',
])('%s tells nothing', (path) => expect(knownFile(path)).toBeNull());

describe('the data sources of a file', () => {
  const source = (name: string, kind: string) => {
    return { name, kind, heartbeatS: 600, min: 0, max: 0, lastDs: 'U', value: 0, unknownS: 0 };
  };
  const map = (sources: readonly ReturnType<typeof source>[], names: Readonly<Record<string, string>>) =>
    mapSources({ path: 'a.rrd', sources }, ipvsDataSources, new Map(Object.entries(names)));

  test('go by their names, unless others are told', () => {
    const all = [source('act', 'GAUGE'), source('Conns', 'COUNTER'), source('other', 'GAUGE')];
    const { numbers, unused } = map(all, { act: 'ActiveConn' });
    expect(numbers).toEqual([0, null, 1, null, null, null, null]);
    expect(unused).toEqual(['other']);
  });

  test.each<readonly [string, Readonly<Record<string, string>>, RegExp]>([
    ['none fits', {}, /none of the data sources of a\.rrd \(act, cps\)/],
    ['the file has none of that name', { x: 'Conns' }, /no data source "x", but act, cps/],
    ['there is none of that name', { act: 'x' }, /the archive has no data source "x"/],
    ['values as read would become rates', { act: 'Conns' }, /keeps GAUGE, "Conns" keeps rates/],
    ['rates would become values', { cps: 'ActiveConn' }, /keeps rates \(DERIVE\), "ActiveConn" keeps GAUGE/],
    ['two would become one', { act: 'ActiveConn', cps: 'ActiveConn' }, /two data sources of a\.rrd/],
  ])('are refused where %s', (_title, names, message) => {
    expect(() => map([source('act', 'GAUGE'), source('cps', 'DERIVE')], names)).toThrow(message);
  });
});

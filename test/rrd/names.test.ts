// How an import names the archive of a file and maps its data sources.

import { describe, expect, test } from 'vitest';
import { ipvsDataSources } from '../../src/model/archive.js';
import { archiveOfFile, knownFile } from '../../src/rrd/known-files.js';
import { mapSources } from '../../src/rrd/map-sources.js';

test.each([
  ['/old/192.0.2.1_80.rrd', '192.0.2.1_80', null],
  ['/old/all.rrd', 'all', null],
  ['/old/192.0.2.1_53_udp.xml.gz', '192.0.2.1_53_udp', null],
  ['/old/192.0.2.1_80/10.0.0.5_8080.rrd.xml', '192.0.2.1_80/10.0.0.5_8080', null],
  ['/rrd/lb1/ipvs-192.0.2.1_TCP80/if_octets-total.rrd', '192.0.2.1_80', 'rx=InBytes tx=OutBytes'],
  ['/rrd/lb1/ipvs-192.0.2.1_UDP53/if_packets-total.rrd', '192.0.2.1_53_udp', 'rx=InPkts tx=OutPkts'],
  ['/rrd/ipvs-192.0.2.1_TCP80/connections-10.0.0.5_8080.rrd', '192.0.2.1_80/10.0.0.5_8080', 'value=Conns'],
  ['/rrd/ipvs-192.0.2.1_UDP53/connections-10.0.0.5_0.rrd', '192.0.2.1_53_udp/10.0.0.5_0', 'value=Conns'],
  [
    '/rrd/ipvs-2001:db8::1_TCP443/if_octets-2001:DB8::5_443.rrd',
    '2001-db8--1_443/2001-db8--5_443',
    'rx=InBytes tx=OutBytes',
  ],
])('%s belongs to %s', (path, name, map) => {
  const known = knownFile(path);
  expect(archiveOfFile(known, undefined)).toBe(name);
  expect(known?.map === null ? null : [...(known?.map ?? [])].map((pair) => pair.join('=')).join(' ')).toBe(map);
});

test.each([
  '/old/eth0.rrd',
  '/rrd/ipvs-192.0.2.1_TCP80/if_octets-sum.rrd',
  '/rrd/ipvs-999.0.2.1_TCP80/connections-total.rrd',
  '/rrd/ipvs-192.0.2.1_TCP70000/connections-total.rrd',
  '/rrd/ipvs-192.0.2.1_TCP80/connections-10.0.0.5_70000.rrd',
])('%s identifies no archive', (path) => expect(knownFile(path)).toBeNull());

describe("collectd's folder of a firewall mark", () => {
  const [total, server] = ['total', '10.0.0.5_8080'].map((one) =>
    knownFile(`/rrd/ipvs-0.0.0.0_TCP0/connections-${one}.rrd`),
  );

  test('names its real servers but not the mark', () => {
    expect(total).toMatchObject({ name: null, realServer: null });
    expect(server).toMatchObject({ name: null, realServer: '10.0.0.5_8080' });
    expect(archiveOfFile(total ?? null, undefined)).toBeNull();
    expect(archiveOfFile(server ?? null, undefined)).toBeNull();
  });

  test('belongs to the mark that the user names, with its real servers', () => {
    expect(archiveOfFile(total ?? null, 'fwm_7')).toBe('fwm_7');
    expect(archiveOfFile(server ?? null, 'fwm_7')).toBe('fwm_7/10.0.0.5_8080');
    expect(archiveOfFile(server ?? null, 'fwm_7/10.0.0.6_80')).toBe('fwm_7/10.0.0.6_80');
  });
});

describe('the data sources of a file', () => {
  const source = (name: string, kind: string) => {
    return { name, kind, heartbeatS: 600, min: 0, max: 0, lastDs: 'U', value: 0, unknownS: 0 };
  };
  const map = (sources: readonly ReturnType<typeof source>[], names: Readonly<Record<string, string>>) =>
    mapSources({ path: 'a.rrd', sources }, ipvsDataSources, new Map(Object.entries(names)));

  test('keep their names unless mapped to others', () => {
    const all = [source('act', 'GAUGE'), source('Conns', 'COUNTER'), source('other', 'GAUGE')];
    const { numbers, unused } = map(all, { act: 'ActiveConn' });
    expect(numbers).toEqual([0, null, 1, null, null, null, null]);
    expect(unused).toEqual(['other']);
  });

  test.each(['DERIVE', 'COUNTER', 'ABSOLUTE', 'DDERIVE', 'DCOUNTER'])('hold rates if their type is %s', (kind) => {
    expect(map([source('Conns', kind)], {}).numbers).toEqual([null, null, 0, null, null, null, null]);
    expect(() => map([source('ActiveConn', kind)], {})).toThrow(/"ActiveConn" keeps GAUGE/);
  });

  test.each<readonly [string, Readonly<Record<string, string>>, RegExp]>([
    ['none matches', {}, /none of the data sources of a\.rrd \(act, cps\)/],
    ['the file lacks a mapped name', { x: 'Conns' }, /no data source "x", only act, cps/],
    ['the archive lacks a mapped name', { act: 'x' }, /the archive has no data source "x"/],
    ['a gauge would become a rate', { act: 'Conns' }, /keeps GAUGE, "Conns" keeps rates/],
    ['a rate would become a gauge', { cps: 'ActiveConn' }, /keeps rates \(DERIVE\), "ActiveConn" keeps GAUGE/],
    ['two map to the same one', { act: 'ActiveConn', cps: 'ActiveConn' }, /two data sources of a\.rrd/],
  ])('are rejected if %s', (_title, names, message) => {
    expect(() => map([source('act', 'GAUGE'), source('cps', 'DERIVE')], names)).toThrow(message);
  });
});

// The kernel's own listing, which anybody may read, on real captures.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseIpVs } from '../../../../src/collect/ipvs/proc/parse-ip-vs.js';
import { serviceName } from '../../../../src/model/names/name.js';

const captures = join(import.meta.dirname, '../../../fixtures/proc');
const traffic = readFileSync(join(captures, 'traffic/net/ip_vs'), 'latin1');

test('a capture is read with its addresses, weights and connections', () => {
  const services = parseIpVs(traffic);
  expect(services?.map(({ id }) => serviceName(id))).toEqual([
    '10.9.1.2_80',
    '10.9.1.3_80',
    '10.9.1.1_80',
    '10.9.1.9_80',
    '10.9.1.1_53_udp',
    '10.9.1.2_53_udp',
    '2001-db8-9--1_80',
    'fwm_1',
  ]);
  expect(services?.[0]?.realServers[1]).toEqual({
    id: { address: '10.1.0.13', port: 80 },
    forwarding: 'Masq',
    weight: 3,
    activeConn: 0,
    inActConn: 16,
  });
  expect(services?.[6]?.realServers).toMatchObject([
    { id: { address: '2001:db8:1::11', port: 80 }, activeConn: 7, inActConn: 9 },
  ]);
});

test('every capture has as many entries as lines', () => {
  const files = readdirSync(captures, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('net/ip_vs'),
  );
  expect(files.length).toBeGreaterThan(3);
  for (const file of files) {
    const text = readFileSync(join(captures, file), 'latin1');
    const services = parseIpVs(text) ?? [];
    const entries = services.reduce((sum, { realServers }) => sum + 1 + realServers.length, 0);
    expect(entries).toBe(text.trimEnd().split('\n').length - 3);
  }
});

test('of two equal marks, one is of each family', () => {
  const head = traffic.split('\n').slice(0, 3).join('\n');
  const ids = parseIpVs(`${head}\nFWM  00000007 rr \nFWM  00000007 rr \n`)?.map(({ id }) => id);
  expect(ids).toEqual([
    { kind: 'mark', mark: 7, family: 'ipv4' },
    { kind: 'mark', mark: 7, family: 'ipv6' },
  ]);
});

test('another text is no table', () => {
  expect(parseIpVs('')).toBeNull();
  expect(parseIpVs('<html>')).toBeNull();
});

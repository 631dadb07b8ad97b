import { describe, expect, test } from 'vitest';
import { parseListings } from '../../../src/collect/ipvs/join.js';
import { realServerName, serviceName } from '../../../src/model/names/name.js';
import type { ServiceReading } from '../../../src/model/snapshot.js';
import { capture } from '../capture.js';

const statsHeader = capture('empty/003-stats-exact.txt');
const tableHeader = capture('empty/001-list.txt');

function named(services: readonly ServiceReading[]): Map<string, ServiceReading> {
  return new Map(services.map((service) => [serviceName(service.id), service]));
}

describe('parseListings', () => {
  test('returns no services for an empty table, without notes', () => {
    expect(parseListings({ statsText: statsHeader, tableText: tableHeader })).toEqual({
      services: [],
      isWhole: true,
      isTorn: false,
      notes: [],
    });
  });

  test('combines both listings into one reading', () => {
    const { services, notes } = parseListings({
      statsText: capture('zoo/027-stats-exact.txt'),
      tableText: capture('zoo/025-list.txt'),
    });
    expect(notes).toEqual([]);
    expect(services).toHaveLength(86);
    expect(services.find(({ id }) => serviceName(id) === '10.9.1.43_443')).toEqual({
      id: { kind: 'address', protocol: 'tcp', address: '10.9.1.43', port: 443 },
      counters: { conns: 4n, inPkts: 22n, outPkts: 18n, inBytes: 1412n, outBytes: 1344n },
      scheduler: 'sh',
      flags: '(sh-port) persistent 2678400 mask 255.0.0.0',
      realServers: [
        {
          id: { address: '10.1.0.11', port: 443 },
          counters: { conns: 4n, inPkts: 22n, outPkts: 18n, inBytes: 1412n, outBytes: 1344n },
          forwarding: 'Masq',
          weight: 1,
          activeConn: 0,
          inActConn: 4,
        },
      ],
    });
  });

  test.each([
    ['zoo/034-stats-exact-nosort.txt', 'zoo/025-list.txt'],
    ['zoo/027-stats-exact.txt', 'zoo/033-list-nosort.txt'],
  ])('ignores the order of entries: %s and %s', (stats, table) => {
    const joined = parseListings({ statsText: capture(stats), tableText: capture(table) });
    const sorted = parseListings({
      statsText: capture('zoo/027-stats-exact.txt'),
      tableText: capture('zoo/025-list.txt'),
    });
    const setUp = (services: readonly ServiceReading[]) =>
      Object.fromEntries(
        services.map(({ id, scheduler, flags, realServers }) => [
          serviceName(id),
          [
            scheduler,
            flags,
            ...realServers.map((server) => `${realServerName(server.id)} ${server.weight}`).toSorted(),
          ],
        ]),
      );
    expect(joined.notes).toEqual([]);
    expect(setUp(joined.services)).toEqual(setUp(sorted.services));
  });

  test('joins each of 20,000 real servers with its own line', () => {
    const { services, notes } = parseListings({
      statsText: capture('scale/003-after-stats-exact.txt'),
      tableText: capture('scale/004-after-list.txt'),
    });
    expect(notes).toEqual([]);
    expect(services.flatMap(({ realServers }) => realServers)).toHaveLength(20_000);
  });

  test.each(
    Array.from({ length: 24 }, (_, index) => {
      const [first, second] = [2 * index + 1, 2 * index + 2].map((number) => String(number).padStart(3, '0'));
      return [first ?? '', second ?? ''] as const;
    }),
  )('joins step %s of the sequence completely', (first, second) => {
    const step = sequenceFile(first);
    const { services, notes } = parseListings({
      statsText: capture(step),
      tableText: capture(sequenceFile(second)),
    });
    expect(notes).toEqual([]);
    const entries = services.length + services.flatMap(({ realServers }) => realServers).length;
    expect(entries).toBe(capture(step).split('\n').length - 4);
  });

  test('omits and names entries that only one listing has', () => {
    const { services, notes } = parseListings({
      statsText: `${statsHeader}TCP 10.9.1.1:80 9 9 9 9 9\n -> 10.1.0.11:80 1 1 1 1 1\n -> 10.1.0.12:80 2 2 2 2 2\nFWM 7 0 0 0 0 0\n`,
      tableText: `${tableHeader}FWM 7 IPv6 rr\n -> [2001:db8::1]:0 Masq 1 0 0\nTCP 10.9.1.1:80 rr\n -> 10.1.0.13:80 Masq 3 0 0\n -> 10.1.0.12:80 Masq 2 5 6\n`,
    });
    expect(notes.map(({ text }) => text.replace(/ came or went.*/, '')).toSorted()).toEqual([
      '10.9.1.1_80/10.1.0.11_80 (counters only)',
      '10.9.1.1_80/10.1.0.13_80 (without counters)',
      'fwm6_7 (without counters)',
      'fwm_7 (counters only)',
    ]);
    const service = named(services).get('10.9.1.1_80');
    expect(services).toHaveLength(1);
    expect(service?.counters.conns).toBe(9n);
    expect(service?.realServers).toEqual([
      {
        id: { address: '10.1.0.12', port: 80 },
        counters: { conns: 2n, inPkts: 2n, outPkts: 2n, inBytes: 2n, outBytes: 2n },
        forwarding: 'Masq',
        weight: 2,
        activeConn: 5,
        inActConn: 6,
      },
    ]);
  });

  test('names the commands in its messages', () => {
    const raw = { statsText: statsHeader, tableText: 'nonsense\n' };
    expect(() => parseListings(raw, { sources: { stats: 'a.txt', table: 'b.txt' } })).toThrow(
      /^b\.txt is not a listing/,
    );
  });
});

const sequenceNames = capture('sequence/INDEX.tsv')
  .split('\n')
  .map((line) => line.split('\t')[0] ?? '');

function sequenceFile(number: string): string {
  return `sequence/${sequenceNames.find((name) => name.startsWith(number))}`;
}

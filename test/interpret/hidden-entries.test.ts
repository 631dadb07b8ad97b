import { describe, expect, test } from 'vitest';
import { withHidden } from '../../src/interpret/hidden-entries.js';
import { type KnownDirector, type KnownService, unknownDirector } from '../../src/model/cycle.js';
import type { ServiceReading, Snapshot } from '../../src/model/snapshot.js';

const server = { counters: [], forwarding: 'Masq', weight: 1, lastS: 300, absentS: null };
const service = (absentS: number | null = null): KnownService => ({
  counters: [],
  scheduler: 'rr',
  flags: '',
  lastS: 300,
  absentS,
  realServers: new Map([
    ['10.0.0.1_80', server],
    ['10.0.0.2_80', server],
  ]),
});

const previous: KnownDirector = {
  ...unknownDirector,
  services: new Map([
    ['192.0.2.1_80', service()],
    ['192.0.2.2_80', service()],
    ['192.0.2.3_80', service(300)],
  ]),
};

const counters = { conns: 0n, inPkts: 0n, outPkts: 0n, inBytes: 0n, outBytes: 0n };
const reading: ServiceReading = {
  id: { kind: 'address', protocol: 'tcp', address: '192.0.2.1', port: 80 },
  counters,
  scheduler: 'rr',
  flags: '',
  realServers: [
    { id: { address: '10.0.0.1', port: 80 }, counters, forwarding: 'Masq', weight: 1, activeConn: 0, inActConn: 0 },
  ],
};
const snapshot: Snapshot = { timeS: 600, host: null, services: [reading] };

describe('an entry that is missing from a table', () => {
  test('is absent if every line has a name', () => {
    expect(withHidden(previous, snapshot)).toBe(snapshot);
    const named: Snapshot = { ...snapshot, services: [{ ...reading, lacks: 'named' }] };
    expect(withHidden(previous, named)).toBe(named);
  });

  test('is unread if a line names no service, unless it was missing before', () => {
    const { unread } = withHidden(previous, { ...snapshot, strayLines: 1, unread: new Set(['192.0.2.9_80']) });
    expect([...(unread ?? [])]).toEqual(['192.0.2.9_80', '192.0.2.2_80']);
  });

  test('is unread if a line of its service names no real server', () => {
    const { unread } = withHidden(previous, { ...snapshot, services: [{ ...reading, lacks: 'unnamed' }] });
    expect([...(unread ?? [])]).toEqual(['192.0.2.1_80/10.0.0.2_80']);
  });
});

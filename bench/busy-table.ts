// A table that has been busy for a while, as a pure function of time: counters are large, irregular and never fall. For work whose cost
// depends only on size; benchmarks that need lifelike traffic use the simulated director.

import type { Counters, RealServerReading, ServiceReading, Snapshot } from '../src/model/snapshot.js';

/** The size of the table. */
export interface TableSize {
  readonly services: number;
  readonly realServersEach: number;
}

/** The start of the counters, epoch seconds: the end of a window of sealed readings (8 hours), 2025-11-21 00:00 UTC. */
export const startS = 1_763_683_200;

/** The table at a time after `startS`. */
export function busyTable({ services, realServersEach }: TableSize, timeS: number): Snapshot {
  return {
    timeS,
    host: null,
    services: Array.from({ length: services }, (_, i) => service(i, realServersEach, timeS)),
  };
}

/** The counters of the n-th service at a time, without the table: conns, packets in, out, bytes in, out. */
export function busyCounters(service: number, timeS: number): readonly number[] {
  const seconds = timeS - startS;
  const noise = (salt: number): number =>
    Math.abs(Math.sin(service * 78.233 + seconds * 12.9898 + salt) * 43758.5453) % 1;
  const conns = Math.floor(seconds * (3 + (service % 50)) + 300 * noise(1));
  const inPkts = Math.floor(conns * 9 + 500 * noise(2));
  const outPkts = Math.floor(conns * 11 + 500 * noise(3));
  return [conns, inPkts, outPkts, inPkts * 131, outPkts * 977];
}

function service(i: number, realServersEach: number, timeS: number): ServiceReading {
  const id = { kind: 'address', protocol: 'tcp', address: addressOf(i), port: 80 } as const;
  const realServers = Array.from({ length: realServersEach }, (_, j) => realServer(i, j, timeS));
  const own = busyCounters(i, timeS);
  const sum = realServers.reduce((sum, { counters }) => added(sum, counters), toCounters([0, 0, 0, 0, 0]));
  return { id, counters: realServersEach > 0 ? sum : toCounters(own), scheduler: 'wlc', flags: '', realServers };
}

/** The address of the n-th service: in 198.18.0.0/15, which is reserved for benchmarks (RFC 2544). */
export function addressOf(service: number): string {
  return `198.${18 + (service >> 16)}.${(service >> 8) & 255}.${service & 255}`;
}

function realServer(i: number, j: number, timeS: number): RealServerReading {
  return {
    id: { address: `10.${i >> 8}.${i & 255}.${j + 1}`, port: 8080 },
    counters: toCounters(busyCounters(i * 17 + j, timeS)),
    forwarding: 'Masq',
    weight: 1,
    activeConn: ((timeS / 60 + j * 7 + i) % 50) | 0,
    inActConn: ((timeS / 60 + j * 11 + i) % 90) | 0,
  };
}

function toCounters(values: readonly number[]): Counters {
  const [conns = 0n, inPkts = 0n, outPkts = 0n, inBytes = 0n, outBytes = 0n] = values.map(BigInt);
  return { conns, inPkts, outPkts, inBytes, outBytes };
}

function added(a: Counters, b: Counters): Counters {
  return {
    conns: a.conns + b.conns,
    inPkts: a.inPkts + b.inPkts,
    outPkts: a.outPkts + b.outPkts,
    inBytes: a.inBytes + b.inBytes,
    outBytes: a.outBytes + b.outBytes,
  };
}

// Random tables, and their listings as ipvsadm(8) formats them (print_service_entry() in ipvsadm.c): long values push the columns
// right, marks are printed with %d, and real servers' lines of the table end in blanks.

import { SocketAddress } from 'node:net';
import fc from 'fast-check';
import type { RealServerId, ServiceId } from '../../src/model/names/identity.js';
import type { Counters, RealServerReading, ServiceReading } from '../../src/model/snapshot.js';

const u16 = fc.nat(65535);
const ipv4 = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)).map((bytes) => bytes.join('.'));
const ipv6 = fc
  .array(fc.oneof(fc.constant(0), u16), { minLength: 7, maxLength: 7 })
  .map((groups) => `2001:${groups.map((group) => group.toString(16)).join(':')}`)
  .map((address) => new SocketAddress({ address, family: 'ipv6' }).address);
const address = fc.oneof(ipv4, ipv6);

const counter = fc.oneof(fc.bigInt(0n, 2n ** 64n - 1n), fc.bigInt(0n, 1000n), fc.constantFrom(0n, 2n ** 53n + 1n));
const counters: fc.Arbitrary<Counters> = fc.record({
  conns: counter,
  inPkts: counter,
  outPkts: counter,
  inBytes: counter,
  outBytes: counter,
});

const serviceId: fc.Arbitrary<ServiceId> = fc.oneof(
  fc.record({
    kind: fc.constant('address' as const),
    protocol: fc.constantFrom('tcp' as const, 'udp' as const, 'sctp' as const),
    address,
    port: u16,
  }),
  fc.record({
    kind: fc.constant('mark' as const),
    mark: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
    family: fc.constantFrom('ipv4' as const, 'ipv6' as const),
  }),
);

const realServer: fc.Arbitrary<RealServerReading> = fc.record({
  id: fc.record({ address, port: u16 }),
  counters,
  forwarding: fc.constantFrom('Masq' as const, 'Route' as const, 'Tunnel' as const, 'Local' as const),
  weight: fc.oneof(fc.nat(100), fc.nat(2 ** 31 - 1)),
  activeConn: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  inActConn: fc.nat(1000),
});

const service: fc.Arbitrary<ServiceReading> = fc.record({
  id: serviceId,
  counters,
  scheduler: fc.constantFrom('rr', 'wlc', 'sh', 'none', 'some_day'),
  flags: fc.constantFrom('', 'ops', '(sh-fallback,sh-port)', 'persistent 300 mask 255.255.0.0 pe sip', '(flag-1) ops'),
  realServers: fc.uniqueArray(realServer, { maxLength: 6, selector: ({ id }) => endpoint(id) }),
});

/** A table whose entries are all different. */
export const randomTable: fc.Arbitrary<readonly ServiceReading[]> = fc.uniqueArray(service, {
  maxLength: 12,
  selector: ({ id }) => head(id),
});

/** The table as `ipvsadm -L -n --stats --exact` prints it. */
export function printStats(services: readonly ServiceReading[]): string {
  const lines = services.flatMap(({ id, counters, realServers }) => [
    `${head(id).padEnd(33)}${columns(counters)}`,
    ...realServers.map((server) => `  -> ${endpoint(server.id).padEnd(28)}${columns(server.counters)}`),
  ]);
  return listing('Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes', '', lines);
}

/** The table as `ipvsadm -L -n` prints it. */
export function printTable(services: readonly ServiceReading[]): string {
  const lines = services.flatMap(({ id, scheduler, flags, realServers }) => [
    `${head(id)} ${scheduler}${flags === '' ? '' : ` ${flags}`}`,
    ...realServers.map((server) => {
      const { forwarding, weight, activeConn, inActConn } = server;
      const connections = `${String(activeConn).padEnd(10)} ${String(inActConn).padEnd(10)}`;
      return `  -> ${endpoint(server.id).padEnd(28)} ${forwarding.padEnd(7)} ${String(weight).padEnd(6)} ${connections}`;
    }),
  ]);
  return listing('Prot LocalAddress:Port Scheduler Flags', '           Forward Weight ActiveConn InActConn', lines);
}

function listing(title: string, columns: string, lines: readonly string[]): string {
  const header = ['IP Virtual Server version 1.2.1 (size=4096)', title, `  -> RemoteAddress:Port${columns}`];
  return `${[...header, ...lines].join('\n')}\n`;
}

function head(id: ServiceId): string {
  if (id.kind === 'mark') return `FWM  ${id.mark | 0}${id.family === 'ipv6' ? ' IPv6' : ''}`;
  return `${id.protocol.toUpperCase().padEnd(4)} ${endpoint(id)}`;
}

function endpoint({ address, port }: RealServerId): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function columns(counters: Counters): string {
  return Object.values(counters)
    .map((value: bigint) => String(value).padStart(Math.max(9, String(value).length + 1)))
    .join('');
}

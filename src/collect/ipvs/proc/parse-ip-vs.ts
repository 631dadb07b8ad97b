// Parses /proc/net/ip_vs, which anybody may read: services, real servers, weights and connections, but no counters.
// net/netfilter/ipvs/ip_vs_ctl.c, ip_vs_info_seq_show:
//
//   IP Virtual Server version 1.2.1 (size=4096)
//   Prot LocalAddress:Port Scheduler Flags
//     -> RemoteAddress:Port Forward Weight ActiveConn InActConn
//   TCP  C0000214:0050 wlc persistent 300 FFFFFFFF
//     -> 0A000005:1F90      Masq    1      12         30
//   TCP  [2001:0db8:0000:0000:0000:0000:0000:0001]:0050 rr
//   FWM  00000007 sh

import type { Protocol, RealServerId, ServiceId } from '../../../model/names/identity.js';
import { canonicalAddress } from '../../../model/names/name.js';
import type { RealServerReading, ServiceReading } from '../../../model/snapshot.js';

/** A service without its counters. */
export type ServiceState = Omit<ServiceReading, 'counters' | 'realServers'> & {
  readonly realServers: readonly Omit<RealServerReading, 'counters'>[];
};

const protocols: Readonly<Record<string, Protocol>> = { TCP: 'tcp', UDP: 'udp', SCTP: 'sctp' };

/** Parses the file. Lines that are neither are skipped, as a newer kernel may add some; null if it is no table at all. */
export function parseIpVs(text: string): readonly ServiceState[] | null {
  if (!text.startsWith('IP Virtual Server version')) return null;
  const services: (Omit<ServiceState, 'realServers'> & {
    readonly realServers: Omit<RealServerReading, 'counters'>[];
  })[] = [];
  for (const line of text.split('\n').slice(3)) {
    const words = line.trim().split(/\s+/);
    if (words[0] === '->') {
      const server = parseServer(words);
      if (server !== null) services.at(-1)?.realServers.push(server);
      continue;
    }
    const [kind = '', where = '', scheduler = '', ...flags] = words;
    const id = parseService(kind, where);
    if (id !== null) services.push({ id, scheduler, flags: flags.join(' '), realServers: [] });
  }
  return withFamilies(services);
}

function parseService(kind: string, where: string): ServiceId | null {
  const protocol = Object.hasOwn(protocols, kind) ? protocols[kind] : undefined;
  if (protocol !== undefined) {
    const endpoint = parseEndpoint(where);
    return endpoint === null ? null : { kind: 'address', protocol, ...endpoint };
  }
  if (kind !== 'FWM' || !/^[0-9A-F]{8}$/i.test(where)) return null;
  return { kind: 'mark', mark: Number.parseInt(where, 16), family: 'ipv4' };
}

/**
 * The file does not name the family of a mark. Its real servers show it; of two equal marks without any, one is of each family.
 */
function withFamilies(services: readonly ServiceState[]): readonly ServiceState[] {
  const seen = new Set<number>();
  return services.map((service) => {
    const { id, realServers } = service;
    if (id.kind !== 'mark') return service;
    const isIpv6 = realServers[0]?.id.address.includes(':') ?? seen.has(id.mark);
    if (!isIpv6) seen.add(id.mark);
    return isIpv6 ? { ...service, id: { ...id, family: 'ipv6' } } : service;
  });
}

function parseServer([, where = '', forwarding = '', ...numbers]: readonly string[]): Omit<
  RealServerReading,
  'counters'
> | null {
  const id = parseEndpoint(where);
  const [weight, activeConn, inActConn] = numbers.map(Number);
  if (id === null || weight === undefined || activeConn === undefined || inActConn === undefined) return null;
  if (![weight, activeConn, inActConn].every(Number.isSafeInteger)) return null;
  return { id, forwarding, weight, activeConn, inActConn };
}

function parseEndpoint(text: string): RealServerId | null {
  const ipv4 = /^([0-9A-F]{8}):([0-9A-F]{4})$/i.exec(text);
  if (ipv4 !== null) {
    const bytes = Buffer.from(ipv4[1] ?? '', 'hex');
    return { address: [...bytes].join('.'), port: Number.parseInt(ipv4[2] ?? '', 16) };
  }
  const ipv6 = /^\[([0-9a-f:]{2,39})\]:([0-9A-F]{4})$/i.exec(text);
  if (ipv6 === null) return null;
  const address = canonicalAddress(ipv6[1] ?? '');
  return address === null ? null : { address, port: Number.parseInt(ipv6[2] ?? '', 16) };
}

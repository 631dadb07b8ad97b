// Finds the services that a connection may belong to: by virtual address and port, and by the address and port of a real server.
//
// With direct routing and tunnels, packets keep the virtual address: at the real server, a connection's own address is the virtual one. With
// masquerading, it is the real server's own address and port, which several services may share. A service of port 0 takes every port.

import type { Protocol, ServiceId } from '../../model/names/identity.js';
import { formatEndpoint, parseEndpoint, parseServiceName } from '../../model/names/name.js';
import type { MapService } from '../map-input.js';

/** The id of a service's node. */
export function serviceNodeId(id: ServiceId): string {
  const family = id.kind === 'mark' && id.family === 'ipv6' ? ' (IPv6)' : '';
  const protocol = id.kind === 'address' && id.protocol !== 'tcp' ? `/${id.protocol}` : '';
  return `service:${formatEndpoint(id)}${family}${protocol}`;
}

/** The service of a node's id; null if the node is none. */
export function serviceOfNode(id: string): ServiceId | null {
  const [, mark, ipv6] = /^service:mark (\d+)( \(IPv6\))?$/.exec(id) ?? [];
  if (mark !== undefined) return { kind: 'mark', mark: Number(mark), family: ipv6 === undefined ? 'ipv4' : 'ipv6' };
  const [, text = '', protocol = 'tcp'] = /^service:(.*?)(?:\/(udp|sctp))?$/.exec(id) ?? [];
  const endpoint = parseEndpoint(text);
  return endpoint === null ? null : { kind: 'address', protocol: protocol as Protocol, ...endpoint };
}

/**
 * The ids of the nodes that the name of a service may mean: of `192.0.2.1:53/udp` and of an archive's name such as `192.0.2.1_53_udp` one, of
 * `192.0.2.1:53` one of each protocol. None if the text is no such name.
 */
export function serviceNodeIds(text: string): readonly string[] {
  const named = parseServiceName(text);
  if (named !== null) return [serviceNodeId(named)];
  const [, endpointText = '', protocol] = /^(.*?)(?:\/(tcp|udp|sctp))?$/.exec(text) ?? [];
  const endpoint = parseEndpoint(endpointText);
  if (endpoint === null) return /^mark \d+( \(IPv6\))?$/.test(text) ? [`service:${text}`] : [];
  const possible = protocols.filter((one) => protocol === undefined || one === protocol);
  return possible.map((one) => serviceNodeId({ kind: 'address', protocol: one, ...endpoint }));
}

const protocols = ['tcp', 'udp', 'sctp'] as const;

const keepsVirtualAddress: readonly string[] = ['Route', 'Tunnel', 'Local'];

/** The index. Services are their numbers in the list. */
export class ServiceIndex {
  readonly #byEndpoint = new Map<string, number>();
  readonly #byVip = new Map<string, number[]>();
  readonly #byServer = new Map<string, number[]>();
  /** Services of UDP and SCTP, and the addresses of their real servers. */
  readonly #unseen = new Set<number>();
  readonly #unseenServers = new Set<string>();

  constructor(services: readonly MapService[]) {
    for (const [i, { id, servers }] of services.entries()) {
      // Agents see connections of TCP only.
      if (id.kind === 'address') {
        if (id.protocol === 'tcp') this.#byEndpoint.set(`${id.address} ${id.port}`, i);
        push(this.#byVip, id.address, i);
      }
      if (id.kind === 'address' && id.protocol !== 'tcp') {
        this.#unseen.add(i);
        for (const { address } of servers) this.#unseenServers.add(address);
        continue;
      }
      for (const { address, port, forwarding } of servers) {
        if (!keepsVirtualAddress.includes(forwarding)) push(this.#byServer, `${address} ${port}`, i);
      }
    }
  }

  /** The service of a virtual address and port; null if there is none. */
  at(address: string, port: number): number | null {
    return this.#byEndpoint.get(`${address} ${port}`) ?? this.#byEndpoint.get(`${address} 0`) ?? null;
  }

  /** All services of a virtual address. */
  ofVip(address: string): readonly number[] {
    return this.#byVip.get(address) ?? [];
  }

  /** Whether an address, or the services that it may stand for, have connections that no agent counts. */
  hasOtherThanTcp(address: string, services: readonly number[]): boolean {
    return services.length === 0 ? this.#unseenServers.has(address) : services.some((i) => this.#unseen.has(i));
  }

  /** The services that send connections to the address and port of a real server, by masquerading. */
  behind(address: string, port: number): readonly number[] {
    return [...(this.#byServer.get(`${address} ${port}`) ?? []), ...(this.#byServer.get(`${address} 0`) ?? [])];
  }
}

function push(map: Map<string, number[]>, key: string, value: number): void {
  const own = map.get(key);
  if (own === undefined) map.set(key, [value]);
  else if (own.at(-1) !== value) own.push(value);
}

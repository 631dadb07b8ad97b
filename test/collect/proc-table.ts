// An independent reading of a table: /proc/net/ip_vs, where the kernel itself prints it in hexadecimal. Tests compare it with the
// table parsed from ipvsadm's text.

import { SocketAddress } from 'node:net';

/** A service in /proc/net/ip_vs; real servers as `ADDRESS PORT FORWARDING WEIGHT`, sorted. */
export interface ProcService {
  readonly scheduler: string;
  /** Null over IPv6, where the kernel does not print it. */
  readonly isOnePacket: boolean | null;
  readonly isPersistent: boolean;
  readonly realServers: string[];
}

/** The table by service: `TCP 10.9.1.1 80`, `FWM 6 IPv6`. The file omits the family of marks. */
export function parseProcTable(text: string): Map<string, ProcService> {
  const services = new Map<string, ProcService>();
  let realServers: string[] = [];
  for (const line of text.split('\n').slice(3, -1)) {
    const [first = '', name = '', third = '', fourth = ''] = line.trim().split(/\s+/);
    if (first === '->') {
      realServers.push(`${endpoint(name)} ${third} ${fourth}`);
      continue;
    }
    realServers = [];
    const key = first === 'FWM' ? `FWM ${Number.parseInt(name, 16)}` : `${first} ${endpoint(name)}`;
    const rest = ` ${line.slice(line.indexOf(name) + name.length)} `;
    services.set(services.has(key) ? `${key} again` : key, {
      scheduler: third,
      isOnePacket: name.startsWith('[') ? null : rest.includes(' ops '),
      isPersistent: rest.includes(' persistent '),
      realServers,
    });
  }
  for (const service of services.values()) service.realServers.sort();
  return services;
}

function endpoint(text: string): string {
  const colon = text.lastIndexOf(':');
  const address = text.slice(0, colon);
  const port = Number.parseInt(text.slice(colon + 1), 16);
  if (address.startsWith('[')) {
    return `${new SocketAddress({ address: address.slice(1, -1), family: 'ipv6' }).address} ${port}`;
  }
  return `${[0, 2, 4, 6].map((start) => Number.parseInt(address.slice(start, start + 2), 16)).join('.')} ${port}`;
}

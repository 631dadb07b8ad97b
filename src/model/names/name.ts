// The name of an archive: key of its readings, stem of its pictures, address in a URL. Each kind (kinds/) has its own grammar;
// this file has those of the kernel's table, and the rules that all names share. parse-name.ts parses any name without loss.
//
//   192.0.2.1_80   192.0.2.1_53_udp   192.0.2.1_3868_sctp   2001-db8--1_443   0--1_80   fwm_100   fwm6_100
//   192.0.2.1_80/10.0.0.5_8080   all   all/total   all/cpu_0   all/table   haproxy_be_www/web1 (haproxy-name.ts)
//   agent_web01   link_web01/10.1.2.3_3306 (link-name.ts)
//
// IPv6 is written in RFC 5952 form with `-` for `:`, a leading `::` as `0--`: no name begins with `-`.

import ipaddr from 'ipaddr.js';
import type { Protocol, RealServerId, ServiceId } from './identity.js';

/** Name of the director's own archive: the sums over its services. */
export const directorName = 'all';

/** The parts of the director: its totals, its connection table, and each of its processors. */
export type DirectorPart = 'total' | 'table' | `cpu_${number}`;

/** Name of a service, such as `192.0.2.1_80`. */
export function serviceName(id: ServiceId): string {
  if (id.kind === 'mark') return `${id.family === 'ipv4' ? 'fwm' : 'fwm6'}_${id.mark}`;
  const suffix = id.protocol === 'tcp' ? '' : `_${id.protocol}`;
  return `${addressPart(id.address)}_${id.port}${suffix}`;
}

/** Name of a real server within its service, such as `10.0.0.5_8080`. */
export function realServerName(id: RealServerId): string {
  return `${addressPart(id.address)}_${id.port}`;
}

/** Name of a part of the director, such as `all/cpu_0`; it is nested like a real server below its service. */
export function partName(part: DirectorPart): string {
  return `${directorName}/${part}`;
}

/** The part of a processor, by number. */
export function processorPart(number: number): DirectorPart {
  return `cpu_${number}`;
}

/** Is an archive the director's own, or a part of it? */
export function isOfDirector(name: string): boolean {
  return serviceOf(name) === directorName;
}

/** A name as part of a viewer address; decoding the address leaves percent-encoding in the name intact. */
export function pathOfName(name: string): string {
  return name.split('/').map(encodeURIComponent).join('/');
}

/** The usual way to write it: `192.0.2.1:80`, `[2001:db8::1]:443`, `mark 100`, `10.0.0.5:8080`. Without protocol. */
export function formatEndpoint(id: ServiceId | RealServerId): string {
  if ('kind' in id && id.kind === 'mark') return `mark ${id.mark}`;
  const { address, port } = id as RealServerId;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** The service name in an archive's name: `192.0.2.1_80` for `192.0.2.1_80/10.0.0.5_8080`; `agent_web01` for `link_web01/10.1.2.3`. */
export function serviceOf(name: string): string {
  const slash = name.indexOf('/');
  if (slash < 0) return name;
  return name.startsWith('link_') ? `agent_${name.slice('link_'.length, slash)}` : name.slice(0, slash);
}

/** The real server's own name in an archive's name: `10.0.0.5_8080` for `192.0.2.1_80/10.0.0.5_8080`. */
export function nameWithin(name: string): string {
  return name.slice(name.indexOf('/') + 1);
}

/** The canonical text of an IPv4 or IPv6 address (RFC 5952), or null if it is none. */
export function canonicalAddress(text: string): string | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text).toString();
  if (!ipaddr.IPv6.isValid(text) || text.includes('%')) return null;
  return ipaddr.IPv6.parse(withoutDots(text)).toRFC5952String();
}

/** `::192.0.2.1` as `::c000:201`: the parser would take a dotted end for an IPv4-mapped address. */
function withoutDots(text: string): string {
  const dotted = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text);
  if (dotted === null) return text;
  const [a = 0, b = 0, c = 0, d = 0] = dotted.slice(1).map(Number);
  return `${text.slice(0, dotted.index)}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}

/** Parses an endpoint as ipvsadm prints it, `192.0.2.1:80` or `[2001:db8::1]:443`; null if it is none. */
export function parseEndpoint(text: string): RealServerId | null {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([0-9.]+)):(\d{1,5})$/.exec(text);
  if (match === null) return null;
  return endpoint(match[1] ?? match[2] ?? '', match[3] ?? '', match[1] !== undefined);
}

/** Parses the name of a service; null if the text is not the canonical form of one. */
export function parseServiceName(text: string): ServiceId | null {
  const mark = /^fwm(6?)_(0|[1-9]\d{0,9})$/.exec(text);
  if (mark !== null) {
    const value = Number(mark[2]);
    return value > 0xffffffff ? null : { kind: 'mark', mark: value, family: mark[1] === '6' ? 'ipv6' : 'ipv4' };
  }
  const match = /^(.+?_\d+)(?:_(udp|sctp))?$/.exec(text);
  const id = match?.[1] === undefined ? null : parseRealServerName(match[1]);
  return id === null ? null : { kind: 'address', protocol: (match?.[2] ?? 'tcp') as Protocol, ...id };
}

/** Parses a real server's own name; null if the text is not the canonical form of one. */
export function parseRealServerName(text: string): RealServerId | null {
  const match = /^([0-9a-f.-]+)_(\d{1,5})$/.exec(text);
  if (match === null) return null;
  const address = match[1] ?? '';
  const id = endpoint(address.replaceAll('-', ':'), match[2] ?? '', address.includes('-'));
  return id !== null && realServerName(id) === text ? id : null;
}

function endpoint(addressText: string, portText: string, isIpv6: boolean): RealServerId | null {
  const address = canonicalAddress(addressText);
  const port = Number(portText);
  if (address === null || port > 65535 || address.includes(':') !== isIpv6) return null;
  return { address, port };
}

/** An address as part of a name. */
export function addressPart(address: string): string {
  const dashed = address.replaceAll(':', '-');
  return dashed.startsWith('-') ? `0${dashed}` : dashed;
}

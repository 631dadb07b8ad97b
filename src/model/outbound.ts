// What of an archive's outbound traffic passes the director: only that can be counted there. Real servers that are reached by
// direct routing, through a tunnel or on the director itself answer past the balancing path, and so does one-packet scheduling
// as a rule; their counters then stand at zero, which is "not visible here" and not "nothing".
// See ip_vs_out() in net/netfilter/ipvs/ip_vs_core.c, and ipvsadm(8): -g, -i, -m, --ops.

import type { About, ArchiveInfo } from './archive.js';
import { serviceOf } from './name.js';
import { realServersByService } from './real-servers.js';

/**
 * `unseen`: all of it goes another way; `one-packet`: likewise, unless some was seen; `partly`: that of `unseen` of `of` real
 * servers does; `untold`: no real server is known.
 */
export type Outbound =
  | { readonly kind: 'seen' | 'one-packet' | 'untold' }
  | { readonly kind: 'unseen'; readonly reason: string }
  | { readonly kind: 'partly'; readonly reason: string; readonly unseen: number; readonly of: number };

/** Outbound traffic of which nothing is known but its counters. */
export const untold: Outbound = { kind: 'untold' };

const ways: Readonly<Record<string, string>> = {
  Route: 'direct routing',
  Tunnel: 'tunnelling',
  Local: 'answered by the director itself',
};

/** What is seen of the outbound traffic of each of some archives: of a service as its real servers are reached. */
export function outboundFinder(archives: readonly ArchiveInfo[]): (archive: ArchiveInfo) => Outbound {
  const abouts = new Map(archives.map((archive) => [archive.name, archive.about]));
  const realServers = realServersByService(archives);
  return ({ name, about }) => {
    // A proxy has both directions pass through it.
    if ('mode' in about) return { kind: 'seen' };
    const service = abouts.get(serviceOf(name)) ?? about;
    if (isOnePacket(service)) return { kind: 'one-packet' };
    return about.kind === 'real-server' ? outboundOf([about]) : outboundOf(methodsOf(realServers.get(name) ?? []));
  };
}

/** Those that are there; of a service that is gone all that it had. */
function methodsOf(realServers: readonly ArchiveInfo[]): readonly About[] {
  const there = realServers.filter(({ goneS }) => goneS === null);
  return (there.length > 0 ? there : realServers).map(({ about }) => about);
}

function isOnePacket(about: About): boolean {
  return about.kind === 'service' && about.flags.split(' ').includes('ops');
}

function outboundOf(realServers: readonly About[]): Outbound {
  const methods = realServers.flatMap((about) => (about.kind === 'real-server' ? [about.forwarding] : []));
  const unseen = methods.filter((method) => method !== 'Masq');
  if (methods.length === 0) return untold;
  if (unseen.length === 0) return { kind: 'seen' };
  const reason = [...new Set(unseen)].map((method) => ways[method] ?? method).join(', ');
  if (unseen.length === methods.length) return { kind: 'unseen', reason };
  return { kind: 'partly', reason, unseen: unseen.length, of: methods.length };
}

/** Why nothing is seen, in brackets behind "not visible here"; null where something may be. */
export function unseenReason(outbound: Outbound): string | null {
  if (outbound.kind === 'unseen') return outbound.reason;
  return outbound.kind === 'one-packet' ? 'one-packet scheduling' : null;
}

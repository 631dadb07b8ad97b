// How much of an archive's outbound traffic passes the director, which can count only that. Real servers reached by direct
// routing, through a tunnel or on the director itself answer past the balancing path; so does one-packet scheduling as a rule.
// Their counters then stand at zero, which means "not visible here", not "nothing". For an unknown forwarding method, traffic
// is visible if it is counted. See ip_vs_out() in net/netfilter/ipvs/ip_vs_core.c, and ipvsadm(8): -g, -i, -m, --ops.

import type { ArchiveInfo } from '../archive.js';
import { kindOf } from '../kinds/registry.js';
import { serviceOf } from '../names/name.js';
import { realServersByService } from './real-servers.js';

/**
 * `unseen`: all of it goes another way; `one-packet`: likewise, unless some was seen; `partly`: that of `unseen` of `of` real
 * servers does; `unsure`: the method is unknown, so the counters decide; `no-server`: no real server is known.
 */
export type Outbound =
  | { readonly kind: 'seen' | 'one-packet' | 'unsure' | 'no-server' }
  | { readonly kind: 'unseen'; readonly reason: string }
  | { readonly kind: 'partly'; readonly reason: string; readonly unseen: number; readonly of: number };

const ways: Readonly<Record<string, string>> = {
  Route: 'direct routing',
  Tunnel: 'tunnelling',
  Local: 'answered by the director itself',
};

/** How an archive is reached: its service (or itself), and the real servers that it goes or went to. */
export interface Reach {
  readonly archive: ArchiveInfo;
  readonly service: ArchiveInfo;
  readonly realServers: readonly ArchiveInfo[];
}

/** Finds how each archive is reached; a real server goes to itself alone. */
export function reachFinder(archives: readonly ArchiveInfo[]): (archive: ArchiveInfo) => Reach {
  const byName = new Map(archives.map((archive) => [archive.name, archive]));
  const realServers = realServersByService(archives);
  return (archive) => {
    const service = byName.get(serviceOf(archive.name)) ?? archive;
    const own = kindOf(archive.about).level === 'member' ? [archive] : realServers.get(archive.name);
    return { archive, service, realServers: own ?? [] };
  };
}

/** The visibility of an archive's outbound traffic now; for an archive that is gone, what it was. */
export function outboundOf({ archive, service: { about }, realServers }: Reach): Outbound {
  if (kindOf(archive.about).source.seesAllReplies) return { kind: 'seen' };
  const there = realServers.filter(({ goneS }) => goneS === null);
  const methods = (there.length > 0 ? there : realServers).flatMap((one) =>
    one.about.kind === 'real-server' ? [one.about.forwarding] : [],
  );
  return outboundBy(about.kind === 'service' ? about.flags : '', methods);
}

/** The visibility for a service with these flags and forwarding methods. */
export function outboundBy(flags: string, methods: readonly string[]): Outbound {
  if (flags.split(' ').includes('ops')) return { kind: 'one-packet' };
  if (methods.length === 0) return { kind: 'no-server' };
  const unseen = methods.filter((method) => Object.hasOwn(ways, method));
  if (unseen.length === 0) return { kind: methods.includes('Masq') ? 'seen' : 'unsure' };
  const reason = [...new Set(unseen)].map((method) => ways[method]).join(', ');
  if (unseen.length === methods.length) return { kind: 'unseen', reason };
  return { kind: 'partly', reason, unseen: unseen.length, of: methods.length };
}

/** Is it unknown whether outbound traffic passes, so that only the counters can tell? */
export function isUncertain({ kind }: Outbound): boolean {
  return kind === 'no-server' || kind === 'unsure';
}

/** Why nothing is seen, in brackets after "not visible here"; null if something may be. */
export function unseenReason(outbound: Outbound): string | null {
  if (outbound.kind === 'unseen') return outbound.reason;
  return outbound.kind === 'one-packet' ? 'one-packet scheduling' : null;
}

// What of an archive's outbound traffic passes the director: only that can be counted there. Real servers that are reached by
// direct routing, through a tunnel or on the director itself answer past the balancing path, and so does one-packet scheduling
// as a rule; their counters then stand at zero, which is "not visible here" and not "nothing".
// Of a forwarding method that is not known here nobody can say: it is seen where something is counted.
// See ip_vs_out() in net/netfilter/ipvs/ip_vs_core.c, and ipvsadm(8): -g, -i, -m, --ops.

import type { ArchiveInfo } from '../archive.js';
import { kindOf } from '../kinds/registry.js';
import { serviceOf } from '../names/name.js';
import { realServersByService } from './real-servers.js';

/**
 * `unseen`: all of it goes another way; `one-packet`: likewise, unless some was seen; `partly`: that of `unseen` of `of` real
 * servers does; `unsure`: by a method that is not known here, so that counters tell; `untold`: no real server is known.
 */
export type Outbound =
  | { readonly kind: 'seen' | 'one-packet' | 'unsure' | 'untold' }
  | { readonly kind: 'unseen'; readonly reason: string }
  | { readonly kind: 'partly'; readonly reason: string; readonly unseen: number; readonly of: number };

const ways: Readonly<Record<string, string>> = {
  Route: 'direct routing',
  Tunnel: 'tunnelling',
  Local: 'answered by the director itself',
};

/** How an archive is reached: its service (itself, where it is one), and the real servers that it goes to or went to. */
export interface Reach {
  readonly archive: ArchiveInfo;
  readonly service: ArchiveInfo;
  readonly realServers: readonly ArchiveInfo[];
}

/** How each of some archives is reached; a real server goes to itself alone. */
export function reachFinder(archives: readonly ArchiveInfo[]): (archive: ArchiveInfo) => Reach {
  const byName = new Map(archives.map((archive) => [archive.name, archive]));
  const realServers = realServersByService(archives);
  return (archive) => {
    const service = byName.get(serviceOf(archive.name)) ?? archive;
    const own = kindOf(archive.about).level === 'member' ? [archive] : realServers.get(archive.name);
    return { archive, service, realServers: own ?? [] };
  };
}

/** What is seen of an archive's outbound traffic just now; of one that is gone, what was seen. */
export function outboundOf({ archive, service: { about }, realServers }: Reach): Outbound {
  if (kindOf(archive.about).source.seesAllReplies) return { kind: 'seen' };
  const there = realServers.filter(({ goneS }) => goneS === null);
  const methods = (there.length > 0 ? there : realServers).flatMap((one) =>
    one.about.kind === 'real-server' ? [one.about.forwarding] : [],
  );
  return outboundBy(about.kind === 'service' ? about.flags : '', methods);
}

/** What is seen of a service of such flags whose real servers are reached so. */
export function outboundBy(flags: string, methods: readonly string[]): Outbound {
  if (flags.split(' ').includes('ops')) return { kind: 'one-packet' };
  if (methods.length === 0) return { kind: 'untold' };
  const unseen = methods.filter((method) => Object.hasOwn(ways, method));
  if (unseen.length === 0) return { kind: methods.includes('Masq') ? 'seen' : 'unsure' };
  const reason = [...new Set(unseen)].map((method) => ways[method]).join(', ');
  if (unseen.length === methods.length) return { kind: 'unseen', reason };
  return { kind: 'partly', reason, unseen: unseen.length, of: methods.length };
}

/** Does nobody know whether outbound traffic passes, so that only what is counted tells? */
export function isUncertain({ kind }: Outbound): boolean {
  return kind === 'untold' || kind === 'unsure';
}

/** Why nothing is seen, in brackets behind "not visible here"; null where something may be. */
export function unseenReason(outbound: Outbound): string | null {
  if (outbound.kind === 'unseen') return outbound.reason;
  return outbound.kind === 'one-packet' ? 'one-packet scheduling' : null;
}

// Peers by the options of the command line: where Serf is, how to probe, whom to join, where to show what was found.

import { type Network, parseNetwork } from '../../model/topology/network.js';
import { UserError } from '../../model/user-error.js';
import type { Say } from '../log.js';
import type { Checks } from '../mackerel/checks.js';
import { type MackerelOptions, mackerelOf } from '../mackerel/mackerel-options.js';
import { reportToMackerel } from '../mackerel/report-to-mackerel.js';
import { readLogins } from '../peers/logins.js';
import { readSecret, serfKeyFile } from '../secret-file.js';
import type { SerfPlace } from '../serf/connection.js';
import type { ReadMembers } from '../serf/messages.js';
import { parseMetricsAddress, parseSerfAddress } from '../serf/serf-address.js';
import { machineClock } from '../timing.js';
import { joinPeers } from './join-peers.js';
import type { Journal } from './journal.js';
import { listenForMetrics } from './metrics-listener.js';
import { peerMetrics } from './peer-metrics.js';
import { serviceProbe, unknownKinds } from './probe-service.js';
import { runPeers } from './run-peers.js';

/** The options of peers. */
export interface PeerOptions extends MackerelOptions {
  readonly serf?: string;
  readonly serfAuth?: string;
  readonly serfWan?: boolean;
  readonly serfLeave?: boolean;
  readonly probeLogins?: string;
  readonly joinFrom?: string;
  readonly joinCidr?: string;
  readonly peerMetrics?: string;
}

/** Times that the command line decides, and where to report. */
export interface PeersPlace {
  readonly journal: Journal;
  /** The findings of the journal as Mackerel's checks. */
  readonly checks: Checks;
  readonly say: Say;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly retryMs: number;
}

/** Serf decides about a host within these times, by its profile, ms. */
const [lanHoldMs, wanHoldMs] = [30_000, 120_000];

/** Serf's events show who comes; connections show who might, ms. */
const joinRoundMs = 120_000;

/** Addresses of nobody's customers: RFC 1918 and RFC 4193. */
const privateNetworks = '10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fc00::/7';

/** Watches peers until the signal, if the options ask for it. Throws a `UserError` for wrong options. */
export async function openPeers(options: PeerOptions, place: PeersPlace): Promise<void> {
  const { journal, checks, say, signal, timeoutMs, retryMs } = place;
  if (options.serf === undefined) {
    requireNone(options);
    return;
  }
  const { env } = process;
  const authKey = options.serfAuth === undefined ? null : readSecret(serfKeyFile(options.serfAuth), env);
  const serf: SerfPlace = { at: parseSerfAddress(options.serf), authKey, timeoutMs };
  const probe = serviceProbe(options.probeLogins === undefined ? new Map() : readLogins(options.probeLogins, env));
  const [ports, networks] = [portsOf(options), networksOf(options.joinCidr ?? privateNetworks)];
  if (options.peerMetrics !== undefined) {
    const text = (): string => peerMetrics(journal.findings(machineClock.steadyMs()));
    await listenForMetrics(parseMetricsAddress(options.peerMetrics), text, signal);
  }
  const mackerel = mackerelOf(options, { env, timeoutMs });
  let members: { readonly read: ReadMembers; readonly self: string } | null = null;
  const watching = runPeers({
    ...{ serf, probe, journal, say, signal, retryMs, clock: machineClock },
    holdMs: options.serfWan ? wanHoldMs : lanHoldMs,
    leaves: options.serfLeave ?? false,
    kindProblems: unknownKinds,
    onMembers: (read, self) => {
      members = { read, self };
    },
  });
  const joining = { serf, procRoot: '/proc', ports, networks, clock: machineClock, say, signal, roundMs: joinRoundMs };
  const known = (): typeof members => members;
  const reporting = { checks, journal, members: known, clock: machineClock, say, signal };
  await Promise.all([
    watching,
    ...(ports.size > 0 ? [joinPeers({ ...joining, members: known })] : []),
    ...(mackerel === null ? [] : [reportToMackerel({ ...mackerel, ...reporting })]),
  ]);
}

function requireNone(options: PeerOptions): void {
  const names = {
    serfAuth: '--serf-auth',
    serfWan: '--serf-wan',
    serfLeave: '--serf-leave',
    probeLogins: '--probe-logins',
  };
  const more = { joinFrom: '--join-from', joinCidr: '--join-cidr', peerMetrics: '--peer-metrics' };
  const mackerel = {
    mackerelKey: '--mackerel-key',
    mackerelService: '--mackerel-service',
    mackerelHost: '--mackerel-host',
    mackerelUrl: '--mackerel-url',
  };
  for (const [key, name] of Object.entries({ ...names, ...more, ...mackerel })) {
    if (options[key as keyof PeerOptions] !== undefined)
      throw new UserError('bad-command', `${name} is about peers: name Serf, too, with --serf HOST:PORT`);
  }
}

function portsOf({ joinFrom = '', joinCidr }: PeerOptions): ReadonlySet<number> {
  const words = joinFrom.split(/[\s,]+/).filter((word) => word !== '');
  for (const word of words) {
    if (!/^[1-9]\d{0,4}$/.test(word) || Number(word) > 65_535)
      throw new UserError('bad-command', `--join-from has "${word}": write ports, such as 6379,3306`);
  }
  if (words.length === 0 && joinCidr !== undefined)
    throw new UserError(
      'bad-command',
      '--join-cidr says where to join peers: say by which ports, too, with --join-from',
    );
  return new Set(words.map(Number));
}

function networksOf(text: string): readonly Network[] {
  return text
    .split(/[\s,]+/)
    .filter((word) => word !== '')
    .map((word) => {
      const network = parseNetwork(word);
      if ('problem' in network) throw new UserError('bad-command', `--join-cidr has "${word}": ${network.problem}`);
      return network;
    });
}

// Joins hosts that this one is connected with over the ports of its services: where they run Serf, they become members of the pool. Customers are no
// peers, so only addresses in private networks are tried unless others are named, ten in a round at most. An address where nobody answers is tried
// again later and later: joining it costs Serf ten seconds.

import { countOf } from '../../model/text/count-of.js';
import { addressKey, isInNetwork, type Network } from '../../model/topology/network.js';
import { readConnectedPeers } from '../host/connected-peers.js';
import type { Say } from '../log.js';
import { openOutage } from '../outage.js';
import { openSerf, type SerfPlace, SerfRefusal } from '../serf/connection.js';
import type { ReadMembers } from '../serf/messages.js';
import type { Clock } from '../timing.js';

/** Bounds of joining. */
export interface JoinPlan {
  readonly serf: SerfPlace;
  readonly procRoot: string;
  readonly ports: ReadonlySet<number>;
  readonly networks: readonly Network[];
  readonly clock: Clock;
  readonly say: Say;
  readonly signal: AbortSignal;
  /** Length of a round, ms. */
  readonly roundMs: number;
  /** The members at the moment, and the name of this one; null while Serf does not answer. */
  readonly members: () => { readonly read: ReadMembers; readonly self: string } | null;
}

/** Most addresses that are tried in a round. */
const mostJoins = 10;

/** Waits before an address is tried again, ms; they double up to a day. */
const [firstWaitMs, longestWaitMs] = [10 * 60_000, 24 * 3_600_000];

/** Rest after reading connections, in times of how long that took: reading takes at most a hundredth of a core. */
const leastRest = 100;

/** Time between two looks whether Serf has said who its members are, ms. */
const lookMs = 1000;

/** Serf waits ten seconds for each address. */
const joinTimeoutMs = (mostJoins + 2) * 10_000;

/** Most addresses that are remembered. */
const mostTried = 10_000;

/** Tries of an address. */
export interface Tried {
  readonly waitMs: number;
  readonly againMs: number;
}

/** Joins until the signal. */
export async function joinPeers(plan: JoinPlan): Promise<void> {
  const { clock, signal, say } = plan;
  const tried = new Map<string, Tried>();
  const [outage, cut] = [openOutage(say), openOutage(say)];
  while (!signal.aborted) {
    const known = plan.members();
    let restMs = known === null ? Math.min(lookMs, plan.roundMs) : plan.roundMs;
    if (known !== null) {
      try {
        const beginMs = clock.steadyMs();
        const { addresses, isCut } = await readConnectedPeers(plan.procRoot, plan);
        restMs = Math.max(restMs, (clock.steadyMs() - beginMs) * leastRest);
        if (isCut) cut.failed('cut', 'this host has more connections than are read: some peers may not be joined');
        else cut.worked('all connections of this host are read again');
        outage.worked('connections are read again, and peers joined');
        await joinSome(plan, choose(addresses, { ...plan, known: known.read, tried, nowMs: clock.steadyMs() }), known);
      } catch (error) {
        outage.failed('join', `peers cannot be joined: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    await clock.sleep(restMs, signal);
  }
}

/** Chooses addresses to try, and remembers them. */
export function choose(
  found: readonly string[],
  {
    networks,
    known,
    tried,
    nowMs,
  }: {
    readonly networks: readonly Network[];
    readonly known: ReadMembers;
    readonly tried: Map<string, Tried>;
    readonly nowMs: number;
  },
): readonly string[] {
  const members = new Set(known.members.map(({ address }) => address));
  for (const address of tried.keys()) if (members.has(address)) tried.delete(address);
  const chosen = found
    .filter((address) => !members.has(address) && isInSome(networks, address))
    .filter((address) => (tried.get(address)?.againMs ?? nowMs) <= nowMs)
    .slice(0, mostJoins);
  for (const address of chosen) {
    const waitMs = Math.min(longestWaitMs, 2 * (tried.get(address)?.waitMs ?? firstWaitMs / 2));
    tried.delete(address);
    tried.set(address, { waitMs, againMs: nowMs + waitMs });
  }
  for (const address of tried.keys()) {
    if (tried.size <= mostTried) break;
    tried.delete(address);
  }
  return chosen;
}

function isInSome(networks: readonly Network[], address: string): boolean {
  const key = addressKey(address);
  return key !== null && networks.some((network) => isInNetwork(network, key));
}

/** Joins on a connection of its own, since Serf answers nothing else on it meanwhile. */
async function joinSome(
  { serf, say }: JoinPlan,
  addresses: readonly string[],
  { read, self }: { readonly read: ReadMembers; readonly self: string },
): Promise<void> {
  if (addresses.length === 0) return;
  const port = read.serfPorts.get(self) ?? 7946;
  const connection = await openSerf(serf);
  let joined = 0;
  try {
    for (const address of addresses) {
      const at = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
      joined += await joinOne(connection.request('join', { Existing: [at], Replay: false }, joinTimeoutMs));
    }
  } finally {
    connection.close();
  }
  if (joined > 0) say(`joined ${countOf(joined, 'peer')} found in the connections of this host`, 'notice');
}

/** A refusal is that nobody answers there. */
async function joinOne(answer: Promise<Readonly<Record<string, unknown>> | null>): Promise<number> {
  try {
    const count = (await answer)?.['Num'];
    return typeof count === 'number' ? count : 0;
  } catch (error) {
    if (error instanceof SerfRefusal) return 0;
    throw error;
  }
}

// The verdict on a director for commands: the findings of the newest cycle and of the moment, with the policy and the silences.

import { isDeepStrictEqual } from 'node:util';
import { failingReceivers } from '../alert/outbox-file.js';
import { lendOf } from '../cli/lend.js';
import { say } from '../cli/log.js';
import { readPolicy } from '../cli/policy/policy-file.js';
import { type Verdict, verdictNow } from '../model/finding/verdict.js';
import { type LinksView, totalsAlone } from '../model/links/view.js';
import { withoutLogins } from '../model/policy/policy.js';
import type { Silence } from '../model/policy/silence.js';
import type { Topology } from '../model/topology/topology.js';
import { readPushStates } from '../push/cursor/cursor-file.js';
import type { StoredSilence } from '../store/silences.js';
import { StoreError } from '../store/store-error.js';
import { failureOf } from './collecting-state.js';
import { freeBytesOf } from './cycle.js';

/** The verdict and what it is about. */
export interface DirectorStatus {
  readonly verdict: Verdict;
  /** Where hosts stand, by the policy of the verdict. */
  readonly topology: Topology;
  readonly nowS: number;
  /** Time of the newest reading; null before the first. */
  readonly lastS: number | null;
  readonly services: number;
  /** Those of the policy, then the stored ones, those that ended too. */
  readonly silences: readonly Silence[];
  /** The live table of links of that server; null if it has none, or no server has the archives open. */
  readonly links: LinksView | null;
}

/**
 * Reads the status of the director of a data folder, by the policy of the server that has its archives open, as that server shows it.
 * `policyFile` as in `readPolicy`: it comes before the server's, and a difference is reported. Throws a `StoreError`.
 */
export async function readDirectorStatus(data: string, policyFile: string | undefined): Promise<DirectorStatus> {
  const now = (): number => Date.now() / 1000;
  const nowS = Math.floor(now());
  const lend = lendOf(data);
  const served = await lend((archives) => archives.policy()).catch(olderHas(null));
  const policy = policyFile === undefined && served !== null ? served : await readPolicy(policyFile, now);
  if (served !== null && !isDeepStrictEqual(served.policy, withoutLogins(policy).policy)) {
    say(`the server of ${data} has another policy than ${policyFile}, so its pages may say something else`);
  }
  const known = await lend(async (archives) => {
    const { timeS: lastS, retention, director, haproxy, findings } = await archives.latest();
    const failure =
      (await failureOf(archives, director.failure, 'cycle-failed')) ??
      (await failureOf(archives, haproxy.failure, 'haproxy-failed'));
    return { lastS, retention, failure, findings, services: director.services.size };
  });
  const { lastS, retention, failure, findings, services } = known;
  const view = await lend((archives) => archives.links(totalsAlone)).catch(olderHas(null));
  const moment = {
    ...{ nowS, retention, lastS, failure, freeBytes: freeBytesOf(data), undelivered: failingReceivers(data) },
    pushes: readPushStates(data, nowS),
    ...(view === null ? {} : { links: view.findings }),
  };
  const silences = await lend((archives) => archives.silences()).catch(olderHas<readonly StoredSilence[]>([]));
  const verdict = verdictNow({ moment, findings, silences, policy });
  const { topology } = policy.policy;
  return { verdict, topology, nowS, lastS, services, silences: [...policy.policy.silences, ...silences], links: view };
}

/** The answer of a server that is older than a verb, and ends the connection. */
export function olderHas<T>(answer: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof StoreError && error.code === 'connection-lost') return answer;
    throw error;
  };
}

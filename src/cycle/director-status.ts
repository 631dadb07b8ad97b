// The verdict on a director for commands: the findings of the newest cycle and of the moment, with the policy and the silences.

import { lendOf } from '../cli/lend.js';
import { readPolicy } from '../cli/policy/policy-file.js';
import { type Verdict, verdictNow } from '../model/finding/verdict.js';
import type { Silence } from '../model/policy/silence.js';
import type { StoredSilence } from '../store/silences.js';
import { StoreError } from '../store/store-error.js';
import { failureOf } from './collecting-state.js';
import { freeBytesOf } from './cycle.js';

/** The verdict and what it is about. */
export interface DirectorStatus {
  readonly verdict: Verdict;
  readonly nowS: number;
  /** Time of the newest reading; null before the first. */
  readonly lastS: number | null;
  readonly services: number;
  /** Those of the policy, then the stored ones, those that ended too. */
  readonly silences: readonly Silence[];
}

/** Reads the status of the director of a data folder; `policyFile` as in `readPolicy`. Throws a `StoreError`. */
export async function readDirectorStatus(data: string, policyFile: string | undefined): Promise<DirectorStatus> {
  const now = (): number => Date.now() / 1000;
  const nowS = Math.floor(now());
  const policy = await readPolicy(policyFile, now);
  const lend = lendOf(data);
  const known = await lend(async (archives) => {
    const { timeS: lastS, retention, director, haproxy, findings } = await archives.latest();
    const failure =
      (await failureOf(archives, director.failure, 'cycle-failed')) ??
      (await failureOf(archives, haproxy.failure, 'haproxy-failed'));
    return { lastS, retention, failure, findings, services: director.services.size };
  });
  const { lastS, retention, failure, findings, services } = known;
  const moment = { nowS, retention, lastS, failure, freeBytes: freeBytesOf(data) };
  const silences = await lend((archives) => archives.silences()).catch(noneIfOlder);
  const verdict = verdictNow({ moment, findings, silences, policy });
  return { verdict, nowS, lastS, services, silences: [...policy.policy.silences, ...silences] };
}

/** A server that is older than silences has none, and ends the connection. */
function noneIfOlder(error: unknown): readonly StoredSilence[] {
  if (error instanceof StoreError && error.code === 'connection-lost') return [];
  throw error;
}

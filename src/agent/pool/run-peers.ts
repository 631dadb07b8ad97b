// Peers, as long as the agent runs: a connection to Serf, and another one when it ends. An agent without its Serf knows nobody and judges nobody.

import type { Say } from '../log.js';
import { openOutage } from '../outage.js';
import { openSerf, type SerfPlace, SerfRefusal } from '../serf/connection.js';
import { agentTag } from '../serf/messages.js';
import { type PoolPlace, runSession } from './pool-session.js';

/** Peers to watch. */
export interface PeersPlan extends PoolPlace {
  readonly serf: SerfPlace;
  readonly say: Say;
  /** The first wait before another connection, ms; it doubles up to the longest. */
  readonly retryMs: number;
}

const longestRetryMs = 30_000;

/** A session that lasted this long was good, ms: the next wait is the first one again. */
const goodMs = 10_000;

/** Watches peers until the signal. */
export async function runPeers(plan: PeersPlan): Promise<void> {
  const { serf, clock, signal, say } = plan;
  const outage = openOutage(say);
  const name = `Serf at ${serf.at.host}:${serf.at.port}`;
  let waitMs = plan.retryMs;
  while (!signal.aborted) {
    const beginMs = clock.steadyMs();
    try {
      const connection = await openSerf(serf);
      try {
        await runSession(connection, plan, () => outage.worked(`${name} answers again`));
      } finally {
        connection.close();
      }
    } catch (error) {
      if (signal.aborted) return;
      outage.failed(keyOf(error), `${name} ${failureText(error)}: peers are not watched until it answers`);
    }
    if (clock.steadyMs() - beginMs >= goodMs) waitMs = plan.retryMs;
    await clock.sleep(waitMs, signal);
    waitMs = Math.min(longestRetryMs, 2 * waitMs);
  }
}

/** Remedies of refusals, by their texts in Serf. */
const hints: readonly (readonly [RegExp, string])[] = [
  [/uthentication/, 'name the file with its rpc_auth with --serf-auth'],
  [/tags exceeds limit/, `its tags have no room for ${agentTag}=1: shorten them`],
];

function keyOf(error: unknown): string {
  return error instanceof SerfRefusal ? `refused ${error.message}` : 'away';
}

function failureText(error: unknown): string {
  if (error instanceof SerfRefusal) {
    const hint = hints.find(([pattern]) => pattern.test(error.message))?.[1];
    return `refuses (${error.message}${hint === undefined ? '' : `; ${hint}`})`;
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return `cannot be reached (${code !== '' ? code : error instanceof Error ? error.message : String(error)})`;
}

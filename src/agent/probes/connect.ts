// Probes of an address and a port: a TCP connection, closed at once. A refusal is an answer, since the host and the way to it work, which is what a
// link is about; whether the application works is for probes and health checks to say. What this machine itself lacks (file handles, ports)
// is no loss: such a probe tells nothing and is left out.

import { connect as connectSocket } from 'node:net';
import type { ProbeTimes } from '../../model/links/fping-output.js';
import type { LinkTarget } from '../../model/links/target.js';
import type { Clock, RoundTiming } from '../timing.js';
import { mostConnectsPerS, paceOf } from './pace.js';

/** Limits and places of a round of connections. */
export interface ConnectRequest {
  readonly timing: RoundTiming;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Most open connections, if the pace is lost (a machine that was suspended). */
const mostOpen = 128;

/** Connects to targets, all of which have a port. The times are in the order of the targets. */
export async function connectAll(
  targets: readonly LinkTarget[],
  request: ConnectRequest,
): Promise<readonly ProbeTimes[]> {
  const { timing, clock, signal } = request;
  const { probes, periodMs, gapMs } = paceOf(targets.length, timing, mostConnectsPerS);
  const times = targets.map((): (number | null | undefined)[] => new Array(probes).fill(undefined));
  const open = new Set<Promise<void>>();
  const beginMs = clock.steadyMs();
  for (let sweep = 0; sweep < probes; sweep++) {
    for (const [i, target] of targets.entries()) {
      await clock.sleep(Math.max(0, beginMs + sweep * periodMs + i * gapMs - clock.steadyMs()), signal);
      while (open.size >= mostOpen) await Promise.race(open);
      if (signal.aborted) return [];
      const one: Promise<void> = connectOnce(target, timing.timeoutMs).then((ms) => {
        const own = times[i];
        if (own !== undefined) own[sweep] = ms;
        open.delete(one);
      });
      open.add(one);
    }
  }
  await Promise.all(open);
  return times.map((own) => own.filter((ms) => ms !== undefined));
}

/** Errors of a machine that has run out of something. */
const ownFailures: readonly string[] = ['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EADDRNOTAVAIL', 'EAGAIN'];

/** The time of a connection or its refusal, ms; null if it was lost, undefined if this machine could not try. */
function connectOnce({ address, port }: LinkTarget, timeoutMs: number): Promise<number | null | undefined> {
  return new Promise((resolve) => {
    const beginMs = performance.now();
    const socket = connectSocket({ host: address, port: port ?? 0 });
    const end = (ms: number | null | undefined): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(ms);
    };
    const timer = setTimeout(() => end(null), timeoutMs);
    socket.once('connect', () => end(performance.now() - beginMs));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' || error.code === 'ECONNRESET') end(performance.now() - beginMs);
      else end(ownFailures.includes(error.code ?? '') ? undefined : null);
    });
  });
}

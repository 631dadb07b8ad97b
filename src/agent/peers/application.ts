// Probes of applications: whether what listens at an address and port answers as its kind does. The five states, and what decides them:
//
//   up              a right answer. A demand for credentials is one, as are standing rules that do not admit the probe: both come from an
//                   application that lives
//   refused         a prompt answer that is none: nobody listens, the connection was closed, the application turns clients away (it is full,
//                   starts, ends, or rejects a login that the operator gave)
//   down            silence: no connection, or not one byte
//   slow            a right answer after half of the time, or one that began and did not end
//   wrong-protocol  an answer that another protocol gives
//
// Nothing is left behind: each socket is destroyed, the bytes and the time are bounded, and a handshake is completed where servers count those
// that are not (MySQL).

import { type Clock, machineClock } from '../timing.js';
import { type Dialogue, type Login, ProbeEnd } from './kinds/dialogue.js';
import { completeMysql, looksLikeMysql } from './kinds/mysql.js';
import { dialogues, type ProbeKind } from './kinds/registry.js';
import { Wire } from './wire/wire.js';

export type { ProbeKind };

/** An application to probe. */
export interface ApplicationTarget {
  readonly kind: ProbeKind;
  /** An address, or a name that resolves. */
  readonly host: string;
  readonly port: number;
  /** Whether it speaks TLS. Its certificate is not verified: the question is whether it lives. */
  readonly tls: boolean;
  /** Its host's name, for HTTP's `Host` and TLS's SNI. */
  readonly name: string;
  /** The path of HTTP and WebSocket; `/` if left out. */
  readonly path?: string;
  /** A login for MySQL and AMQP, which log clients that do not log in, and for PostgreSQL, which shows then whether it takes clients. */
  readonly login?: Login;
}

/** The finding of a probe. */
export type Verdict = {
  readonly state: 'up' | 'refused' | 'down' | 'slow' | 'wrong-protocol';
  /** From the first packet to the answer, or to the end of the wait, ms. */
  readonly ms: number;
  /** For people; never a password, and printable characters only. */
  readonly detail: string;
};

type SteadyClock = Pick<Clock, 'steadyMs'>;

/** Part of the time after which a right answer is slow. */
const slowPart = 0.5;

/** Time in which a server may speak first, ms: at first, and where it may be a MySQL server; less where the whole time is short. */
const listenMs = { first: 250, wary: 2000 };
const mostListenPart = 0.45;

/**
 * Applications that answered as another kind's, and MySQL servers that are probed as plain TCP. A MySQL server blocks a host after 100 broken
 * handshakes, and with it the host's real clients, so these may speak first, and get an orderly login if they are MySQL servers.
 */
const wary = new Set<string>();
const mostWary = 1000;

/**
 * Probes an application once, within `timeoutMs`, and half a second for closing. Throws `CannotProbe` (wire/failures.ts) if this machine could
 * not try, which says nothing about the application.
 */
export async function probeApplication(
  target: ApplicationTarget,
  timeoutMs: number,
  clock: SteadyClock = machineClock,
): Promise<Verdict> {
  const key = `${target.kind} ${target.host} ${target.port}`;
  const isWary = wary.has(key);
  const wire = new Wire(target, timeoutMs);
  try {
    const beginMs = clock.steadyMs();
    const answer = await answerOf(wire, target, {
      listenMs: Math.min(isWary ? listenMs.wary : listenMs.first, timeoutMs * mostListenPart),
      isWary,
      clock,
    });
    const { state, detail, listenedMs = 0 } = answer;
    const ms = clock.steadyMs() - beginMs - listenedMs;
    remember(key, target.kind, answer);
    return { state: state === 'up' && ms > timeoutMs * slowPart ? 'slow' : state, ms, detail };
  } finally {
    // A MySQL server that hangs and recovers takes each client that left meanwhile for a broken handshake, unless a reset has taken its address.
    await wire.close({ resetsIfSilent: isWary || target.kind === 'mysql' });
  }
}

interface Circumstances {
  readonly listenMs: number;
  readonly isWary: boolean;
  readonly clock: SteadyClock;
}

interface Answer extends Pick<Verdict, 'state' | 'detail'> {
  /** Time that the probe has listened for a server that speaks first, ms. */
  readonly listenedMs?: number;
  readonly isMysql?: boolean;
}

async function answerOf(
  wire: Wire,
  target: ApplicationTarget,
  { listenMs, isWary, clock }: Circumstances,
): Promise<Answer> {
  const { kind, tls } = target;
  const { speaksFirst, startsTls, run }: Dialogue = dialogues[kind];
  try {
    await wire.connect();
    const connectedMs = clock.steadyMs();
    // A bare connection is a failed login to some servers.
    if (!speaksFirst && (isWary || (kind === 'tcp' && !tls))) {
      if (looksLikeMysql(await wire.peek(listenMs))) {
        const { detail } = await completeMysql(wire, target);
        if (kind === 'tcp') return { state: 'up', detail, isMysql: true };
        return { state: 'wrong-protocol', detail: `a MySQL server, probed as ${kind}` };
      }
    }
    const listenedMs = clock.steadyMs() - connectedMs;
    if (tls && !startsTls) await wire.secure();
    return { ...(await run(wire, target)), listenedMs };
  } catch (error) {
    if (error instanceof ProbeEnd) return { state: error.state, detail: error.message };
    throw error;
  }
}

function remember(key: string, kind: ProbeKind, { state, isMysql = false }: Answer): void {
  if (state === 'wrong-protocol' || isMysql) {
    if (wary.size < mostWary) wary.add(key);
  } else if (state === 'up' && kind !== 'tcp') wary.delete(key);
}

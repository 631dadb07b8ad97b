// Pings addresses with fping, in one process per round. fping takes the gap between two packets to any address (-i), the period to one address
// (-p) and prints one line per address in the end. See fping(8).
//
// fping needs raw sockets. Without rights for either kind of socket it exits with 4. On the unprivileged ones of Linux (ping_group_range),
// fping 5.1 takes no answer for its own and reports all as lost: 127.0.0.1, which is among the addresses of each round, shows that.

import { signalGroup, withGroup } from '../../collect/process/process-group.js';
import { endOrOverrun, type Session, type SessionEnd, startSession } from '../../collect/process/session.js';
import { type ProbeTimes, parseFping } from '../../model/links/fping-output.js';
import type { RoundTiming } from '../timing.js';
import { mostPingsPerS, paceOf } from './pace.js';

/** The address that shows whether pings work at all. */
export const ownAddress = '127.0.0.1';

/** The times by address; `problem` says why there are none, or why none can be right, and how to fix it. */
export interface PingAnswer {
  readonly times: ReadonlyMap<string, ProbeTimes>;
  readonly problem: PingProblem | null;
}

/** Why pings tell nothing. */
export interface PingProblem {
  readonly key: string;
  readonly text: string;
}

/** Limits and places of a round of pings. */
export interface PingRequest {
  readonly timing: RoundTiming;
  readonly signal: AbortSignal;
  /** The program; tests have others. */
  readonly fping?: string;
}

/** A line of results has some 90 bytes. */
const mostBytes = 2 ** 22;

/** Part of a round after which there is no time left for a report about it. */
const longestPart = 0.93;

/** Pings addresses, which are canonical. */
export async function ping(addresses: readonly string[], request: PingRequest): Promise<PingAnswer> {
  const { timing, signal, fping = 'fping' } = request;
  const { probes, periodMs, gapMs } = paceOf(addresses.length, timing, mostPingsPerS);
  const numbers = { C: probes, p: periodMs, i: gapMs, t: timing.timeoutMs };
  const args = ['-q', ...Object.entries(numbers).flatMap(([name, value]) => [`-${name}`, String(value)]), '-f', '-'];
  const session = startSession(fping, args, {
    stdoutBytes: mostBytes,
    stderrBytes: mostBytes,
    input: `${addresses.join('\n')}\n`,
  });
  const stop = (): void => signalGroup(session.pid, 'SIGKILL');
  signal.addEventListener('abort', stop);
  try {
    const limitMs = longestPart * timing.lengthS * 1000;
    const end = await withGroup(session.pid, () => endOrOverrun(session, limitMs));
    return answerOf(session, end, addresses.length, fping);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function answerOf(session: Session, end: SessionEnd | string, asked: number, fping: string): PingAnswer {
  const text = session.stderr.bytes().toString('latin1');
  const times = parseFping(text);
  const none = (key: string, why: string): PingAnswer => ({ times: new Map(), problem: { key, text: why } });
  if (typeof end === 'string')
    return none(
      'hung',
      `${fping} did not end within the round, so its results are dropped: is this machine overloaded?`,
    );
  if (end.errorCode !== null) return none(end.errorCode, startText(fping, end.errorCode));
  // 0 and 1: all answered, or not; 2: an address was refused.
  if (end.exitCode === 4 || end.exitCode === 3 || end.exitCode === null || times.size === 0) {
    return none(`exit ${end.exitCode}`, endText(fping, end, text));
  }
  const own = times.get(ownAddress);
  if (asked > 0 && own !== undefined && own.every((ms) => ms === null)) {
    return { times, problem: { key: 'own-lost', text: ownLost(fping) } };
  }
  return { times, problem: null };
}

const rightsFix = 'give it CAP_NET_RAW (setcap cap_net_raw+ep on it, or AmbientCapabilities=CAP_NET_RAW in the unit)';

function startText(fping: string, code: string): string {
  if (code === 'ENOENT') return `there is no ${fping}, which pings links: install it (apt install fping)`;
  return `${fping} does not start (${code}), so links are not pinged: ${rightsFix}; "lvs-stats doctor --to URL" checks it`;
}

function endText(fping: string, { exitCode, signal }: SessionEnd, text: string): string {
  const said = text.trim().split('\n')[0]?.slice(0, 200) ?? '';
  const how = signal === null ? `exited with status ${exitCode}` : `was ended by ${signal}`;
  const quoted = said === '' ? '' : ` ("${said}")`;
  return `${fping} ${how}${quoted}, so links are not pinged${exitCode === 4 ? `: ${rightsFix}` : ''}`;
}

function ownLost(fping: string): string {
  return (
    `${fping} reports ${ownAddress} as lost, so its other losses mean nothing: ` +
    `on unprivileged ping sockets fping 5.1 loses all answers; ${rightsFix}`
  );
}

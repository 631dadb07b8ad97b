// Tries out what an agent needs: fping, and each of its servers, from which it gets its links once.

import { ownAddress, type PingProblem, ping } from './probes/ping.js';
import { parseLinkList } from './server/parse-list.js';
import type { ServerUrl } from './server/server-url.js';
import { type Login, openSession } from './server/session.js';
import type { RoundTiming } from './timing.js';

/** The outcome of a request to a server. */
export interface ServerTrial {
  readonly name: string;
  /** Null if there was none. */
  readonly status: number | null;
  /** Its reason, or why there was no answer. */
  readonly text: string;
  /** Seconds that its clock is ahead of this machine's; null if it does not say. */
  readonly aheadS: number | null;
  /** Links in its list; null if it gave none. */
  readonly links: number | null;
}

const quick: RoundTiming = { lengthS: 10, phaseS: 0, probes: 2, spacingS: 0.2, timeoutMs: 500 };

/** Why pings of this host tell nothing; null if they do. */
export async function tryPing(fping?: string): Promise<PingProblem | null> {
  const request = { timing: quick, signal: new AbortController().signal, ...(fping !== undefined && { fping }) };
  return (await ping([ownAddress], request)).problem;
}

const timeoutMs = 5000;

/** Asks a server for the links of an agent. Does not throw. */
export async function tryServer(
  at: ServerUrl,
  { login, timing }: { login: Login; timing: RoundTiming },
): Promise<ServerTrial> {
  const session = openSession(at, login, timeoutMs);
  const nowS = Date.now() / 1000;
  try {
    const request = { method: 'GET', resource: 'links', body: '', timeS: Math.round(nowS), isLast: true } as const;
    const { status, text, dateS } = await session.send(request);
    const list = status === 200 ? parseLinkList(text, timing) : null;
    return {
      name: at.name,
      status,
      text: list?.problem ?? (status === 200 ? '' : (text.trim().split('\n')[0]?.slice(0, 200) ?? '')),
      aheadS: dateS === null ? null : dateS - nowS,
      links: list?.targets.length ?? null,
    };
  } catch (error) {
    const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
    const code = first instanceof Error && 'code' in first ? String(first.code) : '';
    const text = code !== '' ? code : first instanceof Error ? first.message : String(first);
    return { name: at.name, status: null, text, aheadS: null, links: null };
  } finally {
    session.close();
  }
}

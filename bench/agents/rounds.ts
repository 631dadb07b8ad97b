// Rounds of a fleet over HTTP, through the client of the real agent: the report, then the list of links.

import { setTimeout as pause } from 'node:timers/promises';
import { parseServerUrl } from '../../src/agent/server/server-url.js';
import { type AgentSession, openSession } from '../../src/agent/server/session.js';
import { agentKey } from '../../src/links/protocol/authorization.js';
import { roundAt, roundS, roundStartS } from '../../src/model/links/round.js';
import { type FleetHost, reportOf } from './fleet.js';

/** A fleet and its server. */
export interface FleetServer {
  readonly fleet: readonly FleetHost[];
  readonly url: string;
  readonly secret: string;
  /** The certificate that is trusted, PEM; null for clear text. */
  readonly ca: string | null;
}

/** The requests of a run. */
export interface RequestsMade {
  /** Milliseconds of each, from its beginning to the end of its answer. */
  readonly reportsMs: readonly number[];
  readonly listsMs: readonly number[];
  /** Bytes of a report, and of a list, on average. */
  readonly reportBytes: number;
  readonly listBytes: number;
  /** Failures, each once. */
  readonly failures: ReadonlyMap<string, number>;
}

/** Milliseconds that the client of an agent waits for an answer. */
const timeoutMs = 10_000;

/** Agents that report at a time when all of them do so at once. */
const atOnce = 50;

/** All agents report a part about their present round, as fast as the server takes it. */
export async function reportAtOnce(server: FleetServer, part: number): Promise<RequestsMade> {
  const made = new Made();
  const left = [...server.fleet];
  const work = async (): Promise<void> => {
    for (let host = left.pop(); host !== undefined; host = left.pop()) {
      await exchange(server, host, { round: roundAt(host.name, Date.now() / 1000), part, made });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return made;
}

/** One whole round in real time: each agent reports when a round of its own begins. */
export async function reportInTime(server: FleetServer): Promise<RequestsMade> {
  const made = new Made();
  const beginS = Date.now() / 1000;
  const due = server.fleet
    .map((host) => {
      const round = roundAt(host.name, beginS) + 1;
      return { host, round, atS: roundStartS(host.name, round) };
    })
    .toSorted((a, b) => a.atS - b.atS);
  const under: Promise<void>[] = [];
  for (const { host, round, atS } of due) {
    // Phases are whole seconds; agents of one are not in step.
    const spreadS = (under.length % 50) / 50;
    await pause(Math.max(0, (atS + spreadS) * 1000 - Date.now()));
    under.push(exchange(server, host, { round, part: 0, made }));
  }
  await Promise.all(under);
  await pause(Math.max(0, (beginS + roundS) * 1000 - Date.now()));
  return made;
}

class Made implements RequestsMade {
  readonly reportsMs: number[] = [];
  readonly listsMs: number[] = [];
  readonly failures = new Map<string, number>();
  #reportBytes = 0;
  #listBytes = 0;

  get reportBytes(): number {
    return this.#reportBytes / this.reportsMs.length;
  }

  get listBytes(): number {
    return this.#listBytes / this.listsMs.length;
  }

  report(bytes: number, ms: number): void {
    this.#reportBytes += bytes;
    this.reportsMs.push(ms);
  }

  list(bytes: number, ms: number): void {
    this.#listBytes += bytes;
    this.listsMs.push(ms);
  }

  fail(why: string): void {
    this.failures.set(why, (this.failures.get(why) ?? 0) + 1);
  }
}

async function exchange(
  { url, secret, ca }: FleetServer,
  host: FleetHost,
  { round, part, made }: { readonly round: number; readonly part: number; readonly made: Made },
): Promise<void> {
  const { name } = host;
  const session = openSession(parseServerUrl(url), { name, key: agentKey(secret, name), ca }, timeoutMs);
  try {
    const body = JSON.stringify({ ...reportOf(host, round), part });
    const report = await timed(session, { method: 'POST', resource: 'results', body, isLast: false });
    made.report(Buffer.byteLength(body), report.ms);
    const list = await timed(session, { method: 'GET', resource: 'links', body: '', isLast: true });
    made.list(Buffer.byteLength(list.text), list.ms);
    if (!host.targets.every((to) => list.text.includes(`"${to}"`))) made.fail('a list lacks links');
  } catch (error) {
    made.fail(error instanceof Error ? error.message : String(error));
  } finally {
    session.close();
  }
}

async function timed(session: AgentSession, request: Omit<Parameters<AgentSession['send']>[0], 'timeS'>) {
  const beganMs = performance.now();
  const { status, text } = await session.send({ ...request, timeS: Math.round(Date.now() / 1000) });
  if (status >= 300) throw new Error(`${request.resource}: ${status} ${text.trim()}`);
  return { text, ms: performance.now() - beganMs };
}

// The agent: in each round it probes its links, reads what its host says, and reports both to each server. It does not end because a server is
// away, and keeps nothing: a report that no attempt within the round delivers is dropped, since the next one tells what is so now.

import {
  type AgentAbout,
  mostDirectorLinks,
  type NamedAddresses,
  type PeerConnections,
  type PeerReport,
} from '../model/links/report.js';
import { type LinkTarget, targetText } from '../model/links/target.js';
import { countOf } from '../model/text/count-of.js';
import type { Say } from './log.js';
import { type Outage, openOutage } from './outage.js';
import { ownAddress } from './probes/ping.js';
import { probeLinks } from './probes/probe-links.js';
import { type LinkServer, openServer } from './server/link-server.js';
import type { ServerUrl } from './server/server-url.js';
import type { Login } from './server/session.js';
import { splitReport } from './server/split-report.js';
import { type Clock, type RoundTiming, roundBeginS, roundNumber } from './timing.js';

/** The facts that an agent reads on its host. None of these functions throws. */
export interface Host {
  /** Targets that the host itself names, at the beginning of a round. */
  readonly targets: () => Promise<readonly LinkTarget[]>;
  /** The names among these, as they were resolved. */
  readonly names: () => readonly NamedAddresses[];
  /** Facts at the end of a round. */
  readonly about: () => Promise<AgentAbout>;
  readonly connections: () => Promise<readonly PeerConnections[]>;
}

/** An agent to run. */
export interface AgentPlan {
  readonly login: Login;
  readonly servers: readonly ServerUrl[];
  readonly host: Host;
  readonly timing: RoundTiming;
  readonly clock: Clock;
  readonly say: Say;
  readonly signal: AbortSignal;
  /** Ends after one round. */
  readonly isOnce: boolean;
  /** Limit of a request to a server, ms. */
  readonly timeoutMs: number;
  /** The first wait before a request is repeated, ms. */
  readonly retryMs: number;
  readonly fping?: string;
  /** The verdicts on peers at a time of the server's clock, epoch seconds; missing without Serf. Does not throw. */
  readonly peers?: (nowS: number) => readonly PeerReport[];
}

/** Part of a round after whose beginning it is too late to start it. */
const latestStart = 0.05;

/** Longest time without a look at the clock, which may be corrected, ms. */
const longestSleepMs = 5000;

/** Time before the end of a round in which no attempt begins, ms. */
const endMarginMs = 500;

/** Runs until the signal, or for a round. Resolves to whether a server took the newest report. */
export async function runAgent(plan: AgentPlan): Promise<boolean> {
  const { clock, signal, say } = plan;
  const servers = plan.servers.map((at) => openServer(at, plan));
  const nowS = (): number => clock.nowMs() / 1000 + (servers[0]?.aheadS() ?? 0);
  const outages = { fping: openOutage(say), links: openOutage(say), late: openOutage(say), size: openOutage(say) };
  await Promise.all(servers.map((server) => server.exchange([], clock.steadyMs() + plan.timeoutMs)));
  sayStart(plan, servers, nowS());
  let isTaken = false;
  for (let last: number | null = null; !signal.aborted; ) {
    const round = await nextRound(plan, nowS, last);
    if (round === null) break;
    last = round;
    isTaken = await workRound(round, { plan, servers, nowS, outages });
    if (plan.isOnce) break;
  }
  return isTaken;
}

interface Working {
  readonly plan: AgentPlan;
  readonly servers: readonly LinkServer[];
  readonly nowS: () => number;
  readonly outages: Readonly<Record<'fping' | 'links' | 'late' | 'size', Outage>>;
}

async function workRound(round: number, { plan, servers, nowS, outages }: Working): Promise<boolean> {
  const { host, timing, clock, signal, say } = plan;
  const own = await host.targets();
  const targets = chosen([...servers.flatMap((server) => server.targets()), ...own], outages.links);
  const { results, problem } = await probeLinks(targets, { ...plan, timing, clock, signal });
  if (signal.aborted) return false;
  if (problem === null) outages.fping.worked('fping works again');
  else outages.fping.failed(problem.key, problem.text);
  const [about, connections] = await Promise.all([host.about(), host.connections()]);
  const leftMs = (roundBeginS(timing, round + 1) - nowS()) * 1000 - endMarginMs;
  if (leftMs <= 0) {
    outages.late.failed('late', 'the round was over before its report: was this machine suspended, or its clock set?');
    return false;
  }
  outages.late.worked('rounds end in time again');
  const imports = own.map(targetText);
  const names = host.names();
  const named = names.length === 0 ? {} : { names };
  const peers = plan.peers === undefined ? {} : { peers: plan.peers(nowS()) };
  const { parts, dropped } = splitReport({
    round,
    about,
    results,
    imports,
    ...named,
    connections,
    ...peers,
  });
  if (dropped > 0)
    outages.size.failed(
      'size',
      `the report is too long: ${countOf(dropped, 'entry', 'entries')} at its end, the smallest counts of connections, are left out`,
    );
  else outages.size.worked('the report is complete again');
  const untilMs = clock.steadyMs() + leftMs;
  const taken = await Promise.all(servers.map((server) => server.exchange(parts, untilMs)));
  if (plan.isOnce)
    say(
      `round ${round}: ${countOf(results.length, 'result')}, ${countOf(connections.length, 'count')} of connections; ${taken.filter(Boolean).length} of ${countOf(servers.length, 'server')} took the report`,
      'notice',
    );
  return taken.includes(true);
}

/** The links of a round, each once, without this host itself. */
function chosen(targets: readonly LinkTarget[], outage: Outage): readonly LinkTarget[] {
  const all = new Map(targets.map((target) => [targetText(target), target]));
  all.delete(ownAddress);
  if (all.size <= mostDirectorLinks) outage.worked('all links are watched again');
  else outage.failed('many', `there are ${all.size} links: only ${mostDirectorLinks} are watched`);
  return [...all.values()].slice(0, mostDirectorLinks);
}

/** Waits for the beginning of a round other than the last; null after the signal. */
async function nextRound(
  { timing, clock, signal }: AgentPlan,
  nowS: () => number,
  last: number | null,
): Promise<number | null> {
  while (!signal.aborted) {
    const timeS = nowS();
    const round = roundNumber(timing, timeS);
    if (round !== last && timeS - roundBeginS(timing, round) <= latestStart * timing.lengthS) return round;
    const leftMs = (roundBeginS(timing, round + 1) - timeS) * 1000;
    await clock.sleep(Math.min(longestSleepMs, Math.max(1, Math.ceil(leftMs))), signal);
  }
  return null;
}

function sayStart({ login, timing, say }: AgentPlan, servers: readonly LinkServer[], timeS: number): void {
  const links = new Set(servers.flatMap((server) => server.targets().map(targetText))).size;
  const beginS = roundBeginS(timing, roundNumber(timing, timeS) + 1);
  const time = new Date(beginS * 1000).toISOString().slice(11, 19);
  say(
    `agent ${login.name}: ${countOf(links, 'link')} from ${servers.map(({ name }) => name).join(', ')}; the first round begins at ${time} UTC`,
    'notice',
  );
}

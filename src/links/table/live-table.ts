// The live table: what agents report, in memory. A restart forgets it; agents fill it again within two rounds, and what was lost is kept in a
// file (kept-links.ts), so that a restart neither ends a cut nor reports it twice.

import { cutsOf, type JudgedLink } from '../../interpret/links/blame.js';
import type { LinksJudgement } from '../../interpret/links/link-findings.js';
import { afterRound, isStale } from '../../interpret/links/link-history.js';
import { namedPeers } from '../../interpret/links/named-peers.js';
import {
  type AgentReport,
  type LinkList,
  type LinkResult,
  mostDirectorLinks,
  type PeerReport,
} from '../../model/links/report.js';
import { phaseOf, probesPerRound, roundS, spacingS } from '../../model/links/round.js';
import { canonicalTarget, isOwnLoopback } from '../../model/links/target.js';
import { type LinksPolicy, type LinkThresholds, pinnedTargets, standardLinks } from '../../model/policy/links.js';
import type { Topology } from '../../model/topology/topology.js';
import { type AgentState, forgottenS, isKept, type LinkState, linkTo, newAgent, newLink } from './agent-state.js';
import { chooseLinks } from './choose-links.js';
import { KeptConnections } from './kept-connections.js';
import { KeptNames } from './kept-names.js';
import { KeptPeers } from './kept-peers.js';
import { Places } from './places.js';
import { withPeak } from './tally.js';

/** The most agents, and links in all. */
const [mostAgents, mostLinksInAll] = [20_000, 200_000];

/** Natural order: web2 before web10. */
const byNumbers = new Intl.Collator('en', { numeric: true });

/** The outcome of a report. */
export type Acceptance =
  /** `ignored`: results of links that the agent is not asked to watch, and further ones of a link in a round. */
  | { readonly kind: 'taken'; readonly ignored: number }
  | { readonly kind: 'repeated'; readonly round: number }
  | { readonly kind: 'full' };

/** The live table. */
export class LiveTable {
  readonly #agents = new Map<string, AgentState>();
  readonly #policy: () => LinksPolicy;
  /** Epoch seconds: nobody could report to this process before. */
  readonly #startS: number;
  /** Where agents and targets stand. */
  readonly places: Places;
  /** The agents by name; null since some came or left. */
  #inOrder: readonly AgentState[] | null = null;
  /** The connections of all agents. */
  readonly connections = new KeptConnections();
  /** The names that agents resolved in the last day. */
  readonly names = new KeptNames();
  /** The verdicts on peers of all agents. */
  readonly peers = new KeptPeers();
  #linkCount = 0;

  constructor(topology: () => Topology, startS = 0, policy: () => LinksPolicy = () => standardLinks) {
    this.places = new Places(this.#agents, topology);
    this.#policy = policy;
    this.#startS = startS;
  }

  /** Takes a report. Parts of a report, and rounds, only grow. */
  accept(name: string, report: AgentReport, nowS: number): Acceptance {
    const known = this.#agents.get(name);
    if (known === undefined && this.#agents.size >= mostAgents) return { kind: 'full' };
    const agent = known ?? newAgent(name, nowS);
    const { round, part = 0 } = report;
    if (round < agent.round || (round === agent.round && part <= agent.part)) return { kind: 'repeated', round };
    if (known === undefined) this.#add(agent);
    const isFirstPart = round > agent.round;
    agent.round = round;
    agent.part = part;
    agent.lastS = nowS;
    agent.about = isFirstPart ? report.about : { ...agent.about, ...report.about };
    const own = report.results.find(({ to }) => isOwnLoopback(to));
    if (own !== undefined) agent.isBlind = !own.outcomes.includes('1');
    else if (isFirstPart) agent.isBlind = false;
    const ignored = agent.isBlind ? 0 : this.#take(agent, report.results, nowS);
    this.connections.take(name, report.connections, isFirstPart);
    this.names.take(report.names ?? [], nowS);
    this.peers.take(name, report.peers ?? [], isFirstPart);
    this.#learnAddresses(agent, report, isFirstPart);
    this.#want(agent, chooseLinks(report, this.pinnedOf(agent)), nowS);
    return { kind: 'taken', ignored };
  }

  #take(agent: AgentState, results: readonly LinkResult[], timeS: number): number {
    let ignored = 0;
    for (const result of results) {
      const { to, outcomes, rtt, rttMax } = result;
      if (isOwnLoopback(to)) continue;
      const link = linkTo(agent, to);
      if (link === undefined || link.round === agent.round) {
        ignored += 1;
        continue;
      }
      link.round = agent.round;
      const answers = Array.from(outcomes, (digit) => digit === '1');
      const round = { answers, rtt: rtt ?? Number.NaN, rttMax: rttMax ?? Number.NaN, timeS };
      link.history = afterRound(link.history, round, this.thresholds());
      link.tally.add(result, agent.round);
      agent.tally.add(result, agent.round);
      if (rttMax !== null) agent.peaks = withPeak(agent.peaks, { timeS, ms: rttMax });
    }
    return ignored;
  }

  #learnAddresses(agent: AgentState, { connections }: AgentReport, isFirstPart: boolean): void {
    const locals = connections.map(({ local }) => local);
    const next = new Set(isFirstPart ? locals : [...agent.addresses, ...locals]);
    if (next.size > 0) this.places.move(agent, next);
  }

  #want(agent: AgentState, targets: readonly string[], nowS: number): void {
    for (const text of targets) {
      const link = linkTo(agent, text);
      if (link !== undefined) link.wantedS = nowS;
      else if (this.#linkCount < mostLinksInAll && agent.links.size < 2 * mostDirectorLinks) {
        const to = canonicalTarget(text);
        agent.links.set(to, newLink(agent.name, to, nowS));
        this.#linkCount += 1;
      }
    }
    for (const link of agent.links.values()) if (!isKept(link, nowS)) this.#drop(agent, link);
  }

  #drop(agent: AgentState, { to }: LinkState): void {
    agent.links.delete(to);
    this.#linkCount -= 1;
  }

  /** The links that an agent is to watch. */
  listOf(name: string): LinkList {
    const links = [...(this.#agents.get(name)?.links.keys() ?? [])].map((to) => ({ to }));
    const spreadS = probesPerRound * spacingS;
    return { agent: name, everyS: roundS, phaseS: phaseOf(name), probes: probesPerRound, spreadS, links };
  }

  /** The cuts that can be named, the agents that are silent, and the peers that others name. Agents that have been silent for a day are forgotten. */
  judge(nowS: number): LinksJudgement {
    for (const agent of this.#agents.values()) if (nowS - agent.lastS > forgottenS) this.forget(agent.name);
    const judged = this.#judged(nowS);
    const silent = [...this.#agents.values()].filter(({ lastS }) => isStale(Math.max(lastS, this.#startS), nowS));
    const isSilent = new Set(silent.map(({ name }) => name));
    return {
      cuts: cutsOf(judged, nowS),
      lost: judged.filter(({ lostS }) => lostS !== null).length,
      silent: silent.map(({ name, lastS }) => ({ name, lastS })),
      agents: this.#agents.size,
      peers: namedPeers(
        [...this.peers.all()].filter(([name]) => !isSilent.has(name)),
        nowS,
      ),
    };
  }

  /** Forgets an agent with its links, if it is known. */
  forget(name: string): void {
    const agent = this.#agents.get(name);
    if (agent === undefined) return;
    this.#agents.delete(name);
    this.#inOrder = null;
    this.connections.forget(agent.name);
    this.peers.forget(agent.name);
    this.#linkCount -= agent.links.size;
    this.places.forget(agent);
  }

  #add(agent: AgentState): void {
    this.#agents.set(agent.name, agent);
    this.#inOrder = null;
  }

  /**
   * The links that tell something: those reported lately; those that were lost when they were last reported; and beside these what was well after
   * the cut, since blame must not change because observers fall silent, or this process starts anew.
   */
  #judged(nowS: number): readonly JudgedLink[] {
    const frozenS = this.#frozenSince(nowS);
    const endOf = this.places.ends();
    const judged: JudgedLink[] = [];
    for (const agent of this.#agents.values()) {
      const fromDc = this.places.of(agent).dc;
      for (const { to, history } of agent.links.values()) {
        if (history === null) continue;
        if (history.lostS === null && history.lastS < frozenS && isStale(history.lastS, nowS)) continue;
        const end = endOf(to);
        const { lostS, lastS } = history;
        judged.push({ observer: agent.name, target: end.host, fromDc, toDc: end.dc, lostS, lastS });
      }
    }
    return judged;
  }

  /** When the first of the cuts began whose observers are silent; infinite if there is none. */
  #frozenSince(nowS: number): number {
    let firstS = Number.POSITIVE_INFINITY;
    for (const { links } of this.#agents.values()) {
      for (const { history } of links.values()) {
        if (history !== null && history.lostS !== null && isStale(history.lastS, nowS))
          firstS = Math.min(firstS, history.lostS);
      }
    }
    return firstS;
  }

  /** The targets that the policy pins for an agent. */
  pinnedOf(agent: AgentState): ReadonlySet<string> {
    const { watch } = this.#policy();
    const role = watch.length === 0 ? null : this.places.of(agent).role;
    return pinnedTargets({ watch }, { name: agent.name, role, addresses: agent.addresses });
  }

  /** The thresholds in force. */
  thresholds(): LinkThresholds {
    return this.#policy().thresholds;
  }

  /** The agents, by name. */
  agents(): ReadonlyMap<string, AgentState> {
    return this.#agents;
  }

  /** The agents, sorted by name. */
  agentsInOrder(): readonly AgentState[] {
    this.#inOrder ??= [...this.#agents.values()].toSorted((a, b) => byNumbers.compare(a.name, b.name));
    return this.#inOrder;
  }

  /** Puts an agent back that was known before a restart. */
  restore(agent: AgentState, peers: readonly PeerReport[]): void {
    if (this.#agents.has(agent.name) || this.#agents.size >= mostAgents) return;
    this.#add(agent);
    this.peers.take(agent.name, peers, true);
    this.#linkCount += agent.links.size;
    this.places.move(agent, agent.addresses);
  }
}

// The state of one agent in the live table. It changes in place: thousands of agents report every two minutes.

import type { Peak } from '../../model/links/counts.js';
import type { LinkHistory } from '../../model/links/link.js';
import type { AgentAbout } from '../../model/links/report.js';
import { roundS } from '../../model/links/round.js';
import { canonicalTarget, parseTarget } from '../../model/links/target.js';
import { linkArchive } from '../../model/names/link-name.js';
import { Tally } from './tally.js';

/** A link of an agent. */
export interface LinkState {
  readonly to: string;
  /** Null before the first round. */
  history: LinkHistory | null;
  /** The address of the target, and the name of the link's archive: finding them takes long. */
  readonly address: string;
  readonly archive: string;
  /** When the agent last wanted to watch it, epoch seconds. */
  wantedS: number;
  /** The newest round with a result of it. */
  round: number;
  readonly tally: Tally;
}

/** An agent. */
export interface AgentState {
  readonly name: string;
  about: AgentAbout;
  /** The newest report: its round, its part, and when it came, epoch seconds. */
  round: number;
  part: number;
  lastS: number;
  /** Its own loopback answered nothing in the newest round, so that its results say nothing. */
  isBlind: boolean;
  /** The addresses of its host, as its connections have them. */
  addresses: ReadonlySet<string>;
  /** By target. */
  readonly links: Map<string, LinkState>;
  /** Over all links. */
  readonly tally: Tally;
  peaks: readonly Peak[];
}

/** A link to a canonical target, wanted at a time, epoch seconds. */
export function newLink(agent: string, to: string, nowS: number): LinkState {
  const target = parseTarget(to) ?? { address: to, port: null };
  const archive = linkArchive({ agent, to: target });
  return { to, history: null, address: target.address, archive, wantedS: nowS, round: -1, tally: new Tally(nowS) };
}

/** The link of an agent to a target, however it is written; most are written as they are kept. */
export function linkTo({ links }: AgentState, text: string): LinkState | undefined {
  return links.get(text) ?? links.get(canonicalTarget(text));
}

/** An agent that was never heard of before a time, epoch seconds. */
export function newAgent(name: string, bornS: number): AgentState {
  return {
    name,
    about: {},
    round: -1,
    part: -1,
    lastS: 0,
    isBlind: false,
    addresses: new Set(),
    links: new Map(),
    tally: new Tally(bornS),
    peaks: [],
  };
}

/** Seconds after which a silent agent, or a lost link that nobody wants to watch any more, is forgotten. */
export const forgottenS = 86_400;

/** Whether a link is still to be watched: it is wanted, or it was lost and nobody knows yet that it is well again. */
export function isKept({ history, wantedS }: LinkState, nowS: number): boolean {
  if (wantedS === nowS) return true;
  const lostS = history?.lostS ?? null;
  return lostS === null ? nowS - wantedS <= 2 * roundS : nowS - wantedS <= forgottenS;
}

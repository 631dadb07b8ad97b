// The part of the policy about links: from when on one counts as lost, lossy or slow, and which ones agents watch in any case (pinned links).

import { addressOfTarget } from '../links/target.js';
import { globMatcher } from '../names/match-name.js';

/** The thresholds of links. */
export interface LinkThresholds {
  /** Lost pings among the newest ten that make a link lost. */
  readonly lostOfTen: number;
  /** Part of the newest 30 pings from which a link is lossy. */
  readonly lossy: number;
  /** A link is slow if its round trip takes so many times as long as usual, and so many milliseconds longer. */
  readonly slowFactor: number;
  readonly slowMs: number;
}

/** Targets that some agents watch. An agent must fulfil both conditions; null is none. */
export interface WatchRule {
  /** A pattern of names. */
  readonly agents: string | null;
  readonly role: string | null;
  /** Targets as canonical texts. */
  readonly to: readonly string[];
}

/** The policy of links. */
export interface LinksPolicy {
  readonly thresholds: LinkThresholds;
  readonly watch: readonly WatchRule[];
}

/** An agent, as far as rules concern it. */
export interface RuledAgent {
  readonly name: string;
  /** Null if unknown. */
  readonly role: string | null;
  /** Its own addresses, as far as they are known: an agent does not watch itself. */
  readonly addresses?: ReadonlySet<string>;
}

/** The policy of links where the file sets nothing. */
export const standardLinks: LinksPolicy = {
  thresholds: { lostOfTen: 9, lossy: 0.1, slowFactor: 3, slowMs: 5 },
  watch: [],
};

/** The targets that the policy pins for an agent, each once, in its order. */
export function pinnedTargets({ watch }: Pick<LinksPolicy, 'watch'>, agent: RuledAgent): ReadonlySet<string> {
  if (watch.length === 0) return nothing;
  const targets = watch.filter((rule) => concerns(rule, agent)).flatMap(({ to }) => to);
  const { addresses = nothing } = agent;
  return new Set(addresses.size === 0 ? targets : targets.filter((to) => !addresses.has(addressOfTarget(to))));
}

const nothing: ReadonlySet<string> = new Set();

function concerns({ agents, role }: WatchRule, agent: RuledAgent): boolean {
  return (role === null || role === agent.role) && (agents === null || globMatcher(agents)(agent.name));
}

// The present state of a server with agents, for pages and commands. Without agents there is none: nobody watches, which is not the same as well.

import type { LiveRow } from '../../model/links/live-row.js';
import type { Finding } from '../finding/finding.js';
import type { LinkAxis, LinkGroups } from './groups.js';
import type { LinkVerdict } from './link.js';

/** A link now. */
export interface LinkRow {
  readonly agent: string;
  /** A target as text. */
  readonly to: string;
  readonly verdict: LinkVerdict;
  /** Share of lost probes among the newest 30, from 0 to 1; null if unknown. */
  readonly loss: number | null;
  /** Median round-trip time of the newest round, and the usual one, ms; null if unknown. */
  readonly rtt: number | null;
  readonly usualRtt: number | null;
  /** When it was cut, epoch seconds; null unless it is lost. */
  readonly lostS: number | null;
  readonly lastS: number;
  /** Data centres and roles of both ends; null if unknown. */
  readonly fromDc: string | null;
  readonly toDc: string | null;
  readonly fromRole: string | null;
  readonly toRole: string | null;
  /** The services with real servers at the far end of a lost link, by name; missing for other links. */
  readonly hurts?: readonly string[];
}

/** A link, as far as its target's reach needs it. */
export interface ObservedLink {
  readonly agent: string;
  readonly to: string;
  /** When it was cut, epoch seconds; null unless it is lost. */
  readonly lostS: number | null;
  readonly isStale: boolean;
}

/** How many agents and links there are, whatever part of them is there. */
export interface LinkTotals {
  readonly agents: number;
  /** Agents that are silent. */
  readonly silent: number;
  /** Links by verdict. */
  readonly links: Readonly<Record<LinkVerdict, number>>;
}

/** The part of the live table that a reader needs: so many agents, by name, and so many links, worst first. */
export interface LinksPart {
  readonly mostAgents: number;
  readonly mostLinks: number;
}

/** The whole table; its agents alone; and its totals and findings alone. */
export const wholeTable: LinksPart = { mostAgents: Number.MAX_SAFE_INTEGER, mostLinks: Number.MAX_SAFE_INTEGER };
export const agentsAlone: LinksPart = { ...wholeTable, mostLinks: 0 };
export const totalsAlone: LinksPart = { mostAgents: 0, mostLinks: 0 };

/** The live table at a moment, or a part of it. */
export interface LinksView {
  readonly timeS: number;
  /** Missing where all agents and links are there, as from older servers. */
  readonly totals?: LinkTotals;
  /** By name. */
  readonly agents: readonly LiveRow[];
  /** Worst first, by agent within a verdict. */
  readonly links: readonly LinkRow[];
  readonly findings: readonly Finding[];
}

/** The live table for pages: as rows, and counted by the groups of its links' ends. */
export interface LinksSource {
  readonly view: (part?: LinksPart) => LinksView;
  /** All links, worst first, as of now: made while they are read. */
  readonly each: () => Iterable<LinkRow>;
  readonly groups: (axis: LinkAxis) => LinkGroups;
}

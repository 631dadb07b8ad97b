// The counts of the live table, from which a cycle makes archives. Counters only grow, so a cycle that fails loses nothing.

import type { Finding } from '../finding/finding.js';

/** Probes, and how many of them were lost. */
export interface Probes {
  readonly probes: number;
  readonly lost: number;
  /** Rounds with an answer, and the sum of their median round-trip times, microseconds. */
  readonly rounds: number;
  readonly rttUs: number;
}

/** Probes over a link, or over all links of an agent, since counting began; they only grow. */
export interface ProbeCounts extends Probes {
  /** When counting began, epoch seconds: after a restart, or when the link is watched again, counters begin at 0. */
  readonly bornS: number;
  /** Those of the newest round, which stand for an interval in which none ended. */
  readonly newest: Probes;
}

/** The counts of a link. */
export interface LinkCounts extends ProbeCounts {
  readonly archive: string;
  /** Its newest round is too old to tell anything. */
  readonly isStale: boolean;
}

/** The counts of an agent, and its present state. */
export interface AgentCounts extends ProbeCounts {
  readonly agent: string;
  readonly role: string | null;
  readonly dc: string | null;
  readonly isSilent: boolean;
  /** Links that are watched, and that are lost, now. */
  readonly links: number;
  readonly lostLinks: number;
  /** Longest round-trip times, ms, with their times: each is the longest since then. Newest last. */
  readonly peaks: readonly Peak[];
}

/** A round-trip time and when it was reported, epoch seconds. */
export interface Peak {
  readonly timeS: number;
  readonly ms: number;
}

/** The opening or closing of a finding of links. */
export interface LinkChange {
  /** Counts from 1 in each process. */
  readonly number: number;
  readonly timeS: number;
  readonly isOpen: boolean;
  readonly finding: Finding;
}

/** One reading of the live table. */
export interface LinksReading {
  /** When the server started, epoch milliseconds: it identifies the process that numbers changes. */
  readonly processMs: number;
  readonly agents: readonly AgentCounts[];
  /** The links that have archives. */
  readonly links: readonly LinkCounts[];
  /** The newest changes, oldest first. */
  readonly changes: readonly LinkChange[];
}

/** The name of the source in the known state. */
export const linksSource = 'agents';

/** The most archives of links, and of agents, that are written to; those that are gone may be as many again. */
export const mostLinkArchives = 5000;
export const mostAgentArchives = 20_000;

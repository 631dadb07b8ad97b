// The present state of a server with agents, for pages and commands. Without agents there is none: nobody watches, which is not the same as well.

import type { LiveRow } from '../../model/links/live-row.js';
import type { Finding } from '../finding/finding.js';
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

/** The live table at a moment. */
export interface LinksView {
  readonly timeS: number;
  /** By name. */
  readonly agents: readonly LiveRow[];
  /** Worst first, by agent within a verdict. */
  readonly links: readonly LinkRow[];
  readonly findings: readonly Finding[];
}

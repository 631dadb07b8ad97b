// Verdicts on links, and what is cut.

/** The verdict on a link. `lossy` and `slow` never page. */
export const linkVerdicts = ['lost', 'lossy', 'slow', 'stale', 'well'] as const;

/** The verdict on a link, worst first. */
export type LinkVerdict = (typeof linkVerdicts)[number];

/** The history of a link, as far as verdicts need it. */
export interface LinkHistory {
  /** The newest 30 probes as bits, set if lost; bit 0 is the newest. */
  readonly losses: number;
  /** How many of these bits are known. */
  readonly known: number;
  /** When the link was cut, estimated from the spacing of probes, epoch seconds; null while it is not lost. */
  readonly lostS: number | null;
  /** Median and longest round-trip time of the newest round with an answer, ms; NaN before. */
  readonly rtt: number;
  readonly rttMax: number;
  /** The usual median, ms; NaN before the first answer. */
  readonly usualRtt: number;
  /** Rounds in a row with a median far above the usual. */
  readonly slowRounds: number;
  /** When its newest round was reported, epoch seconds. */
  readonly lastS: number;
}

/** The cause of lost links: the host that watches, the host that is watched, the way between two data centres, or one link. */
export type Blame = 'observer' | 'target' | 'dcs' | 'pair';

/** Lost links with one cause. */
export interface Cut {
  readonly blame: Blame;
  /** An agent, a host's address, `tx~fr`, or `web01/10.1.2.3`. */
  readonly subject: string;
  /** When it began, estimated, epoch seconds. */
  readonly sinceS: number;
  /** Lost links of this cause, and all links that could tell. */
  readonly lost: number;
  readonly links: number;
  /** Agents that lose links, and addresses that are not reached, sorted. */
  readonly observers: readonly string[];
  readonly targets: readonly string[];
}

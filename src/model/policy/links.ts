// The part of the policy about links: from when on one counts as lost, lossy or slow.

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

/** The policy of links. */
export interface LinksPolicy {
  readonly thresholds: LinkThresholds;
}

/** The policy of links where the file sets nothing. */
export const standardLinks: LinksPolicy = {
  thresholds: { lostOfTen: 9, lossy: 0.1, slowFactor: 3, slowMs: 5 },
};

// A row of the live table: an agent, its links and its host, as SQL sees them.

/** An agent now. Null is unknown. */
export interface LiveRow {
  readonly name: string;
  /** Watched links that are lost. */
  readonly disconnect: number;
  readonly dataCenter: string | null;
  readonly role: string | null;
  /** Load average of a minute. */
  readonly load: number | null;
  /** Requests a second that were answered with 4xx or 5xx. */
  readonly nginxErrRate: number | null;
  /** Percent of the watched links that are not lost. */
  readonly connectivity: number | null;
  /** Requests a second. */
  readonly nginxAccessRate: number | null;
  /** Requests a second that were answered with 4xx, 5xx and 504. */
  readonly nginx4xx: number | null;
  readonly nginx5xx: number | null;
  readonly nginx504: number | null;
  /** Watched links, and those with losses, and with long round-trip times. */
  readonly links: number;
  readonly lossy: number;
  readonly slow: number;
  /** 1 if the agent is silent. */
  readonly stale: 0 | 1;
  /** Time of its newest report, seconds since the epoch. */
  readonly lastSeen: number;
}

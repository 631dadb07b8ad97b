// Rates of nginx over a round.

import type { AgentAbout } from '../../model/links/report.js';

/** Rates of nginx, requests a second; a rate that is not known is missing. */
export type NginxAbout = Partial<
  Pick<AgentAbout, 'nginxAccessRate' | 'nginxErrRate' | 'nginx4xx' | 'nginx5xx' | 'nginx504'>
>;

/** A source of rates. `read` throws an `Error` that says why it cannot be read. */
export interface NginxRates {
  /** In messages. */
  readonly name: string;
  /** The rates since the last reading; empty at the first. */
  readonly read: () => Promise<NginxAbout>;
}

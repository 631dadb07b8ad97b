// Capacities that the policy states: what a link, or a service, can carry.

/** A limit that the operator states: for the director's link, or for the services that a glob matches. */
export interface CapacityLimit {
  /** `director`, or a glob over services, as in `--match`: `198.51.100.*:443`, `*`. */
  readonly of: 'director' | string;
  readonly measure: 'bitsPerS' | 'newConnectionsPerS' | 'openConnections';
  /** Above 0. */
  readonly limit: number;
}

/** All limits. */
export type Capacity = readonly CapacityLimit[];

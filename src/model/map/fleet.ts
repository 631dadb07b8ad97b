// The agents of a server with their connections and links at a moment: the part of the map that the director's table does not know.

import type { NamedAddresses } from '../links/report.js';

/** A link of an agent, as far as the map needs it. */
export interface FleetLink {
  /** A target as text. */
  readonly to: string;
  readonly isLost: boolean;
  /** Its newest result is too old to tell anything. */
  readonly isStale: boolean;
}

/** An agent. */
export interface FleetAgent {
  readonly name: string;
  /** Null if unknown. */
  readonly role: string | null;
  readonly dc: string | null;
  /** The addresses of its host, as its connections have them. */
  readonly addresses: readonly string[];
  readonly isSilent: boolean;
  /** The connections of its newest round, packed (packed-connections.ts); empty if it reported none, or they are unknown since a restart. */
  readonly connections: string;
  /** Kinds of connections of that round that the server could not keep. */
  readonly leftOut: number;
  readonly links: readonly FleetLink[];
}

/** Whether an agent's connections are all known, so that it has none where it reports none. */
export function reportsAll({ connections, isSilent, leftOut }: FleetAgent): boolean {
  return connections !== '' && !isSilent && leftOut === 0;
}

/** The agents, by name. */
export interface FleetView {
  readonly agents: readonly FleetAgent[];
  /** Names whose addresses changed in the last day, with all of these, or that had several; by name. Missing from older servers. */
  readonly names?: readonly NamedAddresses[];
}

// The result of trying what an agent needs of Serf, which the doctor judges.

/** The result of trying Serf. */
export interface PoolTrial {
  readonly name: string;
  /** Why it cannot be used, and whether it refused; null if it can. */
  readonly failure: { readonly isRefusal: boolean; readonly text: string } | null;
  readonly alive: number;
  readonly members: number;
  /** Alive members with an agent. */
  readonly agents: number;
  readonly services: number;
  /** Members and tags that are not understood, in words. */
  readonly problems: readonly string[];
  /** Bytes by which the agent's tag exceeds what Serf takes for the tags of this host's member; 0 if it fits. */
  readonly tagExcess: number;
  /** Whether the pool's messages are encrypted; null if Serf does not say. */
  readonly isEncrypted: boolean | null;
}

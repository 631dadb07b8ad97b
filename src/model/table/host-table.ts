// Tables of the kernel beside that of ip_vs, which a director fills too, and which refuse entries when they are full.

/** The name of a table: the neighbours of a family (ARP and NDP), and tracked connections. */
export type HostTableName = 'neighbours-ipv4' | 'neighbours-ipv6' | 'conntrack';

/** A table that is there, with its use. */
export interface HostTable {
  readonly name: HostTableName;
  readonly entries: number;
  /** Above 0. */
  readonly limit: number;
}

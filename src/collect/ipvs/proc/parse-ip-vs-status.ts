// Parses /proc/net/ip_vs_status (ip_vs_status_show in net/netfilter/ipvs/ip_vs_ctl.c, in Linux 7.3), which each network namespace
// has of its own table. Only its first two lines are read: what follows says how evenly the table is filled, and how the threads
// that estimate are laid out. Making the text takes the kernel a walk through its table. Without a connection there may be no table.
//
//   Conns:	40
//   Conn buckets:	1024 (10 bits, lfactor -4)
//   Conn buckets empty:	945 (92%)

/** The connection table: connections and templates in it, exactly, and its buckets at that moment. */
export interface IpVsStatus {
  readonly entries: number;
  readonly buckets: number;
}

/** Reads the text; null where it is something else, or was cut off. */
export function parseIpVsStatus(text: string): IpVsStatus | null {
  const [, entries, buckets] = /^Conns:\t(\d{1,10})\nConn buckets:\t(\d{1,10}) \(/.exec(text) ?? [];
  if (entries === undefined || buckets === undefined) return null;
  return { entries: Number(entries), buckets: Number(buckets) };
}

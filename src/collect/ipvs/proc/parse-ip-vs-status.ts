// Parses /proc/net/ip_vs_status (ip_vs_status_show in net/netfilter/ipvs/ip_vs_ctl.c, in Linux 7.3), which describes each network
// namespace's own table. Only its first two lines are read: the rest covers how evenly the table is filled, and the layout of the estimator
// threads. The kernel walks its table to create the text. Without a connection there may be no table.
//
//   Conns:	40
//   Conn buckets:	1024 (10 bits, lfactor -4)
//   Conn buckets empty:	945 (92%)

/** The connection table: the exact number of connections and templates in it, and its buckets at that moment. */
export interface IpVsStatus {
  readonly entries: number;
  readonly buckets: number;
}

/** Parses the text; null when it is something else, or cut off. */
export function parseIpVsStatus(text: string): IpVsStatus | null {
  const [, entries, buckets] = /^Conns:\t(\d{1,10})\nConn buckets:\t(\d{1,10}) \(/.exec(text) ?? [];
  if (entries === undefined || buckets === undefined) return null;
  return { entries: Number(entries), buckets: Number(buckets) };
}

// Parses /proc/net/ip_vs_stats: the director's total counts since they were zeroed, and its current rates per second, in hexadecimal
// (ip_vs_stats_show in net/netfilter/ipvs/ip_vs_ctl.c).
//
//      Total Incoming Outgoing         Incoming         Outgoing
//      Conns  Packets  Packets            Bytes            Bytes
//         C8      4B0      3A2            13880            6F5F4
//
//    Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s
//          A       3C       2E              3E8             1640

import type { Counters } from '../../../model/snapshot.js';
import { parseHexCounters } from './hex-counters.js';

/** Both rows; null when the text is something else. */
export function parseIpVsStats(text: string): { readonly totals: Counters; readonly ratesPerS: Counters } | null {
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/));
  if (lines[1]?.join(' ') !== 'Conns Packets Packets Bytes Bytes') return null;
  const totals = parseHexCounters(lines[2] ?? []);
  const ratesPerS = parseHexCounters(lines[5] ?? []);
  return totals === null || ratesPerS === null ? null : { totals, ratesPerS };
}

// Parses the two files of the kernel's counters, in hexadecimal (net/netfilter/ipvs/ip_vs_ctl.c). /proc/net/ip_vs_stats has the director's total
// counts since they were zeroed, and its current rates per second (ip_vs_stats_show):
//
//      Total Incoming Outgoing         Incoming         Outgoing
//      Conns  Packets  Packets            Bytes            Bytes
//         C8      4B0      3A2            13880            6F5F4
//
//    Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s
//          A       3C       2E              3E8             1640
//
// /proc/net/ip_vs_stats_percpu has the counts of each processor since the module was loaded (ip_vs_stats_percpu_show, since Linux 2.6.39); its
// row "~" equals ip_vs_stats:
//
//   CPU    Conns  Packets  Packets            Bytes            Bytes
//     0       64      258      1D1             9C40            37AFA
//     ~       C8      4B0      3A2            13880            6F5F4

import type { Counters } from '../../../model/snapshot.js';

/** Both rows of ip_vs_stats; null when the text is something else. */
export function parseIpVsStats(text: string): { readonly totals: Counters; readonly ratesPerS: Counters } | null {
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/));
  if (lines[1]?.join(' ') !== 'Conns Packets Packets Bytes Bytes') return null;
  const totals = parseHexCounters(lines[2] ?? []);
  const ratesPerS = parseHexCounters(lines[5] ?? []);
  return totals === null || ratesPerS === null ? null : { totals, ratesPerS };
}

/** The counters of ip_vs_stats_percpu by processor number; empty when the text is something else. */
export function parseIpVsStatsPercpu(text: string): ReadonlyMap<number, Counters> {
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/));
  const processors = new Map<number, Counters>();
  if (lines[1]?.join(' ') !== 'CPU Conns Packets Packets Bytes Bytes') return processors;
  for (const [number = '', ...words] of lines.slice(2)) {
    if (number === '~') return processors;
    const counters = parseHexCounters(words);
    if (counters === null || !/^[0-9A-F]{1,4}$/.test(number)) break;
    processors.set(Number.parseInt(number, 16), counters);
  }
  // Cut off, or from another kernel: half of the processors would look like all of them.
  return new Map();
}

/** The counters of five hexadecimal words (%LX, up to 16 digits each); null for other words. */
function parseHexCounters(words: readonly string[]): Counters | null {
  if (words.length !== 5 || words.some((word) => !/^[0-9A-F]{1,16}$/.test(word))) return null;
  const [conns = 0n, inPkts = 0n, outPkts = 0n, inBytes = 0n, outBytes = 0n] = words.map((word) => BigInt(`0x${word}`));
  return { conns, inPkts, outPkts, inBytes, outBytes };
}

// Parses /proc/net/ip_vs_stats_percpu: the counts of each processor since the module was loaded, in hexadecimal, including the processor's
// number (ip_vs_stats_percpu_show in net/netfilter/ipvs/ip_vs_ctl.c, since Linux 2.6.39). The row "~" equals ip_vs_stats.
//
//          Total Incoming Outgoing         Incoming         Outgoing
//   CPU    Conns  Packets  Packets            Bytes            Bytes
//     0       64      258      1D1             9C40            37AFA
//     ~       C8      4B0      3A2            13880            6F5F4

import type { Counters } from '../../../model/snapshot.js';
import { parseHexCounters } from './hex-counters.js';

/** Counters by processor number; empty when the text is something else. */
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

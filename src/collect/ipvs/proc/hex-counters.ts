// The five counters as /proc/net/ip_vs_stats and ip_vs_stats_percpu print them: %LX, up to 16 digits each.

import type { Counters } from '../../../model/snapshot.js';

/** The counters of five hexadecimal words; null for other words. */
export function parseHexCounters(words: readonly string[]): Counters | null {
  if (words.length !== 5 || words.some((word) => !/^[0-9A-F]{1,16}$/.test(word))) return null;
  const [conns = 0n, inPkts = 0n, outPkts = 0n, inBytes = 0n, outBytes = 0n] = words.map((word) => BigInt(`0x${word}`));
  return { conns, inPkts, outPkts, inBytes, outBytes };
}

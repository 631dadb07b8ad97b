// The growth of counters between two readings, and when it cannot be known.
// The five counters of one server restart together (delete and re-add, `ipvsadm -Z`, module reload, reboot), so if one fell,
// all five are unknown. ipvsadm 1.31 prints a real server's first three cut to 32 bits: those may have wrapped.

import type { Counters } from '../../model/snapshot.js';

/** The counters in the order of an archive's DERIVE data sources: conns, inPkts, outPkts, inBytes, outBytes. */
export function counterList(counters: Counters): readonly bigint[] {
  return [counters.conns, counters.inPkts, counters.outPkts, counters.inBytes, counters.outBytes];
}

/** Position of the incoming bytes in a counter list: 64 bits wide for services and real servers alike. */
export const inBytesAt = 3;

/** Growth of each counter; null if at least one fell and no wrap explains it. */
export type Growth = readonly bigint[] | null;

/** Growth of counters that never wrap; null if any of them fell, or if their old values are unknown (`[]`). */
export function growthOf(before: readonly bigint[], now: readonly bigint[]): Growth {
  if (before.length === 0) return null;
  const growth: bigint[] = [];
  for (let i = 0; i < now.length; i += 1) {
    const value = (now[i] ?? 0n) - (before[i] ?? 0n);
    if (value < 0n) return null;
    growth.push(value);
  }
  return growth;
}

/** Did a counter of a real server wrap, given that its growth is known? */
export function hasWrapped(before: readonly bigint[], now: readonly bigint[]): boolean {
  return before.length > 0 && now.some((value, i) => value < (before[i] ?? 0n));
}

const twoTo31 = 1n << 31n;
const twoTo32 = 1n << 32n;
const smallestPacketBytes = 20n;
const largestPacketBytes = 65535n;

/**
 * Growth of a real server's counters, the first three of which ipvsadm 1.31 cuts to 32 bits. One that fell has wrapped
 * only if no byte counter fell, it was above 2^31, and the packets it implies fit the bytes (20 to 65,535 each; a
 * connection takes at least one packet). Otherwise null: a reset.
 */
export function growthOfRealServer(before: readonly bigint[], now: readonly bigint[]): Growth {
  return growthOf(before, now) ?? (before.length === 0 ? null : growthOverWrap(before, now));
}

function growthOverWrap(before: readonly bigint[], now: readonly bigint[]): Growth {
  const growth = now.map((value, i) => {
    const was = before[i] ?? 0n;
    const mayWrap = i < inBytesAt && was > twoTo31 && was < twoTo32;
    return value < was && mayWrap ? value - was + twoTo32 : value - was;
  });
  if (growth.some((value) => value < 0n)) return null;
  const [conns = 0n, inPkts = 0n, outPkts = 0n, inBytes = 0n, outBytes = 0n] = growth;
  const wrapped = (i: number): boolean => (now[i] ?? 0n) < (before[i] ?? 0n);
  if (wrapped(0) && conns > inPkts) return null;
  if (wrapped(1) && !packetsFit(inPkts, inBytes)) return null;
  if (wrapped(2) && !packetsFit(outPkts, outBytes)) return null;
  return growth;
}

function packetsFit(packets: bigint, bytes: bigint): boolean {
  return packets * smallestPacketBytes <= bytes && bytes <= packets * largestPacketBytes;
}

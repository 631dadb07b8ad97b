// The shape of a surge, from what the counters can tell: packets per connection, bytes per packet, and packets out over packets in, each
// against the usual week. With direct routing nothing goes out through the director: all but a SYN flood then look alike, and get no verdict.

import type { BaselineRate } from '../../model/baseline/baseline.js';
import type { FindingNumbers } from '../../model/finding/finding.js';
import type { Comparison } from './usual.js';

/** Shapes of attacks. */
export const attackShapes = ['syn-flood', 'small-packets', 'large-packets'] as const;

/** All shapes. */
export type TrafficShape = (typeof attackShapes)[number] | 'crowd' | 'bulk' | 'unlike';

/** A connection that does more than begin has at least so many packets (SYN, ACK, request, FIN). */
const leastPackets = 2.5;

/** The part of a surge by which a rate has grown. */
const grownPart = 0.7;

/** Bytes of a packet that is mostly payload. */
const largePacketBytes = 900;

/** The shape, with the numbers that say so. `surge` is the factor over the usual rate that counts as a surge. */
export function shapeOf(comparison: Comparison, surge: number): FindingNumbers & { readonly shape: TrafficShape } {
  const perConn = ratio(comparison, 'InPkts', 'Conns');
  const perPacket = ratio(comparison, 'InBytes', 'InPkts');
  const outOverIn = ratio(comparison, 'OutPkts', 'InPkts');
  // One rate has surged; the others of its shape have grown by most of that.
  const hasGrown = (rate: BaselineRate): boolean =>
    comparison[rate].now / comparison[rate].usual.high > grownPart * surge;
  const numbers = {
    packetsPerConn: perConn.now,
    usualPacketsPerConn: perConn.usual,
    bytesPerPacket: perPacket.now,
    usualBytesPerPacket: perPacket.usual,
    outOverIn: outOverIn.now,
    usualOutOverIn: outOverIn.usual,
  };
  const of = (shape: TrafficShape) => ({ ...known(numbers), shape });
  if (hasGrown('Conns') && perConn.now < leastPackets && perConn.now < 0.6 * perConn.usual) return of('syn-flood');
  if (!(outOverIn.usual > 0)) return of('unlike');
  // Small packets in may also acknowledge what goes out.
  const isOneWay = outOverIn.now < 0.6 * outOverIn.usual;
  if (hasGrown('InPkts') && perPacket.now < 0.65 * perPacket.usual && isOneWay) return of('small-packets');
  if (hasGrown('InBytes') && perPacket.now > largePacketBytes && perPacket.now > 1.5 * perPacket.usual)
    return of(isOneWay ? 'large-packets' : 'bulk');
  const isUsual = [perConn, perPacket, outOverIn].every(({ now, usual }) => now > 0.6 * usual && now < 1.7 * usual);
  if (hasGrown('Conns')) return of(isUsual ? 'crowd' : 'unlike');
  return of(hasGrown('InBytes') || hasGrown('OutBytes') ? 'bulk' : 'unlike');
}

function ratio(comparison: Comparison, over: BaselineRate, under: BaselineRate): { now: number; usual: number } {
  const [a, b] = [comparison[over], comparison[under]];
  return { now: a.now / b.now, usual: a.usual.high / b.usual.high };
}

/** Without the numbers that are none. */
function known(numbers: Readonly<Record<string, number>>): FindingNumbers {
  return Object.fromEntries(Object.entries(numbers).filter(([, value]) => Number.isFinite(value)));
}

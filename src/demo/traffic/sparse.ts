// Counters of services so quiet that single connections show: packets and bytes come with their connection, never without one.
// Each is a function of the number of connections so far, which it follows with some wandering.

import { meanRates, type Traffic } from '../cast/character.js';
import { hashAt } from './noise.js';

/** Below this many packets per second, connections are simulated singly. */
const sparsePktsPerS = 1;
/** Packets of a connection vary by twice these fractions of their mean: in step, bytes a little more than packets. */
const wander = [0, 0.3, 0.3, 0.34, 0.36] as const;

/** Whether single connections show in this traffic. */
export function isSparse(traffic: Traffic): boolean {
  const [, inPktsPerS = 0] = meanRates(traffic);
  return inPktsPerS < sparsePktsPerS && !traffic.isOnePacket;
}

/** Fills the counters beside `conns` (the first of `counters`) from it; a number of connections has one result per key. */
export function fillFromConns(counters: readonly Float64Array[], traffic: Traffic, key: number): void {
  const [connsPerS = 0, ...others] = meanRates(traffic);
  const [conns, ...columns] = counters;
  if (conns === undefined || connsPerS === 0) return;
  for (const [i, column] of columns.entries()) {
    const perConn = (others[i] ?? 0) / connsPerS;
    const part = wander[i + 1] ?? 0;
    for (let row = 0; row < column.length; row++) {
      const count = conns[row] ?? 0;
      column[row] = count === 0 ? 0 : Math.floor(perConn * (count + part * (2 * hashAt(key, count) - 1)));
    }
  }
}

// Consecutive cycles of a director with some services, five minutes apart.

import { interpret } from '../../src/interpret/interpret.js';
import type { Cycle, KnownState } from '../../src/model/cycle.js';
import type { Snapshot } from '../../src/model/snapshot.js';

/** Time of the first cycle. */
export const firstS = 1_700_000_100;

/** The director's table at cycle `n`. */
function snapshotAt(n: number, services = 2): Snapshot {
  return {
    timeS: firstS + n * 300,
    host: null,
    services: Array.from({ length: services }, (_, i) => {
      const count = BigInt(n * (i + 1));
      const counters = {
        conns: count,
        inPkts: count * 5n,
        outPkts: count * 4n,
        inBytes: count * 999n,
        outBytes: count,
      };
      const real = { counters, forwarding: 'Masq' as const, weight: 1, activeConn: n % 7, inActConn: i };
      return {
        id: { kind: 'address', protocol: 'tcp', address: `192.0.${2 + ((i + 1) >> 8)}.${(i + 1) & 255}`, port: 80 },
        counters,
        scheduler: 'wlc',
        flags: '',
        realServers: [{ ...real, id: { address: '10.0.0.1', port: 80 } }],
      };
    }),
  };
}

/** The cycle that follows a table. */
export function cycleAfter(table: KnownState, services?: number): Cycle {
  const n = table.timeS === null ? 0 : (table.timeS - firstS) / 300 + 1;
  return interpret(table, snapshotAt(n, services));
}

// Consistent counters for test tables.

import type { Counters, KernelReading } from '../../src/model/snapshot.js';

/** Each connection has 8 packets in, 10 out, of 100 and 1,000 bytes. */
export function counted(conns: number): Counters {
  const n = BigInt(conns);
  return { conns: n, inPkts: 8n * n, outPkts: 10n * n, inBytes: 800n * n, outBytes: 10_000n * n };
}

/** A kernel whose two processors have equal counts that add up to `conns`. */
export function kernelOf(conns: number, rest: Partial<KernelReading> = {}): KernelReading {
  return {
    totals: counted(conns),
    ratesPerS: null,
    laterTotals: null,
    processors: new Map([Math.ceil(conns / 2), Math.floor(conns / 2)].map((own, number) => [number, counted(own)])),
    tableSize: 4096,
    tableEntries: 17,
    isEstimating: true,
    syncDaemons: '',
    ...rest,
  };
}

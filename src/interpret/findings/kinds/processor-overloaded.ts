// One processor that handles far more than an even share of the packets, as when a network card's queues are not spread.

import { partName } from '../../../model/names/name.js';
import { reducer, type Sign, thresholdFor } from '../reducer.js';

/** Half an hour of standard steps. */
const cycles = 6;

/** Packets in an interval under which shares are not conclusive. */
const minPackets = 100_000;

/** The place of incoming and outgoing packets in the values of a processor. */
const [inPkts, outPkts] = [1, 2];

const pattern = new RegExp(`^${partName('cpu_0').replace('0', '')}\\d+$`);

/** The reducer. */
export const processorOverloaded = reducer({
  kind: 'processor-overloaded',
  severity: 'warning',
  openCycles: cycles,
  closeCycles: cycles,
  signs: ({ parts }, { processorExcess }, known) => {
    const packets = [...parts].flatMap(([archive, values]) =>
      pattern.test(archive)
        ? [{ archive, count: (values[inPkts] ?? Number.NaN) + (values[outPkts] ?? Number.NaN) }]
        : [],
    );
    const total = packets.reduce((sum, { count }) => sum + count, 0);
    if (packets.length < 2 || !(total >= minPackets)) return { found: new Map(), isUnknown: () => true };
    const even = 1 / packets.length;
    const found = new Map<string, Sign>();
    for (const { archive, count } of packets) {
      const share = count / total;
      if (share > even + thresholdFor(known, archive, processorExcess) * (1 - even))
        found.set(archive, { archives: [archive], numbers: { share, processors: packets.length } });
    }
    return { found };
  },
});

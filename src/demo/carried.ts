// A director of a pair: the table of a simulated director of which it carries the traffic in some spans only. Its counters grow in these and
// rest in others. It has copies of all open connections, as with the daemons of `ipvsadm --start-daemon`.

import type { Counters, KernelReading, ServiceReading, Snapshot } from '../model/snapshot.js';
import type { Director } from './director.js';
import type { Span } from './traffic/calendar.js';

/** The table at a time. */
export type SnapshotAt = Director['snapshotAt'];

/** The tables of one of the directors that carry the traffic of a simulated one in turn. The spans are in order and do not overlap. */
export function carriedIn(spans: readonly Span[], snapshotAt: SnapshotAt): SnapshotAt {
  const tallies = new Map<number, Tally>();
  const tallyAt = (timeS: number): Tally => {
    const tally = tallies.get(timeS) ?? tallyOf(snapshotAt(timeS));
    tallies.set(timeS, tally);
    return tally;
  };
  return (timeS) => {
    const now = snapshotAt(timeS);
    const own = tallyOf(now);
    const parts = spans
      .filter(({ fromS }) => fromS < timeS)
      .map(({ fromS, toS }) => ({
        from: tallyAt(fromS),
        to: toS < timeS ? tallyAt(toS) : own,
      }));
    const carried = (key: string): Counters =>
      parts.map(({ from, to }) => growth(from.get(key), to.get(key))).reduce(added, none);
    const isCarrying = spans.some(({ fromS, toS }) => fromS <= timeS && timeS < toS);
    return {
      ...now,
      services: now.services.map((service) => ({
        ...service,
        counters: carried(keyOf(service)),
        realServers: service.realServers.map((one) => ({ ...one, counters: carried(keyOf(service, one)) })),
      })),
      ...(now.kernel === undefined ? {} : { kernel: kernelOf(now.kernel, carried, isCarrying) }),
    };
  };
}

const none: Counters = { conns: 0n, inPkts: 0n, outPkts: 0n, inBytes: 0n, outBytes: 0n };

/** The counters of a table by entry. */
type Tally = ReadonlyMap<string, Counters>;

function tallyOf({ services, kernel }: Snapshot): Tally {
  const tally = new Map<string, Counters>();
  for (const service of services) {
    tally.set(keyOf(service), service.counters);
    for (const one of service.realServers) tally.set(keyOf(service, one), one.counters);
  }
  if (kernel?.totals) tally.set('total', kernel.totals);
  for (const [number, counters] of kernel?.processors ?? []) tally.set(`processor ${number}`, counters);
  return tally;
}

function keyOf({ id }: ServiceReading, realServer?: ServiceReading['realServers'][number]): string {
  return JSON.stringify([id, realServer?.id]);
}

/** The growth from one reading to a later one; counters that restarted meanwhile have grown by what they show. */
function growth(from: Counters = none, to: Counters = none): Counters {
  const hasRestarted = to.inPkts < from.inPkts || to.conns < from.conns;
  return hasRestarted ? to : combined(to, from, (a, b) => a - b);
}

function added(a: Counters, b: Counters): Counters {
  return combined(a, b, (x, y) => x + y);
}

function combined(a: Counters, b: Counters, use: (a: bigint, b: bigint) => bigint): Counters {
  return {
    conns: use(a.conns, b.conns),
    inPkts: use(a.inPkts, b.inPkts),
    outPkts: use(a.outPkts, b.outPkts),
    inBytes: use(a.inBytes, b.inBytes),
    outBytes: use(a.outBytes, b.outBytes),
  };
}

function kernelOf(kernel: KernelReading, carried: (key: string) => Counters, isCarrying: boolean): KernelReading {
  return {
    ...kernel,
    totals: kernel.totals === null ? null : carried('total'),
    ratesPerS: isCarrying ? kernel.ratesPerS : kernel.ratesPerS && none,
    laterTotals: null,
    processors: new Map([...kernel.processors.keys()].map((number) => [number, carried(`processor ${number}`)])),
    syncDaemons: `${isCarrying ? 'master' : 'backup'} sync daemon (mcast=eth0, syncid=7)`,
  };
}

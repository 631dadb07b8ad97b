// A director of a pair: its services have plain traffic while it serves, and none while the other one does.

import { withFindings } from '../../../src/interpret/findings/find.js';
import { interpret } from '../../../src/interpret/interpret.js';
import { emptyState, type KnownState } from '../../../src/model/cycle.js';
import type { Counters, KernelReading, RealServerReading, ServiceReading } from '../../../src/model/snapshot.js';
import { RememberedWeek } from './usual-week.js';

const stepS = 3600;
const startS = 1_763_700_000 - (1_763_700_000 % stepS);

interface Life {
  readonly weeks?: number;
  readonly readings?: number;
  readonly isServing: boolean;
  readonly syncDaemons?: string;
  /** The number of a service without traffic. */
  readonly silent?: number;
}

/** A director with hourly readings; each service is twice as busy in the second half of the day. */
export class PairedDirector {
  readonly #services: number;
  readonly #week = new RememberedWeek();
  readonly #conns: number[];
  #timeS = startS;
  table: KnownState = emptyState;
  /** The findings that opened: `kind archive`. */
  readonly opened: string[] = [];

  constructor(services: number) {
    this.#services = services;
    this.#conns = Array.from({ length: services }, () => 0);
  }

  live({ weeks = 0, readings = (weeks * 604_800) / stepS, ...life }: Life): void {
    for (let i = 0; i < readings; i += 1) this.#read(life);
  }

  #read({ isServing, syncDaemons, silent }: Life): void {
    this.#timeS += stepS;
    const busy = this.#timeS % 86_400 > 43_200 ? 2 : 1;
    for (let i = 0; i < this.#services; i += 1)
      if (isServing && i !== silent) this.#conns[i] = (this.#conns[i] ?? 0) + busy * 10 * (i + 1) * stepS;
    const services = this.#conns.map(serviceReading);
    const kernel = syncDaemons === undefined ? undefined : kernelWith(syncDaemons);
    const snapshot = { timeS: this.#timeS, host: null, services, isAbsenceSure: true, ...(kernel && { kernel }) };
    const read = interpret(this.table, snapshot);
    const cycle = withFindings(this.table, read, { usual: this.#week.usual(this.#timeS) });
    this.#week.add(read);
    for (const { kind, archive, to } of cycle.events)
      if (kind === 'finding-opened') this.opened.push(`${to} ${archive}`);
    this.table = cycle.table;
  }
}

function serviceReading(conns: number, i: number): ServiceReading {
  const id = { kind: 'address', protocol: 'tcp', address: `192.0.2.${i}`, port: 80 } as const;
  const counters = countersOf(conns);
  const server: RealServerReading = {
    id: { address: `10.0.0.${i}`, port: 80 },
    counters,
    forwarding: 'Masq',
    weight: 1,
    activeConn: 0,
    inActConn: 0,
  };
  return { id, counters, scheduler: 'wlc', flags: '', realServers: [server] };
}

function countersOf(conns: number): Counters {
  const [own, pkts] = [BigInt(conns), BigInt(conns * 10)];
  return { conns: own, inPkts: pkts, outPkts: pkts, inBytes: pkts * 130n, outBytes: pkts * 900n };
}

function kernelWith(syncDaemons: string): KernelReading {
  return {
    totals: null,
    ratesPerS: null,
    laterTotals: null,
    processors: new Map(),
    tableSize: null,
    tableEntries: null,
    isEstimating: true,
    syncDaemons,
  };
}

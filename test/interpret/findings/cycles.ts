// Cycles of a small director for the tests of findings: each reading is written as its services, and counters grow by what it says.

import type { ReferenceReading } from '../../../src/interpret/drift/judge-drift.js';
import { withFindings } from '../../../src/interpret/findings/find.js';
import type { Peaks, RedundancyGround } from '../../../src/interpret/findings/observation.js';
import { interpret } from '../../../src/interpret/interpret.js';
import { type Cycle, emptyState, type KnownState } from '../../../src/model/cycle.js';
import { type Finding, openFindings } from '../../../src/model/finding/finding.js';
import { isOfFinding } from '../../../src/model/ledger-event.js';
import type { Counters, KernelReading, RealServerReading, ServiceReading } from '../../../src/model/snapshot.js';
import type { HostTable } from '../../../src/model/table/host-table.js';

/** The time of the first reading. */
export const startS = 1_763_700_000;

/** A real server: its last octet, weight, connections since the reading before, and open ones. */
export type Server = readonly [octet: number, weight: number, conns?: number, active?: number];

/** A service by its port. */
export interface Service {
  readonly port: number;
  readonly servers: readonly Server[];
  readonly scheduler?: string;
  readonly flags?: string;
}

/** A director whose readings are given one by one. */
export class TestDirector {
  #table: KnownState = emptyState;
  #timeS = startS;
  readonly #conns = new Map<string, bigint>();
  /** The peaks and the redundancy that the next reading is judged by. */
  peaks: Peaks = new Map();
  redundancy: RedundancyGround | undefined;
  /** The kernel's other tables from the next reading on. */
  hostTables: readonly HostTable[] | undefined;
  /** The references of drift from the next reading on; null for none. */
  references: readonly ReferenceReading[] | null = null;
  /** The events of findings, as `kind finding`, and their details, as `archive: sentence`. */
  readonly events: string[] = [];
  readonly details: string[] = [];

  /** Reads the services once, or several times. */
  read(services: readonly Service[], { times = 1, kernel }: { times?: number; kernel?: KernelReading } = {}): void {
    for (let i = 0; i < times; i += 1) this.#readOnce(services, kernel);
  }

  get timeS(): number {
    return this.#timeS - 300;
  }

  get table(): KnownState {
    return this.#table;
  }

  get open(): readonly Finding[] {
    return openFindings(this.#table.findings);
  }

  /** The open findings as `kind subject`. */
  get found(): readonly string[] {
    return this.open.map(({ kind, subject }) => `${kind} ${subject}`);
  }

  take(cycle: Cycle): void {
    const judged = withFindings(this.#table, cycle, {
      peaks: this.peaks,
      redundancy: this.redundancy,
      references: this.references,
    });
    for (const { archive, kind, to, detail } of judged.events) {
      if (!isOfFinding(kind)) continue;
      this.events.push(`${kind} ${to}`);
      this.details.push(`${archive}: ${detail}`);
    }
    this.#table = judged.table;
    this.#timeS += 300;
  }

  #readOnce(services: readonly Service[], kernel: KernelReading | undefined): void {
    const read = services.map((service) => this.#serviceOf(service));
    const snapshot = { timeS: this.#timeS, host: null, services: read, isAbsenceSure: true, ...(kernel && { kernel }) };
    const { hostTables } = this;
    this.take(interpret(this.#table, hostTables === undefined ? snapshot : { ...snapshot, hostTables }));
  }

  #serviceOf({ port, servers, scheduler = 'rr', flags = '' }: Service): ServiceReading {
    const id = { kind: 'address', protocol: 'tcp', address: '192.0.2.1', port } as const;
    const realServers = servers.map(([octet, weight, conns = 100, active = 100]): RealServerReading => {
      const counters = this.#counted(`${port}/${octet}`, conns);
      const address = `10.0.0.${octet}`;
      return { id: { address, port: 80 }, counters, forwarding: 'Masq', weight, activeConn: active, inActConn: 0 };
    });
    const total = servers.reduce((sum, [, , conns = 100]) => sum + conns, 0);
    return { id, counters: this.#counted(String(port), total), scheduler, flags, realServers };
  }

  #counted(key: string, grown: number): Counters {
    const conns = (this.#conns.get(key) ?? 1000n) + BigInt(grown);
    this.#conns.set(key, conns);
    return { conns, inPkts: 9n * conns, outPkts: 9n * conns, inBytes: 900n * conns, outBytes: 9000n * conns };
  }
}

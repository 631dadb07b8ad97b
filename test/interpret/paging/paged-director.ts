// A director with racks, hosts and services, whose cycles are judged and paged as those of a real one. Every step reads the state back from JSON,
// as after a restart.

import type { OwnEvidence } from '../../../src/interpret/paging/own-evidence.js';
import { stepPaging } from '../../../src/interpret/paging/step.js';
import type { Finding } from '../../../src/model/finding/finding.js';
import { type Delivery, noPages, type PagingState } from '../../../src/model/paging/page.js';
import { type PagingPolicy, standardPaging } from '../../../src/model/policy/paging.js';
import { poolsOf } from '../../../src/model/table/pools.js';
import { type Topology, topologyOf } from '../../../src/model/topology/topology.js';
import { type Service, TestDirector } from '../findings/cycles.js';

/** A rack and the last octets of its hosts' addresses. */
export interface Rack {
  readonly rack: string;
  readonly octets: readonly number[];
}

/** The topology of racks in one data centre. */
export function racked(racks: readonly Rack[], dc: string | null = 'tx'): Topology {
  const entries = racks.flatMap(({ rack, octets }) =>
    octets.map((octet) => ({ host: `h${octet}`, addresses: [`10.0.0.${octet}`], rack, dc, role: null })),
  );
  const topology = topologyOf(entries);
  if ('problem' in topology) throw new Error(topology.problem);
  return topology;
}

/** How a health check takes a real server out. */
export type Removal = 'removed' | 'weight-0';

/** The director. */
export class PagedDirector {
  readonly director = new TestDirector();
  readonly #topology: Topology;
  readonly #services: readonly (readonly [port: number, octets: readonly number[]])[];
  readonly #policy: PagingPolicy;
  state: PagingState = noPages;
  /** The real servers that are out, as `port/octet`. */
  readonly down = new Map<string, Removal>();
  own: readonly OwnEvidence[] = [];
  /** Findings beside those of the cycles. */
  others: readonly Finding[] = [];
  readonly deliveries: Delivery[] = [];

  constructor(
    topology: Topology,
    services: readonly (readonly [port: number, octets: readonly number[]])[],
    policy: PagingPolicy = standardPaging,
  ) {
    this.#topology = topology;
    this.#services = services;
    this.#policy = policy;
    this.cycle(4);
  }

  /** All real servers of some hosts, as `port/octet`. */
  serversOn(octets: Iterable<number>): readonly string[] {
    const own = new Set(octets);
    return this.#services.flatMap(([port, all]) => all.filter((one) => own.has(one)).map((one) => `${port}/${one}`));
  }

  /** Reads the table and makes a step, once or several times. */
  cycle(times = 1): void {
    for (let i = 0; i < times; i += 1) {
      this.director.read(this.#services.map(([port, octets]) => this.#serviceNow(port, octets)));
      this.step();
    }
  }

  /** Makes a step some seconds after the newest reading. */
  step(afterS = 0): void {
    const facts = {
      findings: [...this.director.open, ...this.others],
      own: this.own,
      pools: poolsOf(this.director.table),
      topology: this.#topology,
    };
    const before = JSON.parse(JSON.stringify(this.state)) as PagingState;
    const nowS = this.director.timeS + afterS;
    const { state, deliveries } = stepPaging(before, facts, { policy: this.#policy, stepS: 300, nowS });
    this.state = state;
    this.deliveries.push(...(JSON.parse(JSON.stringify(deliveries)) as Delivery[]));
  }

  /** The deliveries, as `kind identity`, without updates. */
  get said(): readonly string[] {
    return this.deliveries.flatMap(({ kind, page }) => (kind === 'update' ? [] : [`${kind} ${page.identity}`]));
  }

  /** The pages that went out. */
  get paged(): readonly string[] {
    return this.deliveries.flatMap(({ kind, page }) => (kind === 'page' ? [page.identity] : [])).toSorted();
  }

  #serviceNow(port: number, octets: readonly number[]): Service {
    const servers = octets.flatMap((octet): (readonly [number, number])[] => {
      const removal = this.down.get(`${port}/${octet}`);
      if (removal === 'removed') return [];
      return [[octet, removal === 'weight-0' ? 0 : 1]];
    });
    return { port, servers };
  }
}

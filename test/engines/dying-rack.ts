// Racks that die, one for each seed, as directors whose metrics a server offers to Prometheus, written by the product's writer.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readDown } from '../../src/cycle/live/read-down.js';
import { factsOf } from '../../src/metrics/facts.js';
import { standardMetricOptions } from '../../src/metrics/metric-options.js';
import { metricsText } from '../../src/metrics/metrics.js';
import type { ArchiveInfo } from '../../src/model/archive.js';
import { verdictOf } from '../../src/model/finding/verdict.js';
import { standardRetention } from '../../src/model/retention.js';
import { startS } from '../interpret/findings/cycles.js';
import { PagedDirector, racked } from '../interpret/paging/paged-director.js';

const range = (from: number, count: number): readonly number[] => Array.from({ length: count }, (_, i) => from + i);

/** The hosts of the rack that dies, and of the one that does not. */
const [dying, healthy] = [range(1, 25), range(101, 5)];

/** The unrelated service, and those with real servers on all hosts. */
const unrelated = [1, [101, 102, 103]] as const;
const services = [unrelated, ...range(2, 20).map((port) => [port, [...dying, ...healthy]] as const)];

/** The simulated directors begin in the past. */
const aheadS = Math.floor(Date.now() / 1000) - startS;

/** When the evidence of the rack comes: whole hosts in the first reading, in the last one, or at random. */
export type Order = 'first' | 'last' | 'random';

/** The readings: before, two with deaths, and another. */
export const readings = [0, 1, 2, 3] as const;

/** The number of a reading. */
export type Reading = (typeof readings)[number];

/** A director whose rack dies over two readings, while an unrelated service fails. */
export class DyingRack {
  /** The causes that have to be notified. */
  readonly causes: readonly string[];
  /** Real servers that die. */
  readonly deaths: number;
  readonly #id: number;
  readonly #order: Order;
  readonly #random: () => number;
  readonly #director: PagedDirector;
  readonly #topology: ReturnType<typeof racked>;
  readonly #archives: readonly ArchiveInfo[];

  constructor(id: number, order: Order, random: () => number) {
    this.#id = id;
    this.#order = order;
    this.#random = random;
    const racks = [
      { rack: 'a', octets: dying },
      { rack: 'b', octets: healthy },
    ];
    this.#topology = racked(racks, `dc${id}`);
    this.#director = new PagedDirector(this.#topology, services);
    const all = services.flatMap(([port, octets]) => octets.map((octet) => `192.0.2.1_${port}/10.0.0.${octet}_80`));
    this.#archives = all.map((name) => ({ name, goneS: null }) as ArchiveInfo);
    this.deaths = dying.length * 20 + unrelated[1].length;
    this.causes = [`rack/dc${id}/a`, `service/192.0.${id}.1_1`];
  }

  /** The next reading: with the second everything is dead, and with the third all findings are open. */
  read(reading: Reading): void {
    const { down } = this.#director;
    const all = [...this.#director.serversOn(dying), ...unrelated[1].map((octet) => `1/${octet}`)];
    const some = all.filter((server) => this.#diesFirst(server));
    for (const server of reading === 0 ? [] : reading === 1 ? some : all)
      if (!down.has(server)) down.set(server, Number(server.split('/')[0]) % 2 === 0 ? 'removed' : 'weight-0');
    // Findings about real servers open with the second reading.
    this.#director.cycle(reading === 1 ? 2 : 1);
  }

  #diesFirst(server: string): boolean {
    const [port = 0, octet = 0] = server.split('/').map(Number);
    if (this.#order === 'random') return this.#random() < 0.5;
    // One real server of each host is the last to die, or eight hosts die at once.
    return this.#order === 'last' ? octet % 20 !== port % 20 : octet <= 8;
  }

  /** The metrics, with addresses and names of its own. */
  async text(): Promise<string> {
    const { table, open, timeS } = this.#director.director;
    const ground = { known: table, findings: open, topology: this.#topology };
    const facts = factsOf({
      answer: { reading: null, isFailing: false },
      known: table,
      verdict: verdictOf(open, { nowS: timeS, isRead: true, silences: [] }),
      down: await readDown({ list: async () => this.#archives }, ground),
      events: [],
      tookS: new Map(),
      links: null,
      own: { version: '0', cycleS: null, databaseBytes: 0, pictures: null, requests: null, cpuS: 0, residentBytes: 0 },
    });
    const text = [...metricsText(facts, { ...standardMetricOptions, level: 'director' }, 'text')].join('');
    return text
      .replace(/^(lvs_reading_timestamp_seconds) .*$/m, `$1 ${this.timeS}`)
      .replaceAll('10.0.0.', `10.${this.#id}.0.`)
      .replaceAll('192.0.2.1_', `192.0.${this.#id}.1_`)
      .replaceAll('host="h', `host="dc${this.#id}-h`);
  }

  /** The time of the newest reading, as exported: the first one is of now. */
  get timeS(): number {
    return this.#director.director.timeS + aheadS;
  }
}

/** The step of the test's directors. */
export const stepS = standardRetention.stepS;

/** A server that offers texts by path. */
export async function offer(texts: ReadonlyMap<string, string>) {
  const server = createServer((request, response) => {
    const text = texts.get(request.url ?? '');
    response.writeHead(text === undefined ? 404 : 200, { 'Content-Type': 'text/plain; version=0.0.4' }).end(text ?? '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

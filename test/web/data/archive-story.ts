// A story of archives with services that come, go and are not read, with rows that are imported, and with time that jumps.

import { createDirector } from '../../../src/demo/director.js';
import { interpret } from '../../../src/interpret/interpret.js';
import type { KnownState } from '../../../src/model/cycle.js';
import { emptyState } from '../../../src/model/cycle.js';
import { kindOf, registry } from '../../../src/model/kinds/registry.js';
import { serviceName } from '../../../src/model/names/name.js';
import { aboutOfName } from '../../../src/model/names/parse-name.js';
import type { ServiceReading, Snapshot } from '../../../src/model/snapshot.js';
import type { Archives } from '../../../src/store/archives.js';
import { packHistory } from '../../../src/store/rows/pack-history.js';
import type { Store } from '../../../src/store/store.js';
import { randomFrom } from '../../random.js';
import { seed } from '../../seed.js';

const dayS = 86_400;
const beginS = 1_763_683_200;
/** Services that come later have these ports. */
const laterPorts = [8001, 8002, 8003];
const director = createDirector({ seed: 2, services: 5, epochS: beginS - 16 * dayS, endS: beginS + dayS });

/** Loads the fifteen days before a story. */
export async function loadPast(store: Store): Promise<void> {
  const { table } = interpret(emptyState, director.snapshotAt(beginS));
  const histories = [...director.history(beginS - 15 * dayS, beginS)].map(({ name, timesS, sinceS, columns }) => {
    const about = aboutOfName(name);
    const sources = registry.dataSources.get(kindOf(about).measureSet);
    const readings = packHistory({ timesS, sinceS, values: columns }, beginS, sources);
    return { name, about, lastS: null, goneS: null, readings };
  });
  await store.backfill({ endS: beginS, histories, outcome: () => ({ table, events: [] }) });
}

/** A director to which anything may happen between two cycles. */
export class ArchiveStory {
  readonly #archives: Archives;
  readonly #random: () => number;
  /** Services that the table lacks, and services that were not read, until a time. */
  readonly #away = new Map<string, number>();
  readonly #unread = new Map<string, number>();
  #later: readonly number[] = [];
  #table: KnownState;
  #timeS = beginS;
  /** After the last long pause: what it let expire does not come back. */
  #sinceS = beginS;

  constructor(archives: Archives, number: number, table: KnownState) {
    this.#archives = archives;
    this.#random = randomFrom(1000 * seed + number);
    this.#table = table;
  }

  /** Something happens, and usually a cycle after it. */
  async goOn(): Promise<void> {
    const { stepS } = this.#table.retention;
    const chance = this.#random();
    if (chance < 0.03) await this.#forget();
    else if (chance < 0.13) await this.#merge();
    else if (chance < 0.17) await this.#rewind();
    const pauseS = this.#pause(stepS);
    this.#timeS += pauseS;
    if (pauseS > dayS / 4) this.#sinceS = this.#timeS;
    for (const [from, share] of [
      [this.#away, 0.02],
      [this.#unread, 0.02],
    ] as const) {
      for (const name of this.#names()) {
        if ((from.get(name) ?? 0) > this.#timeS || this.#random() >= share) continue;
        from.set(name, this.#timeS + this.#some([1, 2, 5, 40, 500]) * stepS);
      }
    }
    if (this.#random() < 0.05) this.#later = laterPorts.filter(() => this.#random() < 0.5);
    await this.#append();
  }

  /** A cycle a step after the last, of which nothing is missing. */
  async collect(): Promise<void> {
    this.#timeS += this.#table.retention.stepS;
    await this.#append();
  }

  async #append(): Promise<void> {
    const cycle = interpret(this.#table, this.#snapshot());
    await this.#archives.append(cycle, false);
    this.#table = cycle.table;
  }

  /** Mostly a step; sometimes so short that a slot has several readings, or so long that rows are unknown. */
  #pause(stepS: number): number {
    const chance = this.#random();
    if (chance < 0.7) return stepS - 5 + Math.floor(10 * this.#random());
    if (chance < 0.8) return stepS - (this.#timeS % stepS);
    if (chance < 0.88) return 1 + Math.floor(this.#random() * stepS);
    if (chance < 0.96) return this.#some([2, 3, 7, 40]) * stepS + Math.floor(this.#random() * stepS);
    return Math.floor(this.#some([0.3, 1.1, 2, 9]) * dayS * (0.5 + this.#random()));
  }

  #snapshot(): Snapshot {
    const { services } = director.snapshotAt(this.#timeS);
    const isThere = ({ id }: ServiceReading): boolean => (this.#away.get(serviceName(id)) ?? 0) <= this.#timeS;
    const isRead = (name: string): boolean => (this.#unread.get(name) ?? 0) <= this.#timeS;
    const [model] = services;
    const later = this.#later.flatMap((port): readonly ServiceReading[] =>
      model === undefined ? [] : [{ ...model, id: { kind: 'address', protocol: 'tcp', address: '192.0.2.250', port } }],
    );
    const all = [...services, ...later].filter(isThere);
    const unread = new Set(all.map(({ id }) => serviceName(id)).filter((name) => !isRead(name)));
    return {
      timeS: this.#timeS,
      host: null,
      services: all.filter(({ id }) => !unread.has(serviceName(id))),
      unread,
      isAbsenceSure: this.#random() < 0.5,
    };
  }

  #names(): readonly string[] {
    return director.snapshotAt(this.#timeS).services.map(({ id }) => serviceName(id));
  }

  #some<T>(of: readonly T[]): T {
    const one = of[Math.floor(this.#random() * of.length)];
    if (one === undefined) throw new Error('none of none');
    return one;
  }

  async #forget(): Promise<void> {
    await this.#archives.forget(this.#some(this.#names()));
    this.#table = await this.#archives.latest();
  }

  async #rewind(): Promise<void> {
    const untilS = this.#timeS - Math.floor(this.#random() * this.#some([600, 3600, dayS]));
    await this.#archives.rewind(Math.max(untilS, this.#sinceS));
    this.#table = await this.#archives.latest();
    this.#timeS = this.#table.timeS ?? this.#timeS;
  }

  /** Rows of the last days from elsewhere, which fill what is unknown. */
  async #merge(): Promise<void> {
    const { retention } = this.#table;
    // Those that were away have the most to fill.
    const name = this.#some([...this.#names(), ...this.#away.keys(), ...this.#away.keys(), '192.0.2.251_80']);
    const about = aboutOfName(name);
    const rras = retention.rras.map(({ pdpPerRow }) => {
      const rowS = pdpPerRow * retention.stepS;
      const startS = Math.floor((this.#timeS - 9 * dayS) / rowS) * rowS;
      const count = Math.floor(this.#timeS / rowS) - startS / rowS;
      const rows = (by: number) =>
        Array.from({ length: 7 }, (_, column) =>
          Float64Array.from({ length: count }, (__, row) => by * (row + column)),
        );
      return { startS, rows: { AVERAGE: rows(1 / 3), MAX: rows(1 / 2) } };
    });
    await this.#archives.merge({ name, about, retention, lastS: this.#timeS, rras });
    this.#table = await this.#archives.latest();
  }
}

// The maps of the last day that a server keeps, one an hour, and shows.

import { say, sayDefect } from '../../cli/settings.js';
import type { KeptGraph } from '../../map/kept/graph-record.js';
import { checkMap, isOutside, type KeptMapAbout, keepMap, listMaps, readMap } from '../../map/kept/kept-maps.js';
import type { MapMoment } from '../../web/map/served-map.js';
import type { Serially } from '../live/serially.js';

/** The means of keeping maps. */
export interface KeptGround {
  readonly dataDir: string;
  /** Writes files of the data folder while no cycle has other rights than the folder's owner. */
  readonly inTurn: Serially;
  readonly nowS: () => number;
}

/** Maps of hours that stay in memory. */
const mostCached = 3;

/** The maps of the last day, until it is stopped. */
export class KeptHours {
  readonly #ground: KeptGround;
  readonly #cached = new Map<number, MapMoment>();
  /** Times of maps that cannot be read: reported once, and not shown. */
  readonly #unreadable = new Set<number>();
  #kept: readonly KeptMapAbout[] = [];
  #isStopped = false;

  constructor(ground: KeptGround) {
    this.#ground = ground;
    this.#list();
    this.#check().catch(sayDefect);
  }

  stop(): void {
    this.#isStopped = true;
  }

  /** Those of the day before now, oldest first. */
  shown(): readonly KeptMapAbout[] {
    const nowS = this.#ground.nowS();
    return this.#kept.filter(({ timeS }) => !isOutside(timeS, nowS) && !this.#unreadable.has(timeS));
  }

  /** Null if there is no such map, or if it cannot be read, which is reported. */
  async at(timeS: number): Promise<MapMoment | null> {
    const about = this.shown().find((one) => one.timeS === timeS);
    if (about === undefined) return null;
    const cached = this.#cached.get(timeS);
    if (cached !== undefined) return cached;
    try {
      const moment = { ...(await readMap(this.#ground.dataDir, about)), agents: [], leftOut: [], problem: '' };
      this.#cached.set(timeS, moment);
      for (const old of [...this.#cached.keys()].slice(0, -mostCached)) this.#cached.delete(old);
      return moment;
    } catch (error) {
      this.#report(about, error);
      return null;
    }
  }

  /** Whether the hour of a time has no map yet. */
  isDue(nowS: number): boolean {
    const newestS = this.#kept.findLast(({ timeS }) => !isOutside(timeS, nowS))?.timeS ?? 0;
    return Math.floor(newestS / 3600) < Math.floor(nowS / 3600);
  }

  /** Keeps a map. Throws what prevents it. */
  async keep(kept: KeptGraph): Promise<void> {
    try {
      await this.#ground.inTurn(() => keepMap(this.#ground.dataDir, kept));
    } finally {
      this.#list();
    }
  }

  #list(): void {
    try {
      this.#kept = listMaps(this.#ground.dataDir);
    } catch (error) {
      sayDefect(error);
    }
  }

  /** Finds the maps of a server before that are damaged, so that none is offered. */
  async #check(): Promise<void> {
    for (const about of this.shown()) {
      try {
        await checkMap(this.#ground.dataDir, about);
      } catch (error) {
        this.#report(about, error);
      }
    }
  }

  #report({ timeS }: KeptMapAbout, error: unknown): void {
    if (this.#isStopped || this.#unreadable.has(timeS)) return;
    this.#unreadable.add(timeS);
    say(`map: ${error instanceof Error ? error.message : String(error)}`, { level: 'error', code: 'map-not-kept' });
  }
}

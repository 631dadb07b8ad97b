// The map of a server: built from its table, its agents and its policy when a page asks, and kept each hour.

import { say, sayDefect } from '../../cli/settings.js';
import { buildGraph } from '../../map/graph/build-graph.js';
import type { FleetGraph } from '../../map/graph/fleet-graph.js';
import { isOutside, type KeptMapAbout, keepMap, listMaps, readMap } from '../../map/kept/kept-maps.js';
import { type AddedMap, type MapInput, nothingAdded } from '../../map/map-input.js';
import { tableServices } from '../../map/table-services.js';
import type { KnownState } from '../../model/cycle.js';
import type { FleetView } from '../../model/map/fleet.js';
import { noClients } from '../../model/policy/clients.js';
import type { Policy } from '../../model/policy/policy.js';
import { UserError } from '../../model/user-error.js';
import type { MapMoment, ServedMap } from '../../web/map/served-map.js';
import type { Serially } from '../live/serially.js';

/** The means of a server's map. */
export interface MapGround {
  readonly dataDir: string;
  /** The table as of the newest cycle. */
  readonly known: () => Promise<KnownState>;
  /** Null if no agents report. */
  readonly fleet: () => FleetView | null;
  readonly policy: () => Policy;
  /** The data file. Throws a `UserError`. */
  readonly added?: () => AddedMap;
  /** Writes files of the data folder while no cycle has other rights than the folder's owner. */
  readonly inTurn: Serially;
  readonly nowS?: () => number;
}

/** The map of a server until it stops. */
export interface RunningMap extends ServedMap {
  readonly stop: () => void;
}

/** Milliseconds for which a map is shown, at least; and as a multiple of those that it took, since agents and readers wait meanwhile. */
const freshMs = 10_000;
const freshTimes = 20;

/** Milliseconds between looks at the hour. */
const lookMs = 60_000;

/** Seconds from the start to the first map that is kept: agents report every two minutes. */
const settledS = 180;

/** Maps of hours that stay in memory. */
const mostCached = 3;

/** Starts to keep maps. */
export function serveMap(ground: MapGround): RunningMap {
  const running = new Running(ground);
  const timer = setInterval(() => void running.keepHour(), lookMs);
  timer.unref();
  return {
    now: () => running.now(),
    kept: () => running.shown(),
    at: async (timeS) => running.at(timeS),
    stop: () => clearInterval(timer),
  };
}

class Running {
  kept: readonly KeptMapAbout[] = [];
  readonly #ground: MapGround;
  readonly #nowS: () => number;
  readonly #startS: number;
  #fresh: { untilMs: number; readonly moment: Promise<MapMoment> } | null = null;
  readonly #cached = new Map<number, MapMoment>();
  /** Times of maps that cannot be read: reported once, and not shown. */
  readonly #unreadable = new Set<number>();
  #problem = '';

  constructor(ground: MapGround) {
    this.#ground = ground;
    this.#nowS = ground.nowS ?? (() => Date.now() / 1000);
    this.#startS = this.#nowS();
    this.#list();
  }

  /** Those of the day before now. */
  shown(): readonly KeptMapAbout[] {
    const nowS = this.#nowS();
    return this.kept.filter(({ timeS }) => !isOutside(timeS, nowS) && !this.#unreadable.has(timeS));
  }

  now(): Promise<MapMoment> {
    const nowMs = performance.now();
    if (this.#fresh !== null && nowMs < this.#fresh.untilMs) return this.#fresh.moment;
    const fresh = { untilMs: nowMs + freshMs, moment: this.#read() };
    this.#fresh = fresh;
    fresh.moment.then(
      () => {
        const endMs = performance.now();
        fresh.untilMs = endMs + Math.max(freshMs, freshTimes * (endMs - nowMs));
      },
      () => {
        if (this.#fresh === fresh) this.#fresh = null;
      },
    );
    return fresh.moment;
  }

  async #read(): Promise<MapMoment> {
    const { known, fleet, policy } = this.#ground;
    const { topology, clients = noClients } = policy();
    const agents = fleet()?.agents ?? [];
    const services = tableServices(await known());
    const graph = this.#withAdded({ services, topology, clients, agents, added: nothingAdded });
    const leftOut = agents.filter((agent) => agent.leftOut > 0).map(({ name }) => name);
    return { timeS: Math.floor(this.#nowS()), graph, agents, leftOut, problem: this.#problem };
  }

  /** The graph; a data file that is wrong is reported once, and left out. */
  #withAdded(input: MapInput): FleetGraph {
    const { added } = this.#ground;
    try {
      const graph = buildGraph(added === undefined ? input : { ...input, added: added() });
      this.#problem = '';
      return graph;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (this.#problem !== error.message) say(`map: ${error.message}`, { level: 'error', code: error.code });
      this.#problem = error.message;
      return buildGraph(input);
    }
  }

  /** Null if there is no such map, or if it cannot be read, which is reported. */
  at(timeS: number): MapMoment | null {
    const cached = this.#cached.get(timeS);
    const about = this.shown().find((one) => one.timeS === timeS);
    if (about === undefined) return null;
    if (cached !== undefined) return cached;
    try {
      const moment = { ...readMap(this.#ground.dataDir, about), agents: [], leftOut: [], problem: '' };
      this.#cached.set(timeS, moment);
      for (const old of [...this.#cached.keys()].slice(0, -mostCached)) this.#cached.delete(old);
      return moment;
    } catch (error) {
      this.#unreadable.add(timeS);
      say(`map: ${error instanceof Error ? error.message : String(error)}`, { level: 'error', code: 'map-not-kept' });
      return null;
    }
  }

  /** Keeps the map of an hour that has none yet. */
  async keepHour(): Promise<void> {
    const nowS = Math.floor(this.#nowS());
    const newestS = this.kept.findLast(({ timeS }) => !isOutside(timeS, nowS))?.timeS ?? 0;
    if (nowS < this.#startS + settledS || Math.floor(newestS / 3600) >= Math.floor(nowS / 3600)) return;
    try {
      const { graph } = await this.now();
      if (graph.nodes.length === 0) return;
      await this.#ground.inTurn(async () => keepMap(this.#ground.dataDir, { timeS: nowS, graph }));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      say(`the map of this hour is not kept: ${why}`, { level: 'error', code: 'map-not-kept' });
    }
    this.#list();
  }

  #list(): void {
    try {
      this.kept = listMaps(this.#ground.dataDir);
    } catch (error) {
      sayDefect(error);
    }
  }
}

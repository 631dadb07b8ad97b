// The map of a server: built from its table, its agents and its policy when a page asks, and kept each hour.

import { say } from '../../cli/settings.js';
import { buildInSteps } from '../../map/graph/build-graph.js';
import type { FleetGraph } from '../../map/graph/fleet-graph.js';
import { type AddedMap, type MapInput, nothingAdded } from '../../map/map-input.js';
import { placedPools } from '../../map/placed-pools.js';
import { tableServices } from '../../map/table-services.js';
import type { KnownState } from '../../model/cycle.js';
import type { Finding } from '../../model/finding/finding.js';
import type { FleetView } from '../../model/map/fleet.js';
import { noClients } from '../../model/policy/clients.js';
import type { Policy } from '../../model/policy/policy.js';
import { poolsOf } from '../../model/table/pools.js';
import { UserError } from '../../model/user-error.js';
import { finishInSlices } from '../../web/data/time-slice.js';
import type { MapMoment, ServedMap } from '../../web/map/served-map.js';
import { troublesOf } from '../../web/map/trouble.js';
import type { Serially } from '../live/serially.js';
import { fleetFacts } from '../map-facts.js';
import { KeptHours } from './kept-hours.js';

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
  /** Keeps the findings of each hour with its map, from now on. */
  readonly follow: (findings: () => readonly Finding[]) => void;
  readonly stop: () => void;
}

/** Milliseconds for which a map is shown, at least; and as a multiple of those that it took, since agents and readers wait meanwhile. */
const freshMs = 10_000;
const freshTimes = 20;

/** Milliseconds between looks at the hour. */
const lookMs = 60_000;

/** Seconds from the start to the first map that is kept: agents report every two minutes. */
const settledS = 180;

/** Starts to keep maps. */
export function serveMap(ground: MapGround): RunningMap {
  const running = new Running(ground);
  const timer = setInterval(() => void running.keepHour(), lookMs);
  timer.unref();
  return {
    now: () => running.now(),
    kept: () => running.hours.shown(),
    at: (timeS) => running.hours.at(timeS),
    follow: (findings) => {
      running.findings = findings;
    },
    stop: () => {
      clearInterval(timer);
      running.hours.stop();
    },
  };
}

class Running {
  readonly hours: KeptHours;
  findings: (() => readonly Finding[]) | null = null;
  readonly #ground: MapGround;
  readonly #nowS: () => number;
  readonly #startS: number;
  #fresh: { untilMs: number; readonly moment: Promise<MapMoment> } | null = null;
  #problem = '';
  #isKeeping = false;

  constructor(ground: MapGround) {
    this.#ground = ground;
    this.#nowS = ground.nowS ?? (() => Date.now() / 1000);
    this.#startS = this.#nowS();
    this.hours = new KeptHours({ dataDir: ground.dataDir, inTurn: ground.inTurn, nowS: this.#nowS });
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
    const { agents, names } = fleetFacts(fleet());
    const table = await known();
    const services = tableServices(table);
    const graph = await this.#withAdded({ services, topology, clients, agents, names, added: nothingAdded });
    const pools = placedPools(poolsOf(table), { graph, topology });
    const leftOut = agents.filter((agent) => agent.leftOut > 0).map(({ name }) => name);
    const timeS = Math.floor(this.#nowS());
    return { timeS, graph, agents, leftOut, pools, problem: this.#problem, findings: null };
  }

  /** The graph; a data file that is wrong is reported once, and left out. */
  async #withAdded(input: MapInput): Promise<FleetGraph> {
    const { added } = this.#ground;
    try {
      const graph = await finishInSlices(buildInSteps(added === undefined ? input : { ...input, added: added() }));
      this.#problem = '';
      return graph;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (this.#problem !== error.message) say(`map: ${error.message}`, { level: 'error', code: error.code });
      this.#problem = error.message;
      return finishInSlices(buildInSteps(input));
    }
  }

  /** Keeps the map of an hour that has none yet. */
  async keepHour(): Promise<void> {
    const timeS = Math.floor(this.#nowS());
    if (this.#isKeeping || timeS < this.#startS + settledS || !this.hours.isDue(timeS)) return;
    this.#isKeeping = true;
    try {
      const { graph, pools } = await this.now();
      const open = this.findings?.() ?? null;
      const findings = open === null ? null : [...new Set([...troublesOf(graph, open).values()].flat())];
      if (graph.nodes.length > 0) await this.hours.keep({ timeS, graph, findings, pools });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      say(`the map of this hour is not kept: ${why}`, { level: 'error', code: 'map-not-kept' });
    } finally {
      this.#isKeeping = false;
    }
  }
}

// The maps of a demonstration's last day, so that its page can show every hour of it.

import type { Director } from '../demo/director.js';
import { fleetOf } from '../links/table/live-fleet.js';
import { buildGraph } from '../map/graph/build-graph.js';
import { keepMap } from '../map/kept/kept-maps.js';
import { nothingAdded } from '../map/map-input.js';
import { placedPools } from '../map/placed-pools.js';
import { realServerName, serviceName } from '../model/names/name.js';
import { createDemoLinks } from './demo-fleet.js';

/** Hours that are kept. */
const hours = 23;

/** Seconds of reports before each of them: enough rounds for a verdict on every link. */
const reportedS = 900;

/** Keeps a map of each full hour before a time, epoch seconds. */
export async function keepDemoMaps(
  dataDir: string,
  director: Director,
  { seed, nowS }: { readonly seed: number; readonly nowS: number },
): Promise<void> {
  const thisHourS = nowS - (nowS % 3600);
  for (let timeS = thisHourS - (hours - 1) * 3600; timeS <= thisHourS; timeS += 3600) {
    const { table, topology, clients, feed } = createDemoLinks(director, { seed, endS: nowS, backS: reportedS });
    feed(timeS);
    const found = director.snapshotAt(timeS).services;
    const services = found.map(({ id, realServers }) => ({
      id,
      servers: realServers.map(({ id: server, forwarding }) => ({ ...server, forwarding })),
    }));
    const weights = found.map(({ id, realServers }) => {
      return [serviceName(id), new Map(realServers.map((own) => [realServerName(own.id), own.weight]))] as const;
    });
    const { agents, names = [] } = fleetOf(table, timeS);
    const graph = buildGraph({ services, topology, clients, agents, names, added: nothingAdded });
    await keepMap(dataDir, {
      timeS,
      graph,
      // Those of the director at that time are nowhere.
      findings: null,
      pools: placedPools(new Map(weights), { graph, topology }),
    });
  }
}

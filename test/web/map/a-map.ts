// A map for tests of its page: services of the simulated director, hosts of two data centres, one lost link, and hours before.

import { buildGraph } from '../../../src/map/graph/build-graph.js';
import type { MapInput } from '../../../src/map/map-input.js';
import { type PlacedPool, placedPools } from '../../../src/map/placed-pools.js';
import { tableServices } from '../../../src/map/table-services.js';
import type { KnownState } from '../../../src/model/cycle.js';
import { poolsOf } from '../../../src/model/table/pools.js';
import { topologyOf } from '../../../src/model/topology/topology.js';
import type { MapMoment, ServedMap } from '../../../src/web/map/served-map.js';
import { agent, input, link, topologyWith } from '../../map/small-fleet.js';

/** The topology: `web1` and `web2` in two racks, a database in another data centre. */
export const topology = (() => {
  const made = topologyOf([
    { host: 'web1', addresses: ['10.20.1.1'], dc: 'tx', rack: 'r1', role: 'web' },
    { host: 'web2', addresses: ['10.20.1.2'], dc: 'tx', rack: 'r2', role: 'web' },
    { host: 'db1', addresses: ['10.20.2.1'], dc: 'fr', rack: 'r1', role: 'db' },
  ]);
  if ('problem' in made) throw new Error(made.problem);
  return made;
})();

const agents = [
  agent('web1', ['out 10.20.1.1 10.20.2.1 3306 5', 'out 10.20.1.1 203.0.113.9 443 1'], {
    links: [link('10.20.2.1', { isLost: true }), link('10.20.1.2')],
  }),
  agent('web2', ['out 10.20.1.2 10.20.2.1 3306 7'], { links: [link('10.20.2.1', { isStale: true })] }),
];

/** The moment of an input. */
function momentOf(of: MapInput, timeS: number): MapMoment {
  return { timeS, graph: buildGraph(of), agents: of.agents, leftOut: [], problem: '', findings: null, pools: null };
}

/** Ten roles with a tenth of the hosts each; each host connects to ten others. */
export function largeInput(count: number): MapInput {
  const each = count / 10;
  const hosts = Array.from({ length: count }, (_, i) => {
    const [role, n] = [Math.floor(i / each), i % each];
    return { name: `r${role}h${n}`, role: `r${role}`, address: `10.${role}.${Math.floor(n / 250)}.${n % 250}` };
  });
  const topology = topologyWith(hosts.map(({ name, address, role }) => [name, address, role] as const));
  const connections = (own: string, i: number): readonly string[] =>
    Array.from({ length: 10 }, (_, n) => `out ${own} ${hosts[(i + each * n + 37 * n + 1) % count]?.address} 80 1`);
  return input({ topology, agents: hosts.map(({ name, address }, i) => agent(name, connections(address, i))) });
}

/** The moment of such hosts. */
export function largeMoment({ hosts, timeS }: { readonly hosts: number; readonly timeS: number }): MapMoment {
  return momentOf(largeInput(hosts), timeS);
}

interface ServedChoice {
  readonly nowS: number;
  readonly more?: Partial<MapInput>;
  /** Those of the hours before. */
  readonly findings?: MapMoment['findings'];
  /** Whether the hours before were kept without the real servers of the table, as by older versions. */
  readonly isPlain?: boolean;
}

/** The maps of a server with the agents above, and of others that are given. */
export function servedMap(
  known: () => Promise<KnownState>,
  { nowS, more = {}, findings = null, isPlain = false }: ServedChoice,
): ServedMap {
  const hourS = nowS - (nowS % 3600);
  const inputNow = async () => input({ topology, agents, services: tableServices(await known()), ...more });
  const poolsNow = async (of: MapInput): Promise<readonly PlacedPool[]> => {
    return placedPools(poolsOf(await known()), { graph: buildGraph(of), topology: of.topology });
  };
  return {
    now: async () => {
      const of = await inputNow();
      return { ...momentOf(of, nowS), pools: await poolsNow(of) };
    },
    kept: () => [
      { timeS: hourS - 3600, lost: 0 },
      { timeS: hourS, lost: 2 },
    ],
    at: async (timeS) => {
      if (timeS !== hourS && timeS !== hourS - 3600) return null;
      const moment = momentOf({ ...(await inputNow()), agents: agents.slice(0, 1) }, timeS);
      return { ...moment, agents: [], findings, pools: isPlain ? null : await poolsNow(await inputNow()) };
    },
  };
}

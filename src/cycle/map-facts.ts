// Reads what the map is made of: the table as of the newest cycle, and the agents and the policy of the server that has the archives open.

import type { lendOf } from '../cli/lend.js';
import { say } from '../cli/log.js';
import { readPolicy } from '../cli/policy/policy-file.js';
import { type MapInput, nothingAdded } from '../map/map-input.js';
import { tableServices } from '../map/table-services.js';
import type { FleetView } from '../model/map/fleet.js';
import { noClients } from '../model/policy/clients.js';
import type { DirectorGroup } from '../model/policy/redundancy.js';
import { type Pools, poolsOf } from '../model/table/pools.js';
import { olderHas } from './director-status.js';

/** The facts. */
export interface MapFacts {
  /** Without a data file. */
  readonly input: MapInput;
  readonly pools: Pools;
  /** Those of the policy. */
  readonly groups: readonly DirectorGroup[];
  /** Time of the table, epoch seconds; 0 before the first reading. */
  readonly timeS: number;
}

/** The parts of the input that a server with agents knows; an older one knows no names. */
export function fleetFacts(fleet: FleetView | null): Pick<MapInput, 'agents' | 'names'> {
  return { agents: fleet?.agents ?? [], names: fleet?.names ?? [] };
}

/** Reads them. `policyFile` comes before the server's policy. Throws a `StoreError`, or a `UserError` for a wrong policy. */
export async function readMapFacts(
  lend: ReturnType<typeof lendOf>,
  data: string,
  policyFile: string | undefined,
): Promise<MapFacts> {
  const served = policyFile === undefined ? await lend((archives) => archives.policy()).catch(olderHas(null)) : null;
  const { policy, problem } = served ?? (await readPolicy(policyFile, () => Date.now() / 1000));
  if (problem !== null) say(problem.text, { level: 'error', code: 'bad-config' });
  const known = await lend((archives) => archives.latest());
  const fleet = await lend((archives) => archives.fleet()).catch(olderHas(null));
  if (fleet === null)
    say(`no agents report to a server of ${data}: this is the map of the table alone (docs/links.md)`);
  // The policy of an older server names no clients.
  const { topology, groups, clients = noClients } = policy;
  const input = { services: tableServices(known), topology, clients, ...fleetFacts(fleet), added: nothingAdded };
  return { input, pools: poolsOf(known), groups, timeS: known.director.timeS ?? 0 };
}

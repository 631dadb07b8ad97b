// The topology by which a server pages: the one of the policy, or, while that cannot be read and none was since the server began, the one that
// an earlier process kept.

import { readTopology, topologyText, writeTopology } from '../../alert/topology-file.js';
import type { PolicyState } from '../../model/policy/policy.js';
import { noTopology, type Topology } from '../../model/topology/topology.js';
import type { Serially } from '../live/serially.js';

/** The means of keeping it. */
export interface PagedTopologyGround {
  readonly dataDir: string;
  /** Writes files of the data folder while no cycle has other rights than the folder's owner. */
  readonly inTurn: Serially;
  readonly report: (text: string) => void;
}

/** A function that returns the topology for the policy in force, and keeps it when it has changed. */
export function pagedTopology({ dataDir, inTurn, report }: PagedTopologyGround) {
  let [known, keptText]: [Topology | null, string | null | undefined] = [null, undefined];
  let reported: string | null = null;
  const attempt = async (failure: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
      reported = null;
    } catch (error) {
      // The reason may name a file that has another name each time.
      if (failure !== reported) report(`${failure}: ${error instanceof Error ? error.message : String(error)}`);
      reported = failure;
    }
  };
  return async ({ policy: { topology }, problem }: PolicyState): Promise<Topology> => {
    if (topology.hosts.length > 0 || problem === null) {
      if (topology === known) return topology;
      known = topology;
      const text = topology.hosts.length === 0 ? null : topologyText(topology);
      if (text === keptText) return topology;
      await attempt('the topology is not kept for a restart', async () => {
        await inTurn(async () => writeTopology(dataDir, text));
        keptText = text;
      });
      return topology;
    }
    if (known === null) {
      await attempt('the topology from before the restart cannot be read', async () => {
        known = readTopology(dataDir);
      });
      known ??= noTopology;
    }
    return known;
  };
}

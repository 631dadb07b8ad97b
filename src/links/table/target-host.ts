// Hosts of targets. Judgements and pages ask for those of all links every few seconds, and addresses take long to parse.

import { parseTarget } from '../../model/links/target.js';
import { hostOfAddress, type Topology, type TopologyHost } from '../../model/topology/topology.js';

/** A target's address, and the host that the topology names for it; null if it names none. */
export interface TargetHost {
  readonly address: string;
  readonly host: TopologyHost | null;
}

/** By the text of the target, for each topology that was asked. */
const known = new WeakMap<Topology, Map<string, TargetHost>>();

/** The most targets that are kept: so many links has a table. */
const mostKept = 200_000;

/** The host of a target; an address is one, too. */
export function hostOfTarget(topology: Topology, to: string): TargetHost {
  const own = known.get(topology) ?? new Map<string, TargetHost>();
  known.set(topology, own);
  const kept = own.get(to);
  if (kept !== undefined) return kept;
  if (own.size >= mostKept) own.clear();
  const address = parseTarget(to)?.address ?? to;
  const found = { address, host: hostOfAddress(topology, address) };
  own.set(to, found);
  return found;
}

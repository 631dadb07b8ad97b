// Where real servers stand.

import { parseRealServerName } from '../names/name.js';
import { hostOfAddress, rackOf, type Topology } from './topology.js';

/** Where an address stands: the names of its host, its rack (`rackOf`) and its data centre. A host that the topology lacks is its address. */
export interface Place {
  readonly host: string;
  readonly rack: string | null;
  readonly dc: string | null;
}

/** The address of a real server, and its place. */
export interface ServerPlace {
  readonly address: string;
  readonly place: Place;
}

/** Places by the names of real servers, and by topology: the same are asked for in every cycle, and names take long to parse. */
const known = new WeakMap<Topology, Map<string, ServerPlace>>();

/** Most real servers whose places are kept. */
const mostKept = 100_000;

/** The place of a real server, by its name within its service. */
export function placeOfServer(topology: Topology, name: string): ServerPlace {
  const own = known.get(topology) ?? new Map<string, ServerPlace>();
  known.set(topology, own);
  const kept = own.get(name);
  if (kept !== undefined) return kept;
  if (own.size >= mostKept) own.clear();
  const address = parseRealServerName(name)?.address ?? name;
  const found = { address, place: placeOf(topology, address) };
  own.set(name, found);
  return found;
}

function placeOf(topology: Topology, address: string): Place {
  const host = hostOfAddress(topology, address);
  return host === null ? { host: address, rack: null, dc: null } : { host: host.host, rack: rackOf(host), dc: host.dc };
}

// Which real server of the table is which of a reference. keepalived ignores their ports where the service is a firewall mark, so there the
// address decides where the port does not.

import type { ExpectedServer, ExpectedService } from '../../model/drift/expected.js';
import { parseRealServerName, realServerName } from '../../model/names/name.js';
import type { ActualService } from './compare.js';

/** A real server that both have. */
export interface FoundServer {
  /** Its number in the table. */
  readonly at: number;
  readonly server: ExpectedServer;
}

/** The real servers of a service. */
export interface Match {
  readonly found: readonly FoundServer[];
  readonly missing: readonly ExpectedServer[];
  /** The numbers of those that the reference does not mention. */
  readonly extra: readonly number[];
  /** The number of the sorry server; null if it is not in the table, or is one of the real servers. */
  readonly sorry: number | null;
}

/** Matches the real servers of a service. */
export function matchServers(actual: ActualService, { id, servers, sorry }: ExpectedService): Match {
  // Numbers of the table by name; what is left over at the end is extra.
  const left = new Map<string, number>();
  for (let at = 0; at < actual.realServers; at += 1) left.set(actual.nameAt(at), at);
  const found: FoundServer[] = [];
  const take = (key: string): number | null => {
    const at = left.get(key);
    if (at === undefined) return null;
    left.delete(key);
    return at;
  };
  const without = (wanted: readonly ExpectedServer[], find: (server: ExpectedServer) => number | null) =>
    wanted.filter((server) => {
      const at = find(server);
      if (at !== null) found.push({ at, server });
      return at === null;
    });
  let missing = without(servers, (server) => take(realServerName(server)));
  let sorryAt = sorry === null ? null : take(realServerName(sorry));
  if (id.kind === 'mark' && (missing.length > 0 || sorry !== null)) {
    const atAddress = ({ address }: ExpectedServer): number | null => {
      for (const name of left.keys()) if (parseRealServerName(name)?.address === address) return take(name);
      return null;
    };
    missing = without(missing, atAddress);
    if (sorry !== null) sorryAt ??= atAddress(sorry);
  }
  return { found, missing, extra: [...left.values()], sorry: sorryAt };
}

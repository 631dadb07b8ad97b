// The facts that an agent reads on its host in a round: targets (of its own table, if it is a director, and of imports), load, nginx, connections. A part that
// fails is reported once; the others stay, and so do the targets that were known.

import { type AgentAbout, mostNameAddresses, mostNames, type NamedAddresses } from '../../model/links/report.js';
import type { LinkTarget } from '../../model/links/target.js';
import type { Import } from '../imports/import.js';
import { isOwnAddress } from '../imports/named-target.js';
import type { Say } from '../log.js';
import type { NginxRates } from '../nginx/rates.js';
import { openOutage } from '../outage.js';
import type { Host } from '../run-agent.js';
import { readConnections } from './read-connections.js';
import { readDirectorTargets } from './read-director.js';
import { readLoad } from './read-load.js';

/** The places of a host. */
export interface HostPlace {
  /** `/proc`. */
  readonly procRoot: string;
  /** From the options. */
  readonly place: Pick<AgentAbout, 'role' | 'dc'>;
  readonly imports: readonly Import[];
  /** Null where nginx is not read. */
  readonly nginx: NginxRates | null;
  readonly say: Say;
}

/** The host of an agent. */
export function openHost({ procRoot, place, imports, nginx, say }: HostPlace): Host {
  const own: Import = { name: `${procRoot}/net/ip_vs`, targets: async () => readDirectorTargets(procRoot) ?? [] };
  const kept = [own, ...imports].map((one) => keep(one, say));
  const [counted, read] = [openOutage(say), openOutage(say)];
  return {
    targets: async () => (await Promise.all(kept.map((targets) => targets()))).flat(),
    names: () => namesOf(imports),
    async about() {
      const load = readLoad(procRoot);
      const rates = nginx === null ? {} : await ratesOf(nginx);
      return { ...place, ...(load !== null && { load }), ...rates };
    },
    async connections() {
      const { connections, problem } = await readConnections(procRoot);
      if (problem === null) counted.worked('connections are counted again');
      else counted.failed(problem.key, problem.text);
      return connections;
    },
  };

  async function ratesOf(from: NginxRates): Promise<Partial<AgentAbout>> {
    try {
      const rates = await from.read();
      read.worked(`${from.name} is read again`);
      return rates;
    } catch (error) {
      read.failed('nginx', `cannot read ${from.name}: ${messageOf(error)}; its rates are not reported`);
      return {};
    }
  }
}

/** The names of imports, each once with all of its addresses, as far as a report takes them. */
function namesOf(imports: readonly Import[]): readonly NamedAddresses[] {
  const all = new Map<string, Set<string>>();
  for (const { name, addresses } of imports.flatMap(({ names }) => names?.() ?? [])) {
    const own = all.get(name) ?? new Set<string>();
    for (const address of addresses) if (!isOwnAddress(address)) own.add(address);
    if (own.size > 0) all.set(name, own);
  }
  const named = Array.from(all, ([name, own]) => ({ name, addresses: [...own].slice(0, mostNameAddresses) }));
  return named.slice(0, mostNames);
}

/** The targets of an import, or those that were known before. */
function keep({ name, targets }: Import, say: Say): () => Promise<readonly LinkTarget[]> {
  const outage = openOutage(say);
  let known: readonly LinkTarget[] = [];
  return async () => {
    try {
      known = await targets();
      outage.worked(`${name} is read again`);
    } catch (error) {
      outage.failed('import', `cannot read ${name}: ${messageOf(error)}; its last known targets stay`);
    }
    return known;
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

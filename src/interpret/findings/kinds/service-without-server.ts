// A service none of whose real servers receives new connections: it has none, or all have weight 0. Drift that says the same takes its place.

import { reducer, type Sign } from '../reducer.js';

/** The reducer. One reading suffices, unless entries of the service could not be read. */
export const serviceWithoutServer = reducer({
  kind: 'service-without-server',
  severity: 'critical',
  openCycles: 1,
  closeCycles: 1,
  signs: ({ services, drift }) => {
    const found = new Map<string, Sign>();
    const partial = new Set<string>();
    const known = new Set(drift?.problems.flatMap((own) => (own.problem.startsWith('pool-') ? [own.archive] : [])));
    for (const service of services()) {
      const { name, realServers } = service;
      if (service.isPartial) partial.add(name);
      else if (!hasUsable(service) && !known.has(name)) found.set(name, { archives: [name], numbers: { realServers } });
    }
    return { found, isUnknown: (subject) => partial.has(subject) };
  },
});

/** Whether a real server of a service has a weight above 0. */
export function hasUsable(service: { readonly realServers: number; weightAt(server: number): number }): boolean {
  for (let server = 0; server < service.realServers; server += 1) if (service.weightAt(server) > 0) return true;
  return false;
}

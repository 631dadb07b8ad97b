// A service that cannot lose its busiest real server: at its peak of the last 30 days the others would have had far more than they ever held.
// Each service is judged once a day, by peaks that the cycle reads from the archives; in between, what is known stays.

import { reducer, type Sign, thresholdFor } from '../reducer.js';

/** New connections per second at the peak under which loads say nothing: chance shapes them. */
const leastPerS = 1;

/** The reducer. A peak of 30 days needs no second opinion. */
export const spareLacking = reducer({
  kind: 'spare-lacking',
  severity: 'warning',
  openCycles: 1,
  closeCycles: 1,
  signs: ({ spares, services }, { spare: allowed }, known) => {
    const found = new Map<string, Sign>();
    const unknown = new Set(known.size === 0 ? [] : services().map(({ name }) => name));
    for (const [service, spare] of spares) {
      if (spare === null) continue;
      unknown.delete(service);
      if (spare.kind !== 'shared' || spare.total < leastPerS) continue;
      const { part, servers } = spare;
      if (part > thresholdFor(known, service, allowed))
        found.set(service, { archives: [service, spare.busiest], numbers: { part, servers } });
    }
    return { found, isUnknown: (subject) => unknown.has(subject) };
  },
});

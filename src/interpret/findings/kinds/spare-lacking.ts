// A service that cannot lose its busiest real server: at its peak of the last 30 days the others would have had far more than they ever held.
// Each service is judged once a day, by peaks that the cycle reads from the archives; in between, what is known stays.

import { leastPeakPerS } from '../../../model/capacity/loss.js';
import { spareOf } from '../../../model/capacity/spare.js';
import { reducer, type Sign, thresholdFor } from '../reducer.js';

/** The reducer. A peak of 30 days needs no second opinion. */
export const spareLacking = reducer({
  kind: 'spare-lacking',
  severity: 'warning',
  openCycles: 1,
  closeCycles: 1,
  signs: ({ peaks, services }, { spare: allowed }, known) => {
    const found = new Map<string, Sign>();
    const unknown = new Set(known.size === 0 ? [] : services().map(({ name }) => name));
    for (const [service, peak] of peaks) {
      const spare = peak && spareOf(peak.servers, peak.whole);
      if (spare === null) continue;
      unknown.delete(service);
      if (spare.kind !== 'shared' || spare.total < leastPeakPerS) continue;
      const { part, servers } = spare;
      if (part > thresholdFor(known, service, allowed))
        found.set(service, { archives: [service, spare.busiest], numbers: { part, servers } });
    }
    return { found, isUnknown: (subject) => unknown.has(subject) };
  },
});

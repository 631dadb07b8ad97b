// A service that left the table. After a day it counts as gone for good. Where drift is judged, that says whether it should be there.

import { reducer, type Sign } from '../reducer.js';

/** The reducer. The event comes after two readings without the service, so one observation suffices. */
export const serviceLeft = reducer({
  kind: 'service-left',
  severity: 'warning',
  openCycles: 1,
  closeCycles: 1,
  signs: ({ timeS, before, events, services, table, drift }, { acceptedAfterS }, known) => {
    const present = new Set(services().map(({ name }) => name));
    const left = new Map<string, Sign>();
    for (const [subject, { sinceS, archives, numbers }] of known)
      if (timeS - sinceS < acceptedAfterS && !present.has(subject) && !drift?.isSettled(subject))
        left.set(subject, { archives, numbers });
    for (const { kind, archive } of events) {
      if (kind !== 'gone' || !before.director.services.has(archive) || present.has(archive)) continue;
      if (drift?.isSettled(archive)) continue;
      const sinceS = table.gone.get(archive);
      left.set(archive, { archives: [archive], numbers: {}, ...(sinceS !== undefined && { sinceS }) });
    }
    return { found: left };
  },
});

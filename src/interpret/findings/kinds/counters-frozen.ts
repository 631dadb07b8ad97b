// The kernel's counters stand still while traffic flows: every rate is unknown.

import { directorName } from '../../../model/names/name.js';
import { reducer } from '../reducer.js';

/** The reducer. The judge of the kernel has waited already. */
export const countersFrozen = reducer({
  kind: 'counters-frozen',
  severity: 'critical',
  openCycles: 1,
  closeCycles: 1,
  signs: ({ table: { director } }) => {
    const { frozen } = director.kernel;
    const sign = frozen && { archives: [directorName], numbers: { reason: frozen.reason }, sinceS: frozen.sinceS };
    return { found: new Map(sign === null ? [] : [[directorName, sign]]) };
  },
});

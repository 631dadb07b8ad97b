// A service whose new connections or bytes fell far below its usual week, though it usually has some at this hour, and on days of rest too.

import type { BaselineRate } from '../../../model/baseline/baseline.js';
import { reducer, thresholdFor } from '../reducer.js';
import { isLikeRest, signsAgainstUsual } from '../usual.js';

/** A quarter of an hour of standard steps. */
const cycles = 3;

/** Spreads below the usual rate that chance may explain; rates vary by factors, so that no spread explains a rate near zero. */
const chanceSpreads = 4;

/** The judged rates, and the usual ones per second under which a fall says nothing. */
const leastUsual: readonly (readonly [rate: BaselineRate, perS: number])[] = [
  ['Conns', 0.2],
  ['InBytes', 1000],
  ['OutBytes', 1000],
];

/** The reducer. */
export const trafficCollapsed = reducer({
  kind: 'traffic-collapsed',
  severity: 'warning',
  openCycles: cycles,
  closeCycles: cycles,
  signs: (observation, { collapse }, known) =>
    signsAgainstUsual(observation, {
      canTell: (comparison) => leastUsual.some(([rate, least]) => comparison[rate].usual.low >= least),
      signOf: (comparison, { name }) => {
        const stay = thresholdFor(known, name, 1);
        for (const [rate, least] of leastUsual) {
          const { now, usual } = comparison[rate];
          const chance = Math.exp((-chanceSpreads * usual.spread * stay) / usual.low);
          const isFar = now < (collapse * usual.low) / stay && now < chance * usual.low;
          if (usual.low < least || !isFar || isLikeRest(comparison, name, observation)) continue;
          return { archives: [name], numbers: { rate, now, usual: usual.low } };
        }
        return null;
      },
    }),
});

// The finding that rows do not arrive at a receiver of `push`: it has failed for some cycles, or it refused values within a day.

import { directorName } from '../names/name.js';
import type { Finding } from './finding.js';

/** How pushing to a receiver goes. Times are epoch seconds. */
export interface PushState {
  /** Since when it fails, and why; null while it works. */
  readonly failure: { readonly sinceS: number; readonly text: string } | null;
  /** Values that it refused: since when, when last, and why; null if there were none. */
  readonly refused: { readonly sinceS: number; readonly atS: number; readonly text: string } | null;
}

/** Cycles for which a receiver may fail. */
const patientCycles = 3;

/** Seconds after which a refusal is forgotten. */
export const refusalS = 86_400;

/** The finding on some receivers, by name; null if all of them get their rows. */
export function pushBehind(
  pushes: Readonly<Record<string, PushState>>,
  { nowS, stepS }: { readonly nowS: number; readonly stepS: number },
): Finding | null {
  const problems = Object.entries(pushes).flatMap(([name, { failure, refused }]) => {
    const isFailing = failure !== null && nowS - failure.sinceS >= patientCycles * stepS;
    const isRefusing = refused !== null && nowS - refused.atS < refusalS;
    return [
      ...(isFailing ? [{ sinceS: failure.sinceS, text: `${name} ${failure.text}` }] : []),
      ...(isRefusing ? [{ sinceS: refused.sinceS, text: `${name} refused values (${refused.text})` }] : []),
    ];
  });
  const [first] = problems.toSorted((a, b) => a.sinceS - b.sinceS);
  if (first === undefined) return null;
  return {
    kind: 'push-behind',
    subject: directorName,
    archives: [directorName],
    severity: 'warning',
    sinceS: first.sinceS,
    numbers: { text: problems.map(({ text }) => text).join('; ') },
  };
}

// The finding that rows do not arrive at a receiver of `push`: it has failed for some cycles, or within a day it refused values
// or found rows too old.

import { directorName } from '../names/name.js';
import type { Finding } from './finding.js';

/** How pushing to a receiver goes. Times are epoch seconds. */
export interface PushState {
  /** Since when it fails, and why; null while it works. */
  readonly failure: { readonly sinceS: number; readonly text: string } | null;
  /** Values that it refused: since when, when last, and why; null if there were none. */
  readonly refused: { readonly sinceS: number; readonly atS: number; readonly text: string } | null;
  /** Rows that were too old for it: those that end after `fromS` up to `toS`, and when the last of them were; null if there were none. */
  readonly tooOld: RowsTooOld | null;
}

/** Rows that are too old for a receiver. */
export interface RowsTooOld {
  readonly fromS: number;
  readonly toS: number;
  readonly atS: number;
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
  const problems = Object.entries(pushes).flatMap(([name, { failure, refused, tooOld }]) => {
    const isFailing = failure !== null && nowS - failure.sinceS >= patientCycles * stepS;
    const isRefusing = refused !== null && nowS - refused.atS < refusalS;
    const isTooOld = tooOld !== null && nowS - tooOld.atS < refusalS;
    return [
      ...(isFailing ? [{ sinceS: failure.sinceS, text: `${name} ${failure.text}` }] : []),
      ...(isRefusing ? [{ sinceS: refused.sinceS, text: `${name} refused values (${refused.text})` }] : []),
      ...(isTooOld ? [{ sinceS: tooOld.atS, text: `${name} ${tooOldText(tooOld)}` }] : []),
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

/** A sentence about the receiver and rows that are too old for it, with the other way to bring them there. */
export function tooOldText({ fromS, toS }: Omit<RowsTooOld, 'atS'>): string {
  const cure =
    '"lvs-stats export --format openmetrics" and promtool make blocks of them (docs/push.md, "Rows too old")';
  return `does not take rows that old: those from ${dateOf(fromS)} to ${dateOf(toS)} UTC were not sent; ${cure}`;
}

function dateOf(timeS: number): string {
  return new Date(timeS * 1000).toISOString().slice(0, 16).replace('T', ' ');
}

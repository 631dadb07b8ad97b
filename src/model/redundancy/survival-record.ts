// Survival as JSON objects; unknown is null.

import type { ServicePeak } from '../capacity/loss.js';
import { lossLevels, type ServiceSurvival, type Survival } from './survival.js';
import { gradeOf } from './survival-grade.js';
import { missingText } from './survival-text.js';

/** A service and what it survives. */
export function survivalRecord(service: ServiceSurvival): Readonly<Record<string, unknown>> {
  const { standings, peak, required, survivals } = service;
  return {
    service: service.service,
    status: gradeOf(service),
    servers: standings.length,
    required,
    peak: peakRecord(peak),
    survives: Object.fromEntries(lossLevels.map((level) => [level, lossRecord(survivals[level])])),
    missing: missingText(service) || null,
  };
}

/** A peak, with new connections per second. */
function peakRecord(peak: ServicePeak | null): object | null {
  return peak === null ? null : { end: peak.atS, connections_per_s: peak.whole };
}

/** A loss: `part` is the load of the heaviest of the others, by the most it ever held. */
export function lossRecord({ outcome, worst, left, part, heaviest }: Survival): Readonly<Record<string, unknown>> {
  return { outcome, lost: worst, left, part: Number.isNaN(part) ? null : part, heaviest };
}

// Reads what the services survive: the table of the newest reading, and the peaks of the last 30 days. A peak is read once an hour, since those of
// one service take some milliseconds.

import type { ServicePeak } from '../../model/capacity/loss.js';
import type { KnownState } from '../../model/cycle.js';
import type { Policy } from '../../model/policy/policy.js';
import { partnersOf, requirementOf } from '../../model/policy/redundancy.js';
import { type ServiceSurvival, type Standing, standingsOf, survivalOf } from '../../model/redundancy/survival.js';
import type { SeriesSource } from '../../model/series.js';
import { poolsOf } from '../../model/table/pools.js';
import { peakOrNull } from '../capacity/read-peaks.js';

type RowSource = Pick<SeriesSource, 'fetch' | 'fetchMany'>;

/** The facts by which survival is judged. */
export interface SurvivalFacts {
  readonly known: Pick<KnownState, 'director' | 'retention' | 'timeS'>;
  readonly policy: Pick<Policy, 'thresholds' | 'topology' | 'redundancy' | 'groups'>;
  /** The name of the director. */
  readonly director: string;
}

/** Reads what services survive, one by one in the order of the table; `isChosen` selects them by name. */
export async function* readSurvivals(
  source: RowSource,
  { known, policy, director }: SurvivalFacts,
  isChosen: (service: string) => boolean = () => true,
): AsyncGenerator<ServiceSurvival> {
  const { topology, redundancy, groups, thresholds } = policy;
  const requiredOf = requirementOf(redundancy);
  const ground = { allowed: thresholds.spare, partners: partnersOf(groups, director) };
  for (const [service, pool] of poolsOf(known)) {
    if (!isChosen(service)) continue;
    const standings = standingsOf(topology, service, pool);
    const peak = await peakOfHour(source, known, { service, standings });
    yield survivalOf({ service, standings, peak, required: requiredOf(service) }, ground);
  }
}

interface PeakOf {
  readonly service: string;
  readonly standings: readonly Standing[];
}

const hourS = 3600;

interface KeptPeak {
  readonly asOf: string;
  readonly peak: Promise<ServicePeak | null>;
}

/** Peaks as of an hour and of some real servers, by source and service. */
const kept = new WeakMap<object, Map<string, KeptPeak>>();

function peakOfHour(
  source: RowSource,
  { retention, timeS: lastS }: SurvivalFacts['known'],
  { service, standings }: PeakOf,
): Promise<ServicePeak | null> {
  if (lastS === null) return Promise.resolve(null);
  const own = kept.get(source) ?? new Map<string, KeptPeak>();
  kept.set(source, own);
  const names = standings.map(({ archive }) => archive);
  const asOf = [Math.floor(lastS / hourS), ...names].join(' ');
  const before = own.get(service);
  if (before?.asOf === asOf) return before.peak;
  const servers = names.map((name) => ({ name, firstS: 0, goneS: null }));
  const peak = peakOrNull(source, { service, servers, retention, lastS });
  own.set(service, { asOf, peak });
  peak.catch(() => own.delete(service));
  return peak;
}

// The findings of a cycle: each kind's reducer takes those known before it to those known after it. Opening and closing are events of the
// affected service, or of the director. A new kind is a file in kinds/, its test, its line here and its words (model/finding/finding-text.ts).

import type { Cycle, KnownState } from '../../model/cycle.js';
import type { KnownFinding } from '../../model/finding/finding.js';
import { standardThresholds, type Thresholds } from '../../model/finding/thresholds.js';
import type { LedgerEvent } from '../../model/ledger-event.js';
import type { Probe } from '../../model/policy/probe.js';
import { withOutcome } from '../../model/table/row-readings.js';
import { noTopology } from '../../model/topology/topology.js';
import type { ReferenceReading } from '../drift/judge-drift.js';
import { findingEvent } from './finding-event.js';
import { booksUnbalanced } from './kinds/books-unbalanced.js';
import { chainsLong } from './kinds/chains-long.js';
import { countersFrozen } from './kinds/counters-frozen.js';
import { driftReducers, driftUnreadable } from './kinds/drift.js';
import { hostTableReducers } from './kinds/host-tables.js';
import { processorOverloaded } from './kinds/processor-overloaded.js';
import { redundancyLacking } from './kinds/redundancy-lacking.js';
import { serverDrained } from './kinds/server-drained.js';
import { serverLeft } from './kinds/server-left.js';
import { serviceLeft } from './kinds/service-left.js';
import { serviceWithoutServer } from './kinds/service-without-server.js';
import { shareOff } from './kinds/share-off.js';
import { spareLacking } from './kinds/spare-lacking.js';
import { trafficCollapsed } from './kinds/traffic-collapsed.js';
import { trafficSurged } from './kinds/traffic-surged.js';
import { observe, type Peaks, type RedundancyGround } from './observation.js';
import { observeProbes, ofProbes } from './probes/observe-probes.js';
import { probeReducers } from './probes/probe-reducers.js';
import type { KnownOfKind, Reducer } from './reducer.js';
import type { UsualWeek } from './usual.js';

/** The reducers of all kinds that cycles conclude. */
const reducers: readonly Reducer[] = [
  serviceWithoutServer,
  serviceLeft,
  countersFrozen,
  serverLeft,
  serverDrained,
  trafficCollapsed,
  trafficSurged,
  shareOff,
  booksUnbalanced,
  processorOverloaded,
  chainsLong,
  ...hostTableReducers,
  spareLacking,
  redundancyLacking,
  ...driftReducers,
  driftUnreadable,
];

/** The measures by which a cycle is judged. */
export interface FindingGround {
  readonly usual?: UsualWeek | null;
  readonly peaks?: Peaks;
  readonly thresholds?: Thresholds | undefined;
  readonly redundancy?: RedundancyGround | undefined;
  /** The references of drift; null if the table is not compared with any. */
  readonly references?: readonly ReferenceReading[] | null | undefined;
  /** The probes of the policy, with what is wrong in their values; missing while nobody knows them. Findings of others close at once. */
  readonly probes?: readonly Probe[] | undefined;
}

const noRedundancy: RedundancyGround = { rules: [], topology: noTopology };

/** The cycle with its findings. One that did not read the director, or the probes, keeps those known before. */
export function withFindings(previous: KnownState, cycle: Cycle, ground: FindingGround = {}): Cycle {
  const { usual = null, peaks = new Map(), thresholds = standardThresholds, references = null } = ground;
  const { redundancy = noRedundancy, probes } = ground;
  const observation = observe(previous, cycle, { usual, peaks, references, redundancy });
  const before = previous.findings ?? [];
  const wanted = probes === undefined ? before : ofProbes(before, probes);
  const drift = observation === null ? previous.drift : observation.drift?.known;
  const known = [
    ...concluded(reducers, { before, observation, thresholds }),
    ...concluded(probeReducers, {
      before: wanted,
      observation: observeProbes(previous, cycle, probes ?? []),
      thresholds,
    }),
  ];
  if (known.length === 0 && before.length === 0 && drift === undefined) return cycle;
  return withKnown(cycle, { findings: known, drift }, changes(before, known, cycle.timeS));
}

interface Ground<O> {
  readonly before: readonly KnownFinding[];
  /** Null if there is none: the findings then stay. */
  readonly observation: O | null;
  readonly thresholds: Thresholds;
}

/** The findings of some kinds. */
function concluded<O>(
  all: readonly Reducer<O>[],
  { before, observation, thresholds }: Ground<O>,
): readonly KnownFinding[] {
  return all.flatMap(({ kind, step }) => {
    const own = knownOf(before, kind);
    return [...(observation === null ? own : step(own, observation, thresholds)).values()];
  });
}

function knownOf(known: readonly KnownFinding[], kind: KnownFinding['kind']): KnownOfKind {
  return new Map(known.flatMap((own) => (own.kind === kind ? [[own.subject, own]] : [])));
}

interface KnownResult {
  readonly findings: readonly KnownFinding[];
  readonly drift: KnownState['drift'] | undefined;
}

function withKnown(cycle: Cycle, { findings, drift }: KnownResult, events: readonly LedgerEvent[]): Cycle {
  const { findings: _, drift: __, ...table } = cycle.table;
  return withOutcome(cycle, {
    events: events.length === 0 ? cycle.events : [...cycle.events, ...events],
    table: { ...table, ...(findings.length > 0 && { findings }), ...(drift !== undefined && { drift }) },
  });
}

/** The events of the findings that opened and closed. */
function changes(before: readonly KnownFinding[], now: readonly KnownFinding[], timeS: number): readonly LedgerEvent[] {
  const [wasOpen, isOpen] = [openOf(before), openOf(now)];
  const opened = [...isOpen].filter(([key]) => !wasOpen.has(key)).map(([, own]) => own);
  const closed = [...wasOpen].filter(([key]) => !isOpen.has(key)).map(([, own]) => own);
  return [
    ...opened.map((own) => findingEvent(own, 'finding-opened', timeS)),
    ...closed.map((own) => findingEvent(own, 'finding-closed', timeS)),
  ];
}

function openOf(findings: readonly KnownFinding[]): ReadonlyMap<string, KnownFinding> {
  return new Map(findings.filter(({ openS }) => openS !== null).map((own) => [`${own.kind}/${own.subject}`, own]));
}

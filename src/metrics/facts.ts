// Gathers what is exported: the table of the moment, the state after the newest cycle, the verdict, the events, and the program itself.

import type { KnownState } from '../model/cycle.js';
import type { Verdict } from '../model/finding/verdict.js';
import type { EventKind, LedgerEvent } from '../model/ledger-event.js';
import type { LinksView } from '../model/links/view.js';
import { serviceCount } from '../model/table/table-columns.js';
import type { DownFacts } from './down-metrics.js';
import type { LiveAnswer } from './live.js';
import type { Facts } from './metrics.js';
import type { OwnFacts, SourceState } from './own-metrics.js';
import { exportedProbes } from './probe-metrics.js';

/** The parts of the facts. */
export interface FactParts {
  readonly answer: LiveAnswer;
  readonly known: KnownState;
  readonly verdict: Verdict;
  readonly down: DownFacts;
  /** The newest events, of all archives. */
  readonly events: readonly LedgerEvent[];
  /** Seconds that reading each source took, by its name. */
  readonly tookS: ReadonlyMap<string, number>;
  /** The live table of links; null if no agents report to this server. */
  readonly links: LinksView | null;
  readonly own: Omit<OwnFacts, 'sources'>;
}

/** The facts. */
export function factsOf({ answer, known, verdict, down, events, tookS, links, own }: FactParts): Facts {
  const { reading, isFailing } = answer;
  const { director, haproxy } = known;
  const table = reading?.table ?? null;
  return {
    table,
    director: {
      kernel: reading?.kernel ?? null,
      lastS: known.timeS,
      services: table === null ? storedServices(director) : serviceCount(table.columns),
      isFailing: isFailing || director.failure !== null || haproxy.failure !== null,
      isFrozen: director.kernel.frozen !== null,
      verdict,
      down,
      lastEvents: lastOfKinds(events),
    },
    haproxy,
    probes: exportedProbes(known),
    links,
    own: { ...own, sources: sourcesOf(known, tookS) },
  };
}

function storedServices({ timeS, services }: KnownState['director']): number | null {
  return timeS === null ? null : services.size;
}

/** Time of the newest event of each kind. */
function lastOfKinds(events: readonly LedgerEvent[]): ReadonlyMap<EventKind, number> {
  const last = new Map<EventKind, number>();
  for (const { kind, timeS } of events) last.set(kind, Math.max(timeS, last.get(kind) ?? 0));
  return last;
}

/** The sources that were ever read, or tried. */
function sourcesOf({ director, haproxy, others }: KnownState, tookS: FactParts['tookS']): readonly SourceState[] {
  const all = [['director', director] as const, ['haproxy', haproxy] as const, ...(others ?? [])];
  return all.flatMap(([source, { timeS, failure }]) =>
    timeS === null && failure === null ? [] : [{ source, isOk: failure === null, tookS: tookS.get(source) ?? null }],
  );
}

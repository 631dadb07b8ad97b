// The ledgers of many archives, as far as figures and stacks depend on them: kept, and read again only once they have grown.

import type { ArchiveInfo } from '../../model/archive.js';
import type { EventKind, LedgerEvent } from '../../model/ledger-event.js';
import type { SeriesSource } from '../../model/series.js';
import { forwardingKinds, setupEnds } from '../../model/service/service-setup.js';

/** Reads an archive's events since a time that change how it is reached, and those of its absences, oldest first. */
export type ReadLedger = (archive: ArchiveInfo, sinceS: number) => Promise<readonly LedgerEvent[]>;

/** Ledgers that are kept. */
export interface KeptLedgers {
  readonly read: ReadLedger;
  /** Drops them: events were replaced. */
  forget(): void;
}

type EventSource = Pick<SeriesSource, 'events'>;

interface OwnLedger {
  /** The number of all events so far. */
  readonly count: number;
  readonly events: readonly LedgerEvent[];
}

const kinds: ReadonlySet<EventKind> = new Set([...forwardingKinds, ...setupEnds]);

/** Reads ledgers and keeps none. */
export function unkeptLedgers(source: EventSource): ReadLedger {
  return async ({ name, events }, sinceS) => (events === 0 ? [] : await readLedger(source, name, sinceS));
}

/** Keeps up to `most` events; the ledgers of further archives are read each time. */
export function createKeptLedgers(source: EventSource, most: number): KeptLedgers {
  let kept = new Map<string, OwnLedger>();
  let total = 0;
  const readWhole = async ({ name, events: count }: ArchiveInfo): Promise<readonly LedgerEvent[]> => {
    if (count === 0) return [];
    const into = kept;
    const known = into.get(name);
    if (known?.count === count) return known.events;
    const events = await readLedger(source, name, 0);
    // Others may have read it, or all may have been dropped meanwhile.
    if (into !== kept) return events;
    total -= kept.get(name)?.events.length ?? 0;
    kept.delete(name);
    if (total + events.length <= most) {
      kept.set(name, { count, events });
      total += events.length;
    }
    return events;
  };
  return {
    read: async (archive, sinceS) => {
      const events = await readWhole(archive);
      return sinceS > 0 ? events.filter(({ timeS }) => timeS >= sinceS) : events;
    },
    forget: () => {
      kept = new Map();
      total = 0;
    },
  };
}

async function readLedger(source: EventSource, archive: string, sinceS: number): Promise<readonly LedgerEvent[]> {
  return (await source.events({ archive, sinceS })).filter(({ kind }) => kinds.has(kind));
}

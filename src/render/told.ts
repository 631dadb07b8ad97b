// What the ledgers tell of a picture: why rows are unknown, and which events to mark. Read only as far back as is needed: an
// absence may have begun before the span, a mark lies within it.

import type { ArchiveInfo } from '../model/archive.js';
import { concerns, type LedgerEvent } from '../model/ledger-event.js';
import { directorName, serviceOf } from '../model/name.js';
import type { SeriesSource } from '../model/series.js';
import type { EventMark, Span, UnknownReason } from './graph-request.js';
import { marksOf } from './mark.js';
import { reasonsOf } from './unknown-reasons.js';

/** What is said beside the rows. */
export interface Told {
  readonly reasons: readonly UnknownReason[];
  readonly marks: readonly EventMark[];
}

/** Where events are read from. */
type Ledger = Pick<SeriesSource, 'events'>;

/** Where a graph's rows and what is told of them are read from. */
export type GraphSource = Pick<SeriesSource, 'events' | 'fetchBoth'>;

/** The rows that are told of, and whether some of them are unknown. */
interface Rows {
  readonly span: Span;
  readonly rowS: number;
  readonly hasUnknown: boolean;
}

/** What there is to tell of an archive. */
export async function readTold(source: Ledger, archive: ArchiveInfo, rows: Rows): Promise<Told> {
  const service = serviceOf(archive.name);
  const all = await readLedger(source, directorName, rows);
  const director = all.filter((event) => concerns(event, archive.name));
  const own = service === directorName ? director : await readLedger(source, service, rows);
  return {
    reasons: rows.hasUnknown ? reasonsOf(archive, { own, director }, rows.span.endS) : [],
    marks: marksOf(archive.name, { own, director }, rows),
  };
}

/** What there is to tell of the director's stacks: what happened to single services stands on their own graphs. */
export async function readDirectorTold(source: Ledger, rows: Omit<Rows, 'hasUnknown'>): Promise<Told> {
  const all = await readLedger(source, directorName, { ...rows, hasUnknown: true });
  const director = all.filter((event) => concerns(event, directorName));
  const ledgers = { own: director, director };
  return {
    reasons: reasonsOf({ name: directorName, firstS: 0, goneS: null }, ledgers, rows.span.endS),
    marks: marksOf(directorName, ledgers, rows),
  };
}

/** What there is to tell of a stack: the director's, or that of a service's real servers. */
export function readStackTold(source: Ledger, archive: ArchiveInfo, rows: Omit<Rows, 'hasUnknown'>): Promise<Told> {
  if (archive.name === directorName) return readDirectorTold(source, rows);
  return readTold(source, archive, { ...rows, hasUnknown: true });
}

function readLedger(
  source: Ledger,
  archive: string,
  { span, hasUnknown }: Omit<Rows, 'rowS'>,
): Promise<readonly LedgerEvent[]> {
  return source.events(hasUnknown ? { archive } : { archive, sinceS: span.startS + 1, untilS: span.endS });
}

/** A source that reads a ledger once for all who ask the same of it: the director's is asked for with every archive. */
export function askingOnce(source: GraphSource): GraphSource {
  const asked = new Map<string, Promise<readonly LedgerEvent[]>>();
  return {
    fetchBoth: (query) => source.fetchBoth(query),
    events: (query) => {
      if (query.archive !== directorName) return source.events(query);
      const key = JSON.stringify(query);
      const events = asked.get(key) ?? source.events(query);
      asked.set(key, events);
      return events;
    },
  };
}

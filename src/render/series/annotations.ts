// The ledgers' contribution to a picture: why rows are unknown, and which events to mark. Read only as far back as needed: an
// absence may have begun before the span, a mark lies within it.

import type { ArchiveInfo } from '../../model/archive.js';
import { concerns, type LedgerEvent } from '../../model/ledger-event.js';
import { directorName, serviceOf } from '../../model/names/name.js';
import { heartbeatOf } from '../../model/retention.js';
import type { MonthSource, SeriesSource } from '../../model/series.js';
import type { EventMark, Span, UnknownReason } from '../define/graph-request.js';
import { marksOf } from './mark.js';
import { type Ledgers, reasonsOf } from './unknown-reasons.js';

/** The remarks that accompany the rows. */
export interface Annotations {
  readonly reasons: readonly UnknownReason[];
  readonly marks: readonly EventMark[];
}

/** A source of events. */
type Ledger = Pick<SeriesSource, 'events'>;

/** A source of a graph's rows and events, and, if it has them, of the percentiles of months. */
export type GraphSource = Pick<SeriesSource, 'events' | 'fetchBoth'> & Partial<MonthSource>;

/** The annotated rows, and whether some of them are unknown. */
interface Rows {
  readonly span: Span;
  readonly rowS: number;
  readonly pdpS: number;
  readonly hasUnknown: boolean;
}

/** The ledgers of an archive: its own (or its service's) from the span's start to the newest event, the director's within the span. */
export async function readLedgers(source: Ledger, { name }: ArchiveInfo, rows: Rows): Promise<Ledgers> {
  const service = serviceOf(name);
  const all = await readLedger(source, directorName, rows);
  const director = all.filter((event) => concerns(event, name));
  if (service === directorName) return { own: director, director };
  const query = rows.hasUnknown ? { archive: service } : { archive: service, sinceS: rows.span.startS + 1 };
  return { own: await source.events(query), director };
}

/** The annotations of an archive. */
export function annotationsOf(archive: ArchiveInfo, ledgers: Ledgers, rows: Rows): Annotations {
  return {
    reasons: rows.hasUnknown ? reasonsOf(archive, ledgers, groundOf(rows)) : [],
    marks: marksOf(archive.name, ledgers, rows),
  };
}

function groundOf({ span, pdpS }: Omit<Rows, 'hasUnknown'>): { readonly heartbeatS: number; readonly endS: number } {
  return { heartbeatS: heartbeatOf({ stepS: pdpS }), endS: span.endS };
}

/** The annotations of the director's stacks; events of single services are on their own graphs. */
export async function readDirectorAnnotations(source: Ledger, rows: Omit<Rows, 'hasUnknown'>): Promise<Annotations> {
  const all = await readLedger(source, directorName, { ...rows, hasUnknown: true });
  const director = all.filter((event) => concerns(event, directorName));
  const ledgers = { own: director, director };
  return {
    reasons: reasonsOf({ name: directorName, firstS: 0, goneS: null }, ledgers, groundOf(rows)),
    marks: marksOf(directorName, ledgers, rows),
  };
}

/** The annotations of a stack: the director's, or that of a service's real servers. */
export async function readStackAnnotations(
  source: Ledger,
  archive: ArchiveInfo,
  span: Omit<Rows, 'hasUnknown'>,
): Promise<Annotations> {
  if (archive.name === directorName) return readDirectorAnnotations(source, span);
  const rows = { ...span, hasUnknown: true };
  return annotationsOf(archive, await readLedgers(source, archive, rows), rows);
}

function readLedger(
  source: Ledger,
  archive: string,
  { span, hasUnknown }: Pick<Rows, 'span' | 'hasUnknown'>,
): Promise<readonly LedgerEvent[]> {
  return source.events(hasUnknown ? { archive } : { archive, sinceS: span.startS + 1, untilS: span.endS });
}

/** A source that reads a ledger once for equal queries: every archive asks for the director's. */
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

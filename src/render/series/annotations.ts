// What the ledgers tell of a picture: why rows are unknown, and which events to mark. Read only as far back as is needed: an
// absence may have begun before the span, a mark lies within it.

import type { ArchiveInfo } from '../../model/archive.js';
import { concerns, type LedgerEvent } from '../../model/ledger-event.js';
import { directorName, serviceOf } from '../../model/names/name.js';
import { heartbeatOf } from '../../model/retention.js';
import type { SeriesSource } from '../../model/series.js';
import type { EventMark, Span, UnknownReason } from '../define/graph-request.js';
import { marksOf } from './mark.js';
import { type Ledgers, reasonsOf } from './unknown-reasons.js';

/** What is said beside the rows. */
export interface Annotations {
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
  readonly pdpS: number;
  readonly hasUnknown: boolean;
}

/** The ledgers of an archive: its own (of its service) from the span's start to the newest event, the director's within it. */
export async function readLedgers(source: Ledger, { name }: ArchiveInfo, rows: Rows): Promise<Ledgers> {
  const service = serviceOf(name);
  const all = await readLedger(source, directorName, rows);
  const director = all.filter((event) => concerns(event, name));
  if (service === directorName) return { own: director, director };
  const query = rows.hasUnknown ? { archive: service } : { archive: service, sinceS: rows.span.startS + 1 };
  return { own: await source.events(query), director };
}

/** What there is to tell of an archive. */
export function toldOf(archive: ArchiveInfo, ledgers: Ledgers, rows: Rows): Annotations {
  return {
    reasons: rows.hasUnknown ? reasonsOf(archive, ledgers, groundOf(rows)) : [],
    marks: marksOf(archive.name, ledgers, rows),
  };
}

function groundOf({ span, pdpS }: Omit<Rows, 'hasUnknown'>): { readonly heartbeatS: number; readonly endS: number } {
  return { heartbeatS: heartbeatOf({ stepS: pdpS }), endS: span.endS };
}

/** What there is to tell of the director's stacks: what happened to single services stands on their own graphs. */
export async function readDirectorTold(source: Ledger, rows: Omit<Rows, 'hasUnknown'>): Promise<Annotations> {
  const all = await readLedger(source, directorName, { ...rows, hasUnknown: true });
  const director = all.filter((event) => concerns(event, directorName));
  const ledgers = { own: director, director };
  return {
    reasons: reasonsOf({ name: directorName, firstS: 0, goneS: null }, ledgers, groundOf(rows)),
    marks: marksOf(directorName, ledgers, rows),
  };
}

/** What there is to tell of a stack: the director's, or that of a service's real servers. */
export async function readStackTold(
  source: Ledger,
  archive: ArchiveInfo,
  span: Omit<Rows, 'hasUnknown'>,
): Promise<Annotations> {
  if (archive.name === directorName) return readDirectorTold(source, span);
  const rows = { ...span, hasUnknown: true };
  return toldOf(archive, await readLedgers(source, archive, rows), rows);
}

function readLedger(
  source: Ledger,
  archive: string,
  { span, hasUnknown }: Pick<Rows, 'span' | 'hasUnknown'>,
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

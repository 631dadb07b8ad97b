// The event ledger as the viewer shows it: of all archives or of one, by kind, by words, within a span; newest first. Results
// are kept until the next cycle, since each page of a list, and each word typed, asks for the same events.

import {
  type EventKind,
  type EventQuery,
  eventKinds,
  isOfRealServer,
  type LedgerEvent,
} from '../../../model/ledger-event.js';
import { directorName, serviceOf } from '../../../model/names/name.js';
import { eventLine } from '../../../model/text/event-text.js';
import { type Catalogue, type NamedArchive, namedOf } from '../../data/catalogue.js';
import type { Query } from '../../query.js';
import { knownArchive } from '../../routes/known-archive.js';
import type { Site } from '../../site.js';

/** Most events that are searched: the newest ones. */
export const maxEvents = 10_000;

/** The selection of events. */
export interface EventChoice {
  /** An archive; null for all of them. */
  readonly name: string | null;
  readonly kind: EventKind | null;
  readonly search: string;
  readonly span: Pick<EventQuery, 'sinceS' | 'untilS'>;
}

/** Chosen events, newest first; `isCut`: older ones were not searched, since there are too many. */
export interface ChosenEvents {
  readonly events: readonly LedgerEvent[];
  readonly isCut: boolean;
}

/** The archive and the kind in a query. Throws a `RequestError` if there are none. */
export function parseEventChoice(query: Query, catalogue: Catalogue): Pick<EventChoice, 'name' | 'kind'> {
  const name = query.text('name');
  const kind = query.oneOf('kind', ['all', ...eventKinds]);
  return {
    name: name === null ? null : knownArchive(catalogue, name).name,
    kind: kind === 'all' ? null : kind,
  };
}

/** Chooses events. */
export async function chooseEvents(site: Site, catalogue: Catalogue, choice: EventChoice): Promise<ChosenEvents> {
  const { name, kind, search, span } = choice;
  const read = await readOnce(site, { ...span, ...(name === null ? {} : { archive: serviceOf(name) }) });
  const isMatch = matcher(catalogue, search);
  const events = read.filter((event) => (kind === null || event.kind === kind) && isOf(event, name) && isMatch(event));
  return { events: events.reverse(), isCut: read.length >= maxEvents };
}

/** A real server's events are those of its service that concern it. */
function isOf(event: LedgerEvent, name: string | null): boolean {
  return name === null || name === serviceOf(name) || isOfRealServer(event, name);
}

/** Does an event contain all words of a search, in its line or in the name of its archive? */
function matcher(catalogue: Catalogue, search: string): (event: LedgerEvent) => boolean {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return () => true;
  return (event) => {
    const { endpoint, protocol, hosts } = subjectOf(catalogue, event.archive);
    const { archive, realServer = '', kind, detail = '' } = event;
    const text = [archive, realServer, kind, detail, eventLine(event), endpoint, protocol, ...hosts]
      .join('\n')
      .toLowerCase();
    return words.every((word) => text.includes(word));
  };
}

/** The names of an event's archive. */
export function subjectOf(catalogue: Catalogue, name: string): Pick<NamedArchive, 'endpoint' | 'protocol' | 'hosts'> {
  if (name === directorName) return { endpoint: 'director', protocol: '', hosts: [] };
  return namedOf(catalogue, name) ?? { endpoint: name, protocol: '', hosts: [] };
}

const maxKept = 4;

/** The last results of each site, by selection and by the state of collecting. */
const kept = new WeakMap<Site['source'], Map<string, Promise<readonly LedgerEvent[]>>>();

function readOnce({ source, collecting }: Site, query: EventQuery): Promise<readonly LedgerEvent[]> {
  const siteEvents = kept.get(source) ?? new Map<string, Promise<readonly LedgerEvent[]>>();
  kept.set(source, siteEvents);
  const key = JSON.stringify([query, collecting()]);
  const known = siteEvents.get(key);
  if (known !== undefined) return known;
  const read = source.events({ ...query, newest: maxEvents });
  siteEvents.set(key, read);
  read.catch(() => siteEvents.delete(key));
  const [oldest] = siteEvents.keys();
  if (siteEvents.size > maxKept && oldest !== undefined) siteEvents.delete(oldest);
  return read;
}

// The page of events: newest first, a hundred at a time, with a link to the rest.

import { eventKinds, type LedgerEvent } from '../../../model/ledger-event.js';
import { directorName, pathOfName } from '../../../model/names/name.js';
import { countOf } from '../../../model/text/count-of.js';
import { eventTitles, eventWhat, realServerText } from '../../../model/text/event-text.js';
import { periods } from '../../../render/define/graph-request.js';
import { formatLocal } from '../../../render/look/local-time.js';
import { markKinds } from '../../../render/series/mark.js';
import type { Catalogue } from '../../data/catalogue.js';
import type { Page, Visit } from '../../frame/page-frame.js';
import type { Query } from '../../query.js';
import { RequestError } from '../../request-error.js';
import type { Site } from '../../site.js';
import { type View, viewQuery } from '../../view.js';
import { foldEvents } from './fold-events.js';
import { type ChosenEvents, chooseEvents, type EventChoice, maxEvents, parseEventChoice, subjectOf } from './ledger.js';

/** Events per page. */
const perPage = 100;

/** One event in a list. */
interface EventRow {
  readonly time: string;
  readonly href: string;
  readonly subject: string;
  readonly protocol: string;
  readonly letter: string;
  readonly title: string;
  readonly realServer: string;
  readonly what: string;
}

/** Events in a list: one, or those that are folded into one line. */
export interface EventRows {
  /** Empty if there is only one. */
  readonly summary: string;
  readonly rows: readonly EventRow[];
}

interface ListGround {
  readonly site: Site;
  readonly catalogue: Catalogue;
  readonly view: View;
}

/** Events as rows of words, folded; `all` are the events of the whole list, of which some are shown. */
export function eventList(
  shown: readonly LedgerEvent[],
  ground: ListGround,
  all: readonly LedgerEvent[] = shown,
): EventRows[] {
  return foldEvents(shown, all).map(({ events, summary }) => ({ summary, rows: eventRows(events, ground) }));
}

/** Each with a link to its subject. */
function eventRows(events: readonly LedgerEvent[], { site, catalogue, view }: ListGround): EventRow[] {
  const { timeZone } = site.looks();
  return events.map((event) => {
    const { timeS, archive, kind } = event;
    const { endpoint, protocol } = subjectOf(catalogue, archive);
    const path = archive === directorName ? '' : `service/${pathOfName(archive)}`;
    return {
      time: formatLocal(timeZone, timeS),
      href: `${site.basePath}/${path}${viewQuery(view, { search: '' })}`,
      subject: endpoint,
      protocol,
      letter: letterOf(kind),
      title: eventTitles[kind],
      realServer: realServerText(event),
      what: eventWhat(event),
    };
  });
}

/** Marks as letters. */
const letters = { failed: '×', reset: '▲', moved: '◆', changed: '□' } as const;

/** Findings have no mark on graphs. */
const findingLetters: Partial<Record<LedgerEvent['kind'], string>> = { 'finding-opened': '●', 'finding-closed': '○' };

function letterOf(kind: LedgerEvent['kind']): string {
  const mark = markKinds[kind];
  return mark === null ? (findingLetters[kind] ?? '') : letters[mark];
}

/** The page. Throws a `RequestError`. */
export async function eventsPage(site: Site, visit: Visit, query: Query): Promise<Page> {
  const { view, catalogue, ground } = visit;
  const choice = { ...parseEventChoice(query, catalogue), search: view.search };
  const skip = parseSkip(query);
  const span = eventSpan(view, catalogue.lastS, site.nowS());
  const chosen = await chooseEvents(site, catalogue, { ...choice, span });
  const shown = chosen.events.slice(skip, skip + perPage);
  const own = ownQuery(choice);
  const address = (changed: Partial<typeof choice>, skipped = 0): string => {
    const parameters = new URLSearchParams(viewQuery(view));
    for (const [name, value] of Object.entries(ownQuery({ ...choice, ...changed }))) parameters.set(name, value);
    if (skipped > 0) parameters.set('skip', String(skipped));
    const text = parameters.toString();
    return `${site.basePath}/events${text === '' ? '' : `?${text}`}`;
  };
  const subject = choice.name === null ? '' : subjectText(catalogue, choice.name);
  return {
    template: 'events',
    path: 'events',
    title: subject === '' ? 'Events' : `Events: ${subject}`,
    query: own,
    content: {
      folds: eventList(shown, { site, catalogue, view }, chosen.events),
      subject,
      allHref: address({ name: null }),
      widerHref: `${site.basePath}/events${queryOf(choice, { since: '797d' })}`,
      kinds: [
        { value: 'all', label: 'all events', isCurrent: choice.kind === null },
        ...eventKinds.map((kind) => ({ value: kind, label: eventTitles[kind], isCurrent: kind === choice.kind })),
      ],
      kindKept: [...new URLSearchParams(viewQuery(view)), ...Object.entries(own).filter(([name]) => name !== 'kind')],
      newerHref: skip === 0 ? '' : address({}, Math.max(0, skip - perPage)),
      olderHref: skip + perPage < chosen.events.length ? address({}, skip + perPage) : '',
      said: statement({ chosen, skip, shown: shown.length, label: ground.span.label }),
      csv: `${site.basePath}/api/events.csv${queryOf(choice, { since: String(span.sinceS), until: String(span.untilS) })}`,
    },
  };
}

function subjectText(catalogue: Catalogue, name: string): string {
  const { endpoint, protocol } = subjectOf(catalogue, name);
  return [endpoint, protocol].filter((text) => text !== '').join(' ');
}

/** The parameters of the address besides the view. */
function ownQuery({ name, kind }: Pick<EventChoice, 'name' | 'kind'>): Readonly<Record<string, string>> {
  return { ...(name === null ? {} : { name }), ...(kind === null ? {} : { kind }) };
}

function parseSkip(query: Query): number {
  const text = query.text('skip') ?? '0';
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new RequestError(400, `"skip" is a number of events, not ${JSON.stringify(text)}`);
}

/** A period extends to now, since cycles also fail after the newest reading. */
function eventSpan({ stretch }: View, lastS: number, nowS: number): Required<EventChoice['span']> {
  const untilS = Math.floor(Math.max(lastS, nowS));
  if (stretch.kind === 'range') {
    return { sinceS: stretch.startS, untilS: stretch.age === undefined ? stretch.untilS : untilS };
  }
  return { sinceS: (lastS === 0 ? untilS : lastS) - periods[stretch.period].spanS, untilS };
}

/** The query of a choice, over some time. */
function queryOf(choice: Omit<EventChoice, 'span'>, time: Readonly<Record<string, string>>): string {
  const parameters = new URLSearchParams({ ...time, ...ownQuery(choice) });
  if (choice.search !== '') parameters.set('q', choice.search);
  return `?${parameters}`;
}

interface Statement {
  readonly chosen: ChosenEvents;
  readonly skip: number;
  readonly shown: number;
  readonly label: string;
}

/** The number of events, and how many of them are not shown. */
function statement({ chosen: { events, isCut }, skip, shown, label }: Statement): string {
  const cut = isCut ? `; only the newest ${maxEvents} events were searched; choose a shorter time range` : '';
  const all = `${countOf(events.length, 'event')} in ${label}`;
  if (shown === 0) return `${all}${cut}`;
  const rest = events.length - skip - shown;
  const part = shown === events.length ? all : `${skip + 1} to ${skip + shown} of ${all}, newest first`;
  return `${part}${rest > 0 ? `; ${countOf(rest, 'older one follows', 'older ones follow')}` : ''}${cut}`;
}

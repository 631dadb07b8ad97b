// Events as marks on the time axis: which of them are marked, their words, and how overlapping ones merge.

import { isOfRealServer, type LedgerEvent } from '../../model/ledger-event.js';
import { directorName, serviceOf } from '../../model/names/name.js';
import { eventLine } from '../../model/text/event-text.js';
import type { EventMark, MarkKind, Span } from '../define/graph-request.js';
import type { Ledgers } from './unknown-reasons.js';

/** The kinds of marks, the gravest first; of several in one place, that one is drawn. */
const kinds: readonly MarkKind[] = ['failed', 'reset', 'moved', 'changed'];

/** The mark of each kind of event; null if it does not show on a graph. */
export const markKinds: Readonly<Record<LedgerEvent['kind'], MarkKind | null>> = {
  appeared: 'moved',
  gone: 'moved',
  back: 'moved',
  'real-server-added': 'moved',
  'real-server-removed': 'moved',
  'weight-changed': 'changed',
  'forwarding-changed': 'changed',
  'status-changed': 'moved',
  'scheduler-changed': 'changed',
  'flags-changed': 'changed',
  'counters-reset': 'reset',
  'counters-wrapped': null,
  'sum-incomplete': null,
  'sum-complete': null,
  'cycle-missed': 'failed',
  'cycle-failed': 'failed',
  'cycle-resumed': null,
  'clock-set': 'reset',
  'clock-set-back': 'reset',
  'counters-frozen': 'failed',
  'counters-running': null,
  'sync-changed': 'changed',
  'books-unbalanced': 'failed',
  'books-balanced': null,
  'entries-left-out': 'failed',
  'entries-read-again': null,
  'haproxy-failed': 'failed',
  'haproxy-resumed': null,
  'finding-opened': null,
  'finding-closed': null,
  'database-repaired': 'failed',
  'older-dropped': null,
  failover: 'moved',
};

/** Most event texts that a mark keeps; the rest are counted. */
const maxTexts = 3;

/** The events of an archive and of the director within a span, oldest first, with those of one row merged. */
export function marksOf(
  name: string,
  { own, director }: Ledgers,
  { span, rowS }: { readonly span: Span; readonly rowS: number },
): readonly EventMark[] {
  const events = [...own.filter((event) => concerns(event, name)), ...unlessOwn(director, own)];
  const marks = events.flatMap((event) => markOf(event) ?? []);
  const within = marks.filter(({ timeS }) => timeS > span.startS && timeS <= span.endS);
  within.sort((a, b) => a.timeS - b.timeS);
  return mergeMarks(within, (a, b) => Math.ceil(a.timeS / rowS) === Math.ceil(b.timeS / rowS));
}

/** A real server's graphs show its own events and those of its whole service, not those of other real servers. */
function concerns(event: LedgerEvent, name: string): boolean {
  return name === serviceOf(name) || event.realServer === undefined || isOfRealServer(event, name);
}

/** An event of both the director and the service, with one cause, is shown once. */
function unlessOwn(director: readonly LedgerEvent[], own: readonly LedgerEvent[]): readonly LedgerEvent[] {
  if (own === director) return [];
  const resets = new Set(own.filter(({ kind }) => kind === 'counters-reset').map(({ timeS }) => timeS));
  return director.filter(({ kind, timeS, archive }) => {
    return archive === directorName && !(kind === 'counters-reset' && resets.has(timeS));
  });
}

function markOf(event: LedgerEvent): EventMark | null {
  const kind = markKinds[event.kind];
  return kind === null ? null : { timeS: event.timeS, kind, texts: [eventLine(event)], count: 1 };
}

/** Marks in order of time; `isOne` decides for the first and each follower whether they merge. */
function mergeMarks(
  marks: readonly EventMark[],
  isOne: (first: EventMark, next: EventMark) => boolean,
): readonly EventMark[] {
  const groups: EventMark[] = [];
  let first: EventMark | null = null;
  for (const mark of marks) {
    const before = groups.at(-1);
    if (first !== null && before !== undefined && isOne(first, mark)) {
      groups[groups.length - 1] = both(before, mark);
    } else {
      groups.push(mark);
      first = mark;
    }
  }
  return groups;
}

function both(a: EventMark, b: EventMark): EventMark {
  const { kind, timeS } = kinds.indexOf(b.kind) < kinds.indexOf(a.kind) ? b : a;
  return { timeS, kind, texts: [...a.texts, ...b.texts].slice(0, maxTexts), count: a.count + b.count };
}

/** A mark in words: "weight changed 10.0.0.5:8080: 1 to 0; gone; and 3 more". */
export function formatMark({ texts, count }: EventMark): string {
  const more = count > texts.length ? [`and ${count - texts.length} more`] : [];
  return [...texts, ...more].join('; ');
}

/** Pixels between marks: with their number, and as the ticks of a tile. */
const apartPx = { card: 16, tile: 4 } as const;

/** The marks of a picture, with overlapping ones merged. */
export function placeMarks(
  marks: readonly EventMark[],
  { span, widthPx, tile }: { readonly span: Span; readonly widthPx: number; readonly tile: boolean },
): readonly EventMark[] {
  const perPx = (span.endS - span.startS) / widthPx;
  const within = marks.filter(({ timeS }) => timeS > span.startS && timeS <= span.endS);
  return mergeMarks(within, (first, next) => next.timeS - first.timeS < apartPx[tile ? 'tile' : 'card'] * perPx);
}

/** The mark nearest to a time, within `withinS` seconds of it; null if there is none. */
export function markNear(marks: readonly EventMark[], timeS: number, withinS: number): EventMark | null {
  return marks.reduce<EventMark | null>((nearest, mark) => {
    const awayS = Math.abs(mark.timeS - timeS);
    return awayS <= withinS && (nearest === null || awayS < Math.abs(nearest.timeS - timeS)) ? mark : nearest;
  }, null);
}

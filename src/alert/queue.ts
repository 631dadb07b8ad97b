// The messages that wait for one channel, and its limit: ten messages an hour, then one digest an hour that has the others. A critical page that
// has to wait brings the next digest forward. Delivery is at least once: a message leaves the queue only when the channel has accepted it.

import { isCriticalPage, type Letter, type Message, mostUrgentFirst, withMessage } from './message.js';

/** The queue of a channel; JSON keeps all of it. */
export interface Queue {
  readonly waiting: readonly Message[];
  /** When the messages of the last hour were sent, epoch seconds. */
  readonly sentS: readonly number[];
  /** When the newest digest was sent; null before the first. */
  readonly digestS: number | null;
  /** Messages that were dropped because too many waited, and that no digest has mentioned. */
  readonly dropped: number;
}

/** The queue of a new channel. */
export const emptyQueue: Queue = { waiting: [], sentS: [], digestS: null, dropped: 0 };

const hourS = 3600;

/** The least time between two digests, of which the second has a critical page. */
export const urgentDigestS = 600;

/** Messages in an hour. */
export const hourlyMessages = 10;

/** Most messages that wait: those of months without a receiver. */
const mostWaiting = 2000;

/** The queue with further messages. */
export function enqueued(queue: Queue, added: readonly Message[]): Queue {
  const waiting = added.reduce(withMessage, queue.waiting);
  const excess = Math.max(0, waiting.length - mostWaiting);
  return { ...queue, waiting: waiting.slice(excess), dropped: queue.dropped + excess };
}

/** The letters that may be sent now, in their order. A clock that was set back stops none. */
export function lettersOf({ waiting, sentS, digestS, dropped }: Queue, nowS: number): readonly Letter[] {
  const room = Math.max(0, hourlyMessages - sentS.filter((own) => isRecent(own, nowS)).length);
  if (waiting.length <= room) return waiting.map(single);
  const ordered = mostUrgentFirst(waiting);
  const singles = ordered.slice(0, room).map(single);
  const messages = ordered.slice(room);
  const pauseS = messages.some(isCriticalPage) ? urgentDigestS : hourS;
  if (digestS !== null && isRecent(digestS, nowS, pauseS)) return singles;
  return [...singles, { kind: 'digest', messages, dropped }];
}

function isRecent(timeS: number, nowS: number, lengthS = hourS): boolean {
  return timeS <= nowS && nowS - timeS < lengthS;
}

function single(message: Message): Letter {
  return { kind: 'single', message };
}

/** The messages of a letter. */
function messagesOf(letter: Letter): readonly Message[] {
  return letter.kind === 'single' ? [letter.message] : letter.messages;
}

/** The queue once sending some letters has begun. */
export function tried(queue: Queue, letters: readonly Letter[]): Queue {
  const ids = new Set(letters.flatMap(messagesOf).map(({ id }) => id));
  const waiting = queue.waiting.map((own) => (ids.has(own.id) ? { ...own, isTried: true } : own));
  return { ...queue, waiting };
}

/** The queue once a letter has arrived. */
export function arrived(queue: Queue, letter: Letter, nowS: number): Queue {
  const ids = new Set(messagesOf(letter).map(({ id }) => id));
  const waiting = queue.waiting.filter(({ id }) => !ids.has(id));
  const own: Queue = { ...queue, waiting };
  if (letter.kind === 'digest') return { ...own, digestS: nowS, dropped: Math.max(0, queue.dropped - letter.dropped) };
  return { ...own, sentS: [...queue.sentS.filter((one) => isRecent(one, nowS)), nowS] };
}

/** The queue once a letter could not be sent: its messages, and those about the same pages, come after the others. */
export function postponed(queue: Queue, letter: Letter): Queue {
  const pages = pagesOf(letter);
  const isOfLetter = ({ page }: Message): boolean => pages.has(page.id);
  const others = queue.waiting.filter((own) => !isOfLetter(own));
  return { ...queue, waiting: [...others, ...queue.waiting.filter(isOfLetter)] };
}

/** The ids of the pages that a letter is about. */
export function pagesOf(letter: Letter): ReadonlySet<string> {
  return new Set(messagesOf(letter).map(({ page }) => page.id));
}

/** A letter without what it says about some pages; null if it says nothing else. */
export function withoutPages(letter: Letter, pages: ReadonlySet<string>): Letter | null {
  if (letter.kind === 'single') return pages.has(letter.message.page.id) ? null : letter;
  const messages = letter.messages.filter(({ page }) => !pages.has(page.id));
  return messages.length === 0 ? null : { ...letter, messages };
}

// Messages about pages, as they wait for a channel. A message that nobody has tried to send yet gives way to a later one about the same page:
// a receiver that was down for a while gets the state of things, not their history.

import type { Delivery, Page } from '../model/paging/page.js';

/** A message. */
export interface Message {
  /** The same whenever it is sent again: `page rack/tx/r01@1764580800`, `update rack/tx/r01@1764580800 1764581100`; a page that goes out anew has a time, too. */
  readonly id: string;
  readonly kind: Delivery['kind'];
  /** When it was written, epoch seconds. */
  readonly atS: number;
  readonly page: Page;
  /** The id of the page that it was folded into; null unless it was. */
  readonly into: string | null;
  /** Whether sending was begun: it may have arrived, although nobody said so. */
  readonly isTried: boolean;
}

/** A message of its own, or several in one. */
export type Letter =
  | { readonly kind: 'single'; readonly message: Message }
  | { readonly kind: 'digest'; readonly messages: readonly Message[]; readonly dropped: number };

/** The message of a delivery. A page `isAnew` if it was out before, was folded into another, and now is a cause of its own. */
export function messageOf(delivery: Delivery, atS: number, isAnew = false): Message {
  const { kind, page } = delivery;
  // Mail programs drop the second of two mails with one identity.
  const id = kind === 'page' && !isAnew ? firstIdOf(page) : `${kind} ${page.id} ${atS}`;
  const into = delivery.kind === 'folded' ? delivery.into : null;
  return { id, kind, atS, page, into, isTried: false };
}

/** The id of the first message about a page. */
export function firstIdOf(page: Page): string {
  return `page ${page.id}`;
}

/** The waiting messages with another one. */
export function withMessage(waiting: readonly Message[], added: Message): readonly Message[] {
  const others = waiting.filter(({ page }) => page.id !== added.page.id);
  const about = waiting.filter(({ page }) => page.id === added.page.id);
  const untried = about.find(({ kind, isTried }) => kind === 'page' && !isTried);
  if (added.kind === 'update') {
    // The page goes out as it is now.
    if (untried !== undefined) return replaced(waiting, untried, { ...untried, page: added.page });
    return [...others, ...about.filter(({ isTried }) => isTried), added];
  }
  // Earlier messages about it no longer matter, whether it arrived or not.
  if (added.kind === 'resolved') return [...others, added];
  // The page that it belongs to now tells of it, unless somebody may know it as a page of its own.
  if (added.kind === 'folded') return untried === undefined ? [...others, added] : others;
  return [...others, ...about.filter(({ isTried, kind }) => isTried && kind !== 'update'), added];
}

function replaced(waiting: readonly Message[], one: Message, by: Message): readonly Message[] {
  return waiting.map((own) => (own === one ? by : own));
}

/** Whether a message is the first about something critical. */
export function isCriticalPage({ kind, page }: Message): boolean {
  return kind === 'page' && page.severity === 'critical';
}

/** The order in which messages are sent when not all can be: those that wake somebody first, then the oldest. */
export function mostUrgentFirst(messages: readonly Message[]): readonly Message[] {
  const rank = (message: Message): number =>
    isCriticalPage(message) ? 0 : { page: 1, resolved: 2, folded: 3, update: 4 }[message.kind];
  return messages.toSorted((a, b) => rank(a) - rank(b));
}

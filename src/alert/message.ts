// Messages about pages, as they wait for a channel. A message that nobody has tried to send yet gives way to a later one about the same page:
// a receiver that was down for a while gets the state of things, not their history.

import type { Delivery, Page } from '../model/paging/page.js';

/** A message. */
export interface Message {
  /** The same whenever it is sent again: `page rack/tx/r01@1764580800`, `update rack/tx/r01@1764580800 1764581100`. */
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

/** The message of a delivery. */
export function messageOf(delivery: Delivery, atS: number): Message {
  const { kind, page } = delivery;
  const time = kind === 'page' ? '' : ` ${atS}`;
  const into = delivery.kind === 'folded' ? delivery.into : null;
  return { id: `${kind} ${page.id}${time}`, kind, atS, page, into, isTried: false };
}

/** The waiting messages with another one. */
export function withMessage(waiting: readonly Message[], added: Message): readonly Message[] {
  const about = waiting.filter(({ page }) => page.id === added.page.id);
  if (about.length === 0) return [...waiting, added];
  const others = waiting.filter(({ page }) => page.id !== added.page.id);
  const tried = about.filter(({ isTried }) => isTried);
  const untried = about.find(({ kind, isTried }) => kind === 'page' && !isTried);
  if (added.kind === 'update') {
    // The page goes out as it is now.
    if (untried !== undefined) return replaced(waiting, untried, { ...untried, page: added.page });
    return [...others, ...tried, added];
  }
  // What a page said in between no longer matters once it is over.
  const sent = tried.filter(({ kind }) => kind !== 'update');
  // The page that it belongs to now tells of it.
  if (added.kind === 'folded' && untried !== undefined) return others;
  return [...others, ...sent, added];
}

function replaced(waiting: readonly Message[], one: Message, by: Message): readonly Message[] {
  return waiting.map((own) => (own === one ? by : own));
}

/** The order in which messages are sent when not all can be: those that wake somebody first, then the oldest. */
export function mostUrgentFirst(messages: readonly Message[]): readonly Message[] {
  const rank = ({ kind, page }: Message): number => {
    if (kind === 'page') return page.severity === 'critical' ? 0 : 1;
    return { resolved: 2, folded: 3, update: 4 }[kind];
  };
  return messages.toSorted((a, b) => rank(a) - rank(b));
}

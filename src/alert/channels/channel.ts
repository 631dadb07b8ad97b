// Senders of messages: a channel takes one letter at a time, a receiver of states the pages that are open. Both throw an error whose message
// names no password, and take a bounded time.

import type { Page } from '../../model/paging/page.js';
import type { Letter } from '../message.js';
import type { ReportedAlert } from '../outbox.js';

/** A channel. */
export interface Channel {
  /** Its name in the outbox and in messages, such as `mail`. */
  readonly name: string;
  /** Resolves once the letter was accepted. */
  readonly send: (letter: Letter) => Promise<void>;
}

/** The alerts that a receiver holds to be open, by their key. */
export type Reported = Readonly<Record<string, ReportedAlert>>;

/** A receiver that wants the state of things again and again, and resolves what it no longer hears of. */
export interface StateReceiver {
  readonly name: string;
  /** Tells it which pages are open, and which are no longer; resolves to what it then holds to be open. */
  readonly report: (pages: readonly Page[], reported: Reported, nowS: number) => Promise<Reported>;
}

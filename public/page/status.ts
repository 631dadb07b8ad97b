// Asks the server regularly for the age of its data, keeps the display current, raises the alarm, and notifies the page of new
// readings. Asks seldom while the page is hidden, and less often while the server does not answer.

import type { Status } from '../../src/web/wire.js';
import { fetchJson } from '../graph/loader.js';
import { ageOf } from './age.js';
import { setAttribute, setText } from './element.js';
import type { Page } from './page.js';

const pollMs = 20_000;
const hiddenPollMs = 120_000;
const firstPollMs = 1500;
const retryMs = 5000;
const slowRetryMs = 30_000;
const quickRetries = 2;
const tickMs = 5000;
const timeoutMs = 10_000;

/** Watches the server. */
export class StatusWatch {
  readonly #page: Page;
  readonly #onReadings: (lastS: number) => void;
  readonly #title = document.title;
  #status: Status;
  /** The server's clock minus this one's. */
  #aheadS = 0;
  #failures = 0;
  #isAsked = false;
  #unreachableSinceS: number | null = null;
  #timer = 0;

  constructor(page: Page, onReadings: (lastS: number) => void) {
    this.#page = page;
    this.#onReadings = onReadings;
    const state = page.lastS === null ? 'empty' : 'ok';
    this.#status = { lastS: page.lastS, nowS: nowS(), state, leftOut: 0, message: '' };
    // The age counts up in place; the alarm announces what must be heard.
    document.getElementById('age')?.setAttribute('aria-live', 'off');
    // Until the server's clock is known, its words in the page stay.
    setInterval(() => this.#isAsked && this.#show(), tickMs);
    document.addEventListener('visibilitychange', () => document.hidden || this.#ask());
    this.#askIn(firstPollMs);
  }

  #askIn(afterMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), afterMs);
  }

  async #ask(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      const answer = await fetchJson(`${this.#page.base}/live/status`, AbortSignal.timeout(timeoutMs));
      if (!isStatus(answer)) throw new TypeError('no status');
      this.#failures = 0;
      this.#unreachableSinceS = null;
      this.#aheadS = answer.nowS - nowS();
      const before = this.#status.lastS;
      this.#status = answer;
      if (answer.lastS !== null && answer.lastS !== before) this.#onReadings(answer.lastS);
    } catch {
      // Not an error of this page, but something to report; a single one may be chance.
      this.#failures++;
      if (this.#failures >= quickRetries) this.#unreachableSinceS ??= nowS();
    }
    this.#isAsked ||= this.#failures === 0 || this.#unreachableSinceS !== null;
    if (this.#isAsked) this.#show();
    const restMs = this.#failures > quickRetries ? slowRetryMs : this.#failures > 0 ? retryMs : pollMs;
    this.#askIn(document.hidden ? hiddenPollMs : restMs);
  }

  #show(): void {
    const { text, level, alarm, titlePrefix } = ageOf({
      status: this.#status,
      unreachableSinceS: this.#unreachableSinceS,
      nowS: nowS() + this.#aheadS,
      timeZone: this.#page.timeZone,
    });
    const age = document.getElementById('age');
    if (age !== null) {
      setText(age, text);
      setAttribute(age, 'class', level === '' ? null : level);
    }
    const leftOut = document.getElementById('left-out');
    if (leftOut !== null) {
      setText(leftOut, `${this.#status.leftOut} left out`);
      leftOut.hidden = this.#status.leftOut === 0;
    }
    const banner = document.getElementById('alarm');
    if (banner !== null) {
      setText(banner, alarm);
      banner.hidden = alarm === '';
      setAttribute(banner, 'class', level === '' ? null : level);
    }
    if (document.title !== titlePrefix + this.#title) document.title = titlePrefix + this.#title;
  }
}

function nowS(): number {
  return Math.floor(Date.now() / 1000);
}

function isStatus(body: unknown): body is Status {
  return typeof body === 'object' && body !== null && 'lastS' in body && 'nowS' in body && 'state' in body;
}

// The pager of a server: at each turn it makes a step of paging, keeps it in the file, and only then sends. A receiver that fails is tried again
// at the next turn; it holds up neither the others nor a cycle, since turns run beside those and one after another. An outbox that cannot be
// kept stops nothing: a page that may be repeated after a restart is better than none.

import type { PagingFacts } from '../interpret/paging/evidence.js';
import type { PagingGround } from '../interpret/paging/step.js';
import type { Channel, StateReceiver } from './channels/channel.js';
import { emptyOutbox, type Outbox, openPages, stepOutbox, withBeginnings, withReceivers } from './outbox.js';
import { arrived, emptyQueue, lettersOf, pagesOf, postponed, type Queue, tried, withoutPages } from './queue.js';

/** The receivers of pages. */
export interface Receivers {
  readonly channels: readonly Channel[];
  readonly states: readonly StateReceiver[];
}

/** The circumstances of a turn. */
export interface Turn {
  readonly facts: PagingFacts;
  readonly ground: PagingGround;
  readonly receivers: Receivers;
  /** Whether these are all receivers. If the policy cannot be read, those that it named before are not forgotten. */
  readonly isCertain: boolean;
}

/** The means of a pager. */
export interface PagerGround {
  /** The outbox at the start. */
  readonly outbox: Outbox;
  /** Keeps an outbox; calls are made in order. Throws when it cannot. */
  readonly keep: (outbox: Outbox) => Promise<void>;
  /** Reports what fails, and what works again. */
  readonly report: (text: string, level: 'error' | 'notice') => void;
  /** The clock, epoch seconds. */
  readonly nowS: () => number;
}

/** A pager. */
export interface Pager {
  /** Sends what waited when the process began, before anything is judged. */
  readonly resume: (receivers: Receivers) => Promise<void>;
  readonly turn: (turn: Turn) => Promise<void>;
  /** Forgets everything: there is no receiver. */
  readonly forget: () => void;
  readonly outbox: () => Outbox;
}

/** Creates a pager. Its calls must not overlap. */
export function createPager({ outbox, keep, report, nowS }: PagerGround): Pager {
  const kept = new KeptOutbox(outbox, keep, report);
  const deliver = async ({ channels, states }: Receivers): Promise<void> => {
    await Promise.all([
      ...channels.map((channel) => sendAll(channel, kept, nowS)),
      ...states.map((state) => reportState(state, kept, nowS)),
    ]);
  };
  return {
    resume: deliver,
    turn: async ({ facts, ground, receivers, isCertain }) => {
      const { findings, begun } = withBeginnings(facts.findings, kept.outbox.begun);
      const before = isCertain ? [] : Object.keys(kept.outbox.queues);
      const names = {
        channels: [...new Set([...before, ...namesOf(receivers.channels)])],
        states: namesOf(receivers.states),
      };
      const known = withReceivers({ ...kept.outbox, begun }, names, ground.nowS);
      await kept.put(stepOutbox(known, { ...facts, findings }, ground));
      await deliver(receivers);
    },
    forget: () => {
      kept.outbox = emptyOutbox;
    },
    outbox: () => kept.outbox,
  };
}

function namesOf(receivers: readonly { readonly name: string }[]): readonly string[] {
  return receivers.map(({ name }) => name);
}

/** The outbox in memory and in its file. */
class KeptOutbox {
  outbox: Outbox;
  readonly #keep: PagerGround['keep'];
  readonly #report: PagerGround['report'];
  #problem: string | null = null;

  constructor(outbox: Outbox, keep: PagerGround['keep'], report: PagerGround['report']) {
    this.outbox = outbox;
    this.#keep = keep;
    this.#report = report;
  }

  async put(next: Outbox): Promise<void> {
    this.outbox = next;
    try {
      await this.#keep(next);
      this.#problem = null;
    } catch (error) {
      const text = messageOfError(error);
      if (text !== this.#problem) this.#report(`pages are not kept, so a restart may repeat them: ${text}`, 'error');
      this.#problem = text;
    }
  }

  queue(name: string): Queue {
    return this.outbox.queues[name] ?? emptyQueue;
  }

  putQueue(name: string, queue: Queue): Promise<void> {
    return this.put({ ...this.outbox, queues: { ...this.outbox.queues, [name]: queue } });
  }

  async fails(name: string, error: unknown, nowS: number): Promise<void> {
    const text = messageOfError(error);
    const before = this.outbox.failures[name];
    if (before?.text !== text) this.#report(`${name}: ${text}; tried again at the next step`, 'error');
    const failure = { sinceS: before?.sinceS ?? nowS, text };
    await this.put({ ...this.outbox, failures: { ...this.outbox.failures, [name]: failure } });
  }

  /** Takes a change of a receiver that works. */
  async works(name: string, change: (outbox: Outbox) => Outbox): Promise<void> {
    const { [name]: failure, ...failures } = this.outbox.failures;
    if (failure !== undefined) this.#report(`${name}: works again`, 'notice');
    const next = change(this.outbox);
    if (failure !== undefined || next !== this.outbox) await this.put({ ...next, failures });
  }
}

function messageOfError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Failures of a channel after which it is left to the next turn. */
const mostFailures = 2;

/**
 * A letter that fails gives way to the others, since it may be the only one that the receiver refuses. Others about its pages wait with it: an end
 * that arrives before its page would leave the receiver with a page that is over.
 */
async function sendAll({ name, send }: Channel, kept: KeptOutbox, nowS: () => number): Promise<void> {
  const letters = lettersOf(kept.queue(name), nowS());
  if (letters.length === 0) return;
  await kept.putQueue(name, tried(kept.queue(name), letters));
  const errors: unknown[] = [];
  const failed = new Set<string>();
  for (const whole of letters) {
    if (errors.length === mostFailures) break;
    const letter = withoutPages(whole, failed);
    if (letter === null) continue;
    try {
      await send(letter);
      await kept.putQueue(name, arrived(kept.queue(name), letter, nowS()));
    } catch (error) {
      errors.push(error);
      for (const page of pagesOf(letter)) failed.add(page);
      await kept.putQueue(name, postponed(kept.queue(name), letter));
    }
  }
  if (errors.length > 0) await kept.fails(name, errors[0], nowS());
  else await kept.works(name, (outbox) => outbox);
}

async function reportState({ name, report }: StateReceiver, kept: KeptOutbox, nowS: () => number): Promise<void> {
  try {
    const reported = await report(openPages(kept.outbox), kept.outbox.reported[name] ?? {}, nowS());
    await kept.works(name, (outbox) => ({ ...outbox, reported: { ...outbox.reported, [name]: reported } }));
  } catch (error) {
    await kept.fails(name, error, nowS());
  }
}

// The queue for all expensive work. Limits apply to the turns that run at once, to all that wait, and to those of one client;
// beyond them a request is refused at once, which costs nothing. Clients take turns, so one that asks for much delays itself
// more than others. Each turn begins with a fresh round of the event loop, so requests that never wait (`/healthz`, files) are
// answered between two of them.

import { RequestError } from '../request-error.js';

/** Most turns that run, and that wait, in total and per client. */
export interface GateLimits {
  readonly running: number;
  readonly waiting: number;
  readonly waitingPerClient: number;
}

/** A turn to work. It is released while the client reads, and taken again for more. */
export interface Turn {
  pause(): void;
  /** Waits for the next turn of this client; never refused, since its answer has begun. Returns without one if the client is gone. */
  resume(): Promise<void>;
  end(): void;
}

/** Gives turns. */
export interface Gate {
  /** Waits for a turn; null if the client leaves first. Throws a `RequestError` (429) if too many wait already. */
  enter(client: string, gone: AbortSignal): Promise<Turn | null>;
}

/** Creates a gate; `what` names the waiting work, in the plural, for the message. */
export function createGate(limits: GateLimits, what: string): Gate {
  const { waiting: maxWaiting, waitingPerClient } = limits;
  const queue = new Queue(limits.running);
  const refuse = (count: number, whose: string): never => {
    throw new RequestError(429, `${count} ${what}${whose} are already waiting: try again in a few seconds`);
  };
  return {
    enter: async (client, gone) => {
      if (queue.waiting >= maxWaiting) refuse(queue.waiting, '');
      const own = queue.waitingOf(client);
      if (own >= waitingPerClient) refuse(own, ' of yours');
      return (await queue.stand(client, gone)) ? turnOf(queue, client, gone) : null;
    },
  };
}

/** A turn that has begun. */
function turnOf(queue: Queue, client: string, gone: AbortSignal): Turn {
  let isHeld = true;
  const pause = (): void => {
    if (!isHeld) return;
    isHeld = false;
    queue.leave();
  };
  const resume = async (): Promise<void> => {
    if (!isHeld) isHeld = await queue.stand(client, gone);
  };
  return { pause, resume, end: pause };
}

/** A line for each client, and the number of turns that run. */
class Queue {
  readonly #most: number;
  /** By client; the next one is first. */
  readonly #lines = new Map<string, (() => void)[]>();
  #running = 0;
  #waiting = 0;
  #isCalled = false;

  constructor(most: number) {
    this.#most = most;
  }

  get waiting(): number {
    return this.#waiting;
  }

  waitingOf(client: string): number {
    return this.#lines.get(client)?.length ?? 0;
  }

  /** Waits for a turn; false if the client leaves before it. */
  stand(client: string, gone: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      if (gone.aborted) {
        resolve(false);
        return;
      }
      const giveUp = (): void => {
        this.#forget(client, begin);
        resolve(false);
      };
      const begin = (): void => {
        gone.removeEventListener('abort', giveUp);
        resolve(true);
      };
      gone.addEventListener('abort', giveUp, { once: true });
      const line = this.#lines.get(client) ?? [];
      line.push(begin);
      this.#lines.set(client, line);
      this.#waiting += 1;
      this.#callNext();
    });
  }

  /** Ends a turn. */
  leave(): void {
    this.#running -= 1;
    this.#callNext();
  }

  #callNext(): void {
    if (this.#isCalled || this.#waiting === 0 || this.#running >= this.#most) return;
    this.#isCalled = true;
    setImmediate(() => {
      this.#isCalled = false;
      if (this.#running < this.#most) this.#start();
      this.#callNext();
    });
  }

  #start(): void {
    const [first] = this.#lines;
    if (first === undefined) return;
    const [client, line] = first;
    const begin = line.shift();
    this.#lines.delete(client);
    if (line.length > 0) this.#lines.set(client, line);
    this.#running += 1;
    this.#waiting -= 1;
    begin?.();
  }

  #forget(client: string, begin: () => void): void {
    const line = this.#lines.get(client) ?? [];
    const at = line.indexOf(begin);
    if (at < 0) return;
    line.splice(at, 1);
    this.#waiting -= 1;
    if (line.length === 0) this.#lines.delete(client);
  }
}

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
export function createGate({ running: most, waiting: maxWaiting, waitingPerClient }: GateLimits, what: string): Gate {
  // By client; the next one is first.
  const lines = new Map<string, (() => void)[]>();
  let running = 0;
  let waiting = 0;
  let isCalled = false;
  const callNext = (): void => {
    if (isCalled || waiting === 0 || running >= most) return;
    isCalled = true;
    setImmediate(() => {
      isCalled = false;
      if (running < most) start();
      callNext();
    });
  };
  const start = (): void => {
    const [first] = lines;
    if (first === undefined) return;
    const [client, line] = first;
    const begin = line.shift();
    lines.delete(client);
    if (line.length > 0) lines.set(client, line);
    running += 1;
    waiting -= 1;
    begin?.();
  };
  const leaveLine = (client: string, begin: () => void): void => {
    const line = lines.get(client) ?? [];
    const at = line.indexOf(begin);
    if (at < 0) return;
    line.splice(at, 1);
    waiting -= 1;
    if (line.length === 0) lines.delete(client);
  };
  /** False if the client leaves before its turn. */
  const standInLine = (client: string, gone: AbortSignal): Promise<boolean> =>
    new Promise((resolve) => {
      if (gone.aborted) {
        resolve(false);
        return;
      }
      const giveUp = (): void => {
        leaveLine(client, begin);
        resolve(false);
      };
      const begin = (): void => {
        gone.removeEventListener('abort', giveUp);
        resolve(true);
      };
      gone.addEventListener('abort', giveUp, { once: true });
      const line = lines.get(client) ?? [];
      line.push(begin);
      lines.set(client, line);
      waiting += 1;
      callNext();
    });
  const turnOf = (client: string, gone: AbortSignal): Turn => {
    let isHeld = true;
    const pause = (): void => {
      if (!isHeld) return;
      isHeld = false;
      running -= 1;
      callNext();
    };
    const resume = async (): Promise<void> => {
      if (!isHeld) isHeld = await standInLine(client, gone);
    };
    return { pause, resume, end: pause };
  };
  const refuse = (count: number, whose: string): never => {
    throw new RequestError(429, `${count} ${what}${whose} are already waiting: try again in a few seconds`);
  };
  return {
    enter: async (client, gone) => {
      if (waiting >= maxWaiting) refuse(waiting, '');
      const own = lines.get(client)?.length ?? 0;
      if (own >= waitingPerClient) refuse(own, ' of yours');
      return (await standInLine(client, gone)) ? turnOf(client, gone) : null;
    },
  };
}

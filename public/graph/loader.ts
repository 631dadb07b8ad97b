// Fetches the data of graphs, a few at a time: a browser opens six connections to an HTTP/1.1 server, and one is reserved for
// the status. A request that is no longer wanted before its turn, because the reader has scrolled on, is never sent.

const maxConcurrent = 5;

interface QueuedFetch {
  readonly start: () => void;
  readonly signal: AbortSignal;
}

/** Why a fetch failed, in words for the reader. */
class LoadError extends Error {
  readonly code = 'not-loaded';
}

/** Fetches JSON in turn. */
export class Loader {
  readonly #waiting: QueuedFetch[] = [];
  #running = 0;

  /** The body of an answer. Throws a `LoadError`, or the signal's reason once that is aborted. */
  async load(url: string, signal: AbortSignal): Promise<unknown> {
    await this.#turn(signal);
    try {
      return await fetchJson(url, signal);
    } finally {
      this.#running--;
      this.#next();
    }
  }

  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ start: resolve, signal });
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      this.#next();
    });
  }

  #next(): void {
    while (this.#running < maxConcurrent) {
      const waiting = this.#waiting.shift();
      if (waiting === undefined) return;
      if (waiting.signal.aborted) continue;
      this.#running++;
      waiting.start();
    }
  }
}

/** The body of an answer. Throws a `LoadError` if there is none. */
export async function fetchJson(url: string, signal: AbortSignal): Promise<unknown> {
  let response = await answerTo(url, signal);
  // The server is overloaded, and says when to ask again.
  for (let tries = 1; response.status === 429 && tries < maxTries; tries++) {
    await pause(secondsOf(response) * 1000, signal);
    response = await answerTo(url, signal);
  }
  if (!response.ok) throw new LoadError(await errorText(response));
  return response.json();
}

const maxTries = 4;

async function answerTo(url: string, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, { signal, headers: { accept: 'application/json' }, cache: 'no-cache' });
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw new LoadError('the server cannot be reached', { cause: error });
  }
}

function secondsOf({ headers }: Response): number {
  return Math.min(30, Math.max(1, Number(headers.get('retry-after')) || 1));
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        reject(signal.reason);
      },
      { once: true },
    );
  });
}

async function errorText(response: Response): Promise<string> {
  const body: unknown = await response.json().catch(() => null);
  const said = typeof body === 'object' && body !== null && 'error' in body ? body.error : null;
  return typeof said === 'string' ? said : `the server answered ${response.status} ${response.statusText}`;
}

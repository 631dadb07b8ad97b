// The pauses of a pusher: they end early when the process ends, or when there was a cycle.

/** Resolves after some milliseconds, when the process ends, and, if `orNews`, after a cycle. */
export type Wait = (ms: number, orNews: boolean) => Promise<void>;

/** A pause that cycles may end; `onNews` registers what to call after each, and is null where cycles are not followed. */
export function waitingFor(ending: AbortSignal, onNews: ((listener: () => void) => void) | null): Wait {
  let [isNews, wake] = [false, (): void => {}];
  onNews?.(() => {
    isNews = true;
    wake();
  });
  return (ms, orNews) => {
    if (ending.aborted || (orNews && isNews)) {
      isNews = false;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        ending.removeEventListener('abort', finish);
        [isNews, wake] = [orNews ? false : isNews, () => {}];
        resolve();
      };
      const timer = setTimeout(finish, ms);
      ending.addEventListener('abort', finish, { once: true });
      if (orNews) wake = finish;
    });
  };
}

// How far long work has come: a line on a terminal that is written over; nothing at all in a pipe or a log.

/** Shows that `done` of `total` are done; at most ten times a second. */
export function createProgress(what: string, total: number): (done: number) => void {
  if (!process.stderr.isTTY || total === 0) return () => {};
  let shownMs = 0;
  return (done) => {
    const nowMs = performance.now();
    if (done < total && nowMs - shownMs < 100) return;
    shownMs = nowMs;
    const share = Math.floor((100 * done) / total);
    process.stderr.write(`\r${what}: ${done} of ${total} (${share} %)${done < total ? '' : '\n'}`);
  };
}

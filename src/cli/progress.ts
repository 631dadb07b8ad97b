// The progress of long work: a bar on a terminal, redrawn in place; nothing in a pipe or a log.

const barCells = 24;

/** Shows that `done` of `total` are done; at most ten times a second. */
export function createProgress(what: string, total: number): (done: number) => void {
  if (!process.stderr.isTTY || total === 0) return () => {};
  let shownMs = 0;
  return (done) => {
    const nowMs = performance.now();
    if (done < total && nowMs - shownMs < 100) return;
    shownMs = nowMs;
    const share = Math.floor((100 * done) / total);
    const filled = Math.floor((barCells * done) / total);
    const bar = '#'.repeat(filled).padEnd(barCells, '.');
    process.stderr.write(`\r${what}: [${bar}] ${done} of ${total} (${share} %)${done < total ? '' : '\n'}`);
  };
}

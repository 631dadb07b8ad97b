// Work that is asked for more often than it is done: after each cycle, and after each of many imports.

/** Serial runs. A pending run will see later changes too: importing a hundred files does not cost a hundred runs. */
export function oneAtATime(run: () => Promise<void>): () => Promise<void> {
  let underWay: Promise<void> = Promise.resolve();
  let waiting: Promise<void> | null = null;
  const next = (): Promise<void> => {
    waiting = null;
    return run();
  };
  return () => {
    if (waiting !== null) return waiting;
    waiting = underWay.then(next, next);
    underWay = waiting;
    return waiting;
  };
}

// Runs pieces of work one after another: a cycle and a reading for metrics both change the rights of the process, which must not overlap.

/** Runs a piece of work when those before it have ended. */
export type Serially = <T>(work: () => Promise<T>) => Promise<T>;

/** Creates a queue. */
export function createSerially(): Serially {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work, work);
    last = mine.catch(() => {});
    return mine;
  };
}

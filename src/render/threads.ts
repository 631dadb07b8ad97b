// Threads of this program's own, started when there is something to do and ended when there is not.

import { Tinypool } from 'tinypool';

/** So many threads at the most, each running the module `worker`: what its functions are given and give back is plain data. */
export function startThreads(worker: URL, threads: number): Tinypool {
  return new Tinypool({
    filename: worker.href,
    maxThreads: threads,
    minThreads: 0,
    idleTimeout: 60_000,
    // A picture leaves much garbage: it is collected early, so that a thread does not grow by it.
    resourceLimits: { maxYoungGenerationSizeMb: 8 },
  });
}

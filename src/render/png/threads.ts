// Threads of this program's own, started when there is something to do and ended when there is not.

import type { Tinypool } from 'tinypool';

/** Threads that run the functions of one module. */
export interface Threads {
  /** Runs its default export, or the one that is named. Arguments and results are plain data, of the types that the module has. */
  run<T>(task: unknown, options?: { readonly name: string }): Promise<T>;
  /** Ends them; whatever still runs, or is run later, fails. */
  close(): Promise<void>;
}

/** So many threads at the most, each running the module `worker`. The library that keeps them is loaded with the first task. */
export function startThreads(worker: URL, threads: number): Threads {
  let pool: Promise<Tinypool> | null = null;
  let isClosed = false;
  const started = async (): Promise<Tinypool> => {
    pool ??= createPool(worker, threads);
    try {
      return await pool;
    } catch (error) {
      // There may have been too few file handles: the next task tries again.
      pool = null;
      throw error;
    }
  };
  return {
    run: async (task, options) => {
      const running = await started();
      if (isClosed) throw new Error('the threads were closed before they began');
      return running.run(task, options);
    },
    close: async () => {
      isClosed = true;
      await (await pool)?.destroy();
    },
  };
}

async function createPool(worker: URL, threads: number): Promise<Tinypool> {
  const { Tinypool } = await import('tinypool');
  return new Tinypool({
    filename: worker.href,
    maxThreads: threads,
    minThreads: 0,
    idleTimeout: 60_000,
    // A picture leaves much garbage: it is collected early, so that a thread does not grow by it.
    resourceLimits: { maxYoungGenerationSizeMb: 8 },
  });
}

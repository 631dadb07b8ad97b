// Threads of this program's own, started on demand and ended when idle.

import type { Tinypool } from 'tinypool';

/** Threads that run the functions of one module. */
export interface Threads {
  /** Runs its default export, or the named one. Arguments and results are plain data, of the module's types. */
  run<T>(task: unknown, options?: { readonly name: string }): Promise<T>;
  /** Ends them; calls that still run, or come later, fail. */
  close(): Promise<void>;
}

/** At most `threads` threads, each running the module `worker`. The thread library is loaded with the first task. */
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
    // A picture leaves much garbage; early collection keeps a thread from growing.
    resourceLimits: { maxYoungGenerationSizeMb: 8 },
  });
}

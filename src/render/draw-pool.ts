// Drawing on all cores: pictures handed to threads. What cron starts draws in its own thread instead (`drawHere`).

import { availableParallelism } from 'node:os';
import { Tinypool } from 'tinypool';
import type { GraphToDraw } from './picture-job.js';
import type { DrawAll } from './standing-picture.js';

/** Draws in this thread. The drawing library is loaded with the first picture: commands that draw none start faster. */
export const drawHere: DrawAll = async (jobs) => {
  if (jobs.length === 0) return [];
  const { drawPictures } = await import('./picture-job.js');
  return drawPictures(jobs);
};

/** Threads that draw, until they are closed. */
export interface DrawPool {
  readonly draw: DrawAll;
  /** Draws one graph into memory. */
  readonly drawPng: (graph: GraphToDraw) => Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Starts threads, as many as the machine has processors unless told; they end when idle or closed. */
export function createDrawPool(threads = availableParallelism()): DrawPool {
  const pool = new Tinypool({
    filename: new URL('./draw-worker.js', import.meta.url).href,
    maxThreads: threads,
    minThreads: 1,
  });
  return {
    draw: async (jobs) => {
      const shares = Array.from({ length: threads }, (_, i) => jobs.filter((_job, j) => j % threads === i));
      const results = await Promise.all(
        shares
          .filter((share) => share.length > 0)
          .map((share): Promise<readonly ('drawn' | 'same')[]> => pool.run(share)),
      );
      return results.flat();
    },
    drawPng: (graph): Promise<Uint8Array> => pool.run(graph, { name: 'drawBytes' }),
    close: () => pool.destroy(),
  };
}

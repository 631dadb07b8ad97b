// Runs drawing in this thread, or in threads that receive the pictures. On a load balancer one thread draws.

import type { GraphToDraw } from '../files/picture-job.js';
import type { DrawAll } from '../files/standing-picture.js';
import type { DrawOutcome } from './draw-tally.js';
import { startThreads } from './threads.js';

const worker = new URL('./draw-worker.js', import.meta.url);

/** Draws in this thread. The drawing library is loaded with the first picture, so commands that draw none start faster. */
export const drawHere: DrawAll = async (jobs) => {
  if (jobs.length === 0) return [];
  const { drawPictures } = await import('../files/picture-job.js');
  return drawPictures(jobs);
};

/** Threads that draw until they are closed. */
export interface DrawPool {
  readonly draw: DrawAll;
  close(): Promise<void>;
}

/** Draws with `threads` threads, including this one. The others start at its priority, and end when idle or closed. */
export function createDrawPool(threads: number): DrawPool {
  if (threads === 1) return { draw: drawHere, close: async () => {} };
  const pool = startThreads(worker, threads);
  return {
    draw: async (jobs) => {
      const shares = Array.from({ length: threads }, (_, i) => jobs.filter((_job, j) => j % threads === i));
      const results = await Promise.all(
        shares.filter((share) => share.length > 0).map((share): Promise<readonly DrawOutcome[]> => pool.run(share)),
      );
      return results.flat();
    },
    close: () => pool.close(),
  };
}

/** A drawing thread for a server, which keeps answering meanwhile. */
export interface DrawThread extends DrawPool {
  /** Draws one graph into memory. */
  readonly drawPng: (graph: GraphToDraw) => Promise<Uint8Array>;
}

/** Creates one drawing thread at the lowest priority; it starts with the first picture, and ends when idle or closed. */
export function createDrawThread(): DrawThread {
  const pool = startThreads(worker, 1);
  return {
    draw: (jobs) => pool.run(jobs),
    drawPng: (graph) => pool.run(graph, { name: 'drawBytes' }),
    close: () => pool.close(),
  };
}

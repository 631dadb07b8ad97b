// Packs the sections of a simulated director, in this thread or in worker threads beside it.

import { availableParallelism } from 'node:os';
import { createDirector, type Director, type DirectorOptions } from '../demo/director.js';
import { startThreads } from '../render/png/threads.js';
import { type PackedSection, packSection, type SectionToPack } from './demo-section.js';
import type { SectionTask } from './demo-worker.js';

/** Packs a section, eventually. */
export type PackSection = (section: SectionToPack) => Promise<PackedSection>;

/** More threads would take more memory than the time they save is worth. */
const maxThreads = 2;

/** Lets threads pack while `use` runs; with one processor, this thread packs. */
export async function withPackers<T>(options: DirectorOptions, use: (pack: PackSection) => Promise<T>): Promise<T> {
  const threads = Math.min(maxThreads, availableParallelism());
  if (threads === 1) return use(packerHere(createDirector(options)));
  const pool = startThreads(new URL('./demo-worker.js', import.meta.url), threads);
  try {
    return await use((section): Promise<PackedSection> => {
      const task: SectionTask = { options, section };
      return pool.run(task, { name: 'pack' });
    });
  } finally {
    await pool.close();
  }
}

/** Packs in this thread. */
export function packerHere(director: Director): PackSection {
  return async (section) => packSection(director, section);
}

// Lends the archives to readers for a moment at a time. When the data folder is not writable, it says so once.

import type { ReportSource } from '../report/stretches.js';
import type { ArchiveReader } from '../store/archives.js';
import { withArchives } from '../store/open.js';
import { say } from './settings.js';

/** Lends the readable archives for a moment. */
export type LendToRead = <T>(use: (source: ReportSource) => Promise<T>) => Promise<T>;

/** Lends the archives of a data folder. */
export function lendOf(dataDir: string): <T>(use: (archives: ArchiveReader) => Promise<T>) => Promise<T> {
  let isReported = false;
  const tell = (text: string): void => {
    if (!isReported) say(text);
    isReported = true;
  };
  return (use) => withArchives(dataDir, use, tell);
}

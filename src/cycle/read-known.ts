// Reads what a cycle begins with from the archives, which are opened once for it.

import type { KnownState } from '../model/cycle.js';
import type { LinksReading } from '../model/links/counts.js';
import type { Archives, LendArchives } from '../store/archives.js';
import { StoreError } from '../store/store-error.js';

/** The table as of the newest cycle, and what agents counted; null if there are none. */
export interface KnownBefore {
  readonly latest: KnownState;
  readonly links: LinksReading | null;
}

/** Lost connections after which the server is taken for one that knows no agents: an older one ends the connection at each question. */
const mostLosses = 2;

/** Reads both. Throws a `StoreError`. */
export async function readKnown(lend: LendArchives): Promise<KnownBefore> {
  let losses = 0;
  const linksIn = async (archives: Archives): Promise<LinksReading | null> => {
    if (losses === mostLosses) return null;
    try {
      return await archives.linkCounts();
    } catch (error) {
      if (error instanceof StoreError && error.code === 'connection-lost') losses += 1;
      throw error;
    }
  };
  return lend(async (archives) => ({ links: await linksIn(archives), latest: await archives.latest() }));
}

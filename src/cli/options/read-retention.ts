// What a data folder's archives keep, for those who only want to know that: the schedule has to fit their step.

import type { Retention } from '../../model/retention.js';
import { withArchives } from '../../store/open.js';
import { StoreError } from '../../store/store-error.js';
import { workAsOwner } from '../owner.js';

/** What the archives of a data folder keep, read with its owner's rights; null where there are none yet. */
export async function readRetention(dataDir: string): Promise<Retention | null> {
  const owner = workAsOwner(dataDir);
  try {
    const [archive] = await withArchives(dataDir, (archives) => archives.list());
    return archive?.retention ?? null;
  } catch (error) {
    if (error instanceof StoreError && error.code === 'no-data') return null;
    throw error;
  } finally {
    owner.release();
  }
}

// Reads the retention of a data folder's archives on its own: the schedule must fit its step.

import type { Retention } from '../../model/retention.js';
import { withArchives } from '../../store/open.js';
import { StoreError } from '../../store/store-error.js';
import { workAsOwner } from '../owner.js';

/** The retention of a data folder's archives, read with its owner's rights; null when there are none yet. */
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

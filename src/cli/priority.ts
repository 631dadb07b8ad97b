// The lowest priority: drawing uses only processor time that nobody else wants.

import { readdirSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

/**
 * Gives all threads of this process the nice value 19; threads started later inherit it. On Linux each thread has its own nice value
 * (setpriority(2)), and V8 and libuv have started theirs by now.
 */
export function lowerPriority(): void {
  for (const thread of threadsOf()) {
    try {
      setPriority(thread, constants.priority.PRIORITY_LOW);
    } catch (error) {
      // A thread that has ended meanwhile.
      if (!(error instanceof Error) || !('code' in error) || error.code !== 'ERR_SYSTEM_ERROR') throw error;
    }
  }
}

/** The threads of this process; only the process itself when they cannot be listed. */
function threadsOf(): readonly number[] {
  try {
    return readdirSync('/proc/self/task').map(Number);
  } catch {
    return [process.pid];
  }
}

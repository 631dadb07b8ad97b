// The lowest priority there is: what draws takes only the time that nobody else wants.

import { readdirSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

/**
 * Gives all threads of this process the nice value 19; threads that are started later inherit it. On Linux a nice value is
 * a thread's own (setpriority(2)), and V8 and libuv have started theirs by now.
 */
export function lowerPriority(): void {
  for (const thread of threadsOf()) {
    try {
      setPriority(thread, constants.priority.PRIORITY_LOW);
    } catch (error) {
      // A thread that has ended since.
      if (!(error instanceof Error) || !('code' in error) || error.code !== 'ERR_SYSTEM_ERROR') throw error;
    }
  }
}

/** The threads of this process; the process itself where they are not told. */
function threadsOf(): readonly number[] {
  try {
    return readdirSync('/proc/self/task').map(Number);
  } catch {
    return [process.pid];
  }
}

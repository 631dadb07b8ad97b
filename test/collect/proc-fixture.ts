// Files of /proc from real kernels: test/fixtures/proc, whose README lists them.

import { readFileSync } from 'node:fs';
import { fixturePath } from './capture.js';

/** The text of one file. */
export function procFile(path: string): string {
  return readFileSync(fixturePath(`proc/${path}`), 'latin1');
}

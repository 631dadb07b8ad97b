// Files of /proc as kernels wrote them: test/fixtures/proc, whose README says which.

import { readFileSync } from 'node:fs';
import { fixturePath } from './capture.js';

/** The text of one of them. */
export function procFile(path: string): string {
  return readFileSync(fixturePath(`proc/${path}`), 'latin1');
}

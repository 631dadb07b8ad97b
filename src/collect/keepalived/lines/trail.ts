// The files and paths of a reading of a configuration: while none of them has changed, it reads the same.

import { statSync } from 'node:fs';
import { expandGlob } from './glob.js';

/** A file that changed so shortly before it was looked at may change again without another time. */
const youngMs = 2000;

/** The files and the paths with wildcards that a reading looked at. */
export class Trail {
  readonly #looks = new Map<string, string>();
  readonly #paths = new Map<string, string>();
  #isYoung = false;

  /** Notes a file before it is read. */
  addFile(file: string): void {
    const { look, changedMs } = lookAt(file);
    if (changedMs > Date.now() - youngMs) this.#isYoung = true;
    // Noted twice, it has to be the same both times.
    if ((this.#looks.get(file) ?? look) !== look) this.#isYoung = true;
    this.#looks.set(file, look);
  }

  /** Notes what a path means. */
  addPath(path: string): void {
    this.#paths.set(path, meaningOf(path));
  }

  /** Whether everything is as it was. */
  isUnchanged(): boolean {
    if (this.#isYoung) return false;
    for (const [file, look] of this.#looks) if (lookAt(file).look !== look) return false;
    for (const [path, meaning] of this.#paths) if (meaningOf(path) !== meaning) return false;
    return true;
  }
}

/** The attributes by which a change shows, and the time of the last one; '' for a file that cannot be examined. */
function lookAt(file: string): { readonly look: string; readonly changedMs: number } {
  try {
    const { dev, ino, size, mode, mtimeNs, ctimeNs } = statSync(file, { bigint: true });
    return { look: [dev, ino, size, mode, mtimeNs, ctimeNs].join(' '), changedMs: Number(ctimeNs / 1_000_000n) };
  } catch {
    return { look: '', changedMs: 0 };
  }
}

function meaningOf(path: string): string {
  try {
    return JSON.stringify(expandGlob(path));
  } catch (error) {
    return String(error);
  }
}

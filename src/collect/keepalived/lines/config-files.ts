// The files of a configuration: each is read once at a time and within bounds. keepalived itself passes over what is not a regular file, what
// is executable, and what is missing; what only this user may not read is left out.

import { realpathSync, statSync } from 'node:fs';
import { readBounded } from '../../../files/read-file.js';
import type { ConfigBounds } from '../bounds.js';
import { expandGlob } from './glob.js';
import type { Trail } from './trail.js';

/** Why a file is not read. */
export interface ReadFailure {
  readonly text: string;
  /** Whether keepalived reads it even so: its part of the table is unknown then. */
  readonly isLeftOut: boolean;
}

/** The files that are being read, and how much was read. */
export class ConfigFiles {
  readonly #bounds: ConfigBounds;
  readonly #trail: Trail;
  /** The real paths of the files that include the current one, and its own. */
  readonly #open: string[] = [];
  #bytes = 0;
  #files = 0;

  constructor({ bounds, trail }: { readonly bounds: ConfigBounds; readonly trail: Trail }) {
    this.#bounds = bounds;
    this.#trail = trail;
  }

  /** How many files include one another at the moment. */
  get depth(): number {
    return this.#open.length;
  }

  /** The files that a path with wildcards means, or why they cannot be listed. */
  expand(path: string): readonly string[] | ReadFailure {
    this.#trail.addPath(path);
    try {
      return expandGlob(path);
    } catch (error) {
      return failureOf(error);
    }
  }

  /** The text of a file, which is the current one until `close`; or why it is not read. */
  open(file: string): string | ReadFailure {
    const { files, allBytes, fileBytes } = this.#bounds;
    this.#trail.addFile(file);
    try {
      const stats = statSync(file);
      if (!stats.isFile()) return { text: 'it is not a regular file', isLeftOut: false };
      if (this.#open.length > 0 && (stats.mode & 0o111) !== 0) return { text: 'it is executable', isLeftOut: false };
      const path = realpathSync(file);
      if (this.#open.includes(path)) return { text: 'it includes itself', isLeftOut: true };
      if (this.#files >= files) return { text: `more than ${files} files are included`, isLeftOut: true };
      const text = readBounded(file, Math.min(fileBytes, allBytes - this.#bytes)).toString();
      this.#files += 1;
      this.#bytes += text.length;
      this.#open.push(path);
      return text;
    } catch (error) {
      return failureOf(error);
    }
  }

  close(): void {
    this.#open.pop();
  }
}

function failureOf(error: unknown): ReadFailure {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOENT' || code === 'ENOTDIR') return { text: 'there is no such file', isLeftOut: false };
  if (code === 'EACCES' || code === 'EPERM') {
    return { text: 'this user may not read it; run as root, or let this user read it', isLeftOut: true };
  }
  return { text: error instanceof Error ? error.message : String(error), isLeftOut: true };
}

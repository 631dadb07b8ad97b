// The pictures that failed the last time: `failed-pictures.json` in their folder, with relative paths. They are retried after
// all others: a picture that can never be drawn is always the one that has waited longest.

import { rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { readBounded } from '../../files/read-file.js';
import { writeWhole } from '../../files/whole-file.js';

const maxRemembered = 1000;
const maxBytes = 2 ** 22;

/** The pictures of a folder that failed. */
export class FailedPictures {
  readonly #folder: string;
  readonly #paths: Set<string>;
  readonly #before: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.#paths = new Set(readPaths(folder));
    this.#before = this.#text();
  }

  has(path: string): boolean {
    return this.#paths.has(relative(this.#folder, path));
  }

  /** Records which pictures were tried, and which of them failed. */
  note(tried: readonly string[], failed: readonly string[]): void {
    for (const path of tried) this.#paths.delete(relative(this.#folder, path));
    for (const path of failed.slice(0, maxRemembered - this.#paths.size)) {
      this.#paths.add(relative(this.#folder, path));
    }
  }

  /** Saves changes to disk; if that fails, the pictures are tried in their usual order. */
  save(): void {
    const text = this.#text();
    if (text === this.#before) return;
    const path = fileOf(this.#folder);
    try {
      if (this.#paths.size === 0) rmSync(path, { force: true });
      else writeWhole(path, text);
    } catch {}
  }

  #text(): string {
    return JSON.stringify([...this.#paths]);
  }
}

function fileOf(folder: string): string {
  return join(folder, 'failed-pictures.json');
}

function readPaths(folder: string): readonly string[] {
  try {
    const paths: unknown = JSON.parse(readBounded(fileOf(folder), maxBytes).toString());
    return Array.isArray(paths) ? paths.filter((path) => typeof path === 'string').slice(0, maxRemembered) : [];
  } catch {
    return [];
  }
}

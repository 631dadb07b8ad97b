// A file that a command writes for its user, part by part: under another name until it is whole and on the disk, then in its
// place. `-` is standard output. Root's commands write it as root, wherever the data folder's owner may not.

import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { UserError } from '../model/user-error.js';
import { removeLeftovers } from '../store/leftovers.js';
import type { Owner } from './owner.js';

/** Parts of a file. */
export type Parts = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

/** Writes a file. Throws a `UserError`, `cannot-write`, and leaves what was there before. */
export async function writeFileWhole(path: string, parts: Parts, owner: Owner): Promise<void> {
  if (path === '-') return writeOut(parts);
  const unfinished = `${resolve(path)}.${process.pid}.part`;
  // What killed processes have left of the same file.
  await owner.asRoot(async () => removeLeftovers(dirname(resolve(path)), partsOf(path)));
  const file = await owner.asRoot(() => open(unfinished, 'w', 0o600)).catch((error: unknown) => refuse(path, error));
  try {
    for await (const part of parts) await file.writeFile(part).catch((error: unknown) => refuse(path, error));
    await file.sync().catch((error: unknown) => refuse(path, error));
    await owner.asRoot(() => rename(unfinished, resolve(path))).catch((error: unknown) => refuse(path, error));
  } catch (error) {
    await owner.asRoot(() => rm(unfinished, { force: true }));
    throw error;
  } finally {
    await file.close();
  }
}

function partsOf(path: string): RegExp {
  return new RegExp(`^${basename(resolve(path)).replaceAll(/[^\w]/g, '\\$&')}\\.(\\d+)\\.part$`);
}

function refuse(path: string, error: unknown): never {
  const text = error instanceof Error ? error.message : String(error);
  throw new UserError('cannot-write', `cannot write ${path} (${text}): write to another place, or make room`, {
    cause: error,
  });
}

/** A reader that has had enough ends it without a complaint, as main.ts has it. */
async function writeOut(parts: Parts): Promise<void> {
  const { stdout } = process;
  for await (const part of parts) {
    if (stdout.destroyed) return;
    if (stdout.write(part)) continue;
    await new Promise<void>((done) => {
      const next = (): void => {
        for (const name of ['drain', 'close', 'error']) stdout.off(name, next);
        done();
      };
      for (const name of ['drain', 'close', 'error']) stdout.on(name, next);
    });
  }
}

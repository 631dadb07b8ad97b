// A file that a command writes for its user, part by part: under another name until it is whole and on the disk, then in its
// place. `-` is standard output. Root's commands write it as root, wherever the data folder's owner may not.

import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { UserError } from '../model/user-error.js';
import { removeLeftovers } from '../store/leftovers.js';
import type { Owner } from './owner.js';

/** Parts of a file. */
export type Parts = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

/**
 * Writes a file, the one that a symbolic link leads to. Into what is no file, such as a pipe or a device, parts are written as they come.
 * Throws a `UserError`, `cannot-write`, and leaves a file that was there before.
 */
export async function writeFileWhole(path: string, parts: Parts, owner: Owner): Promise<void> {
  if (path === '-') return writeOut(parts);
  const target = await owner.asRoot(() => realpath(path)).catch(() => resolve(path));
  const found = await owner.asRoot(() => stat(target)).catch(() => null);
  if (found !== null && !found.isFile()) return writeInto(path, parts, owner);
  const unfinished = `${target}.${process.pid}.part`;
  // What killed processes have left of the same file.
  await owner.asRoot(async () => removeLeftovers(dirname(target), partsOf(target)));
  const file = await owner.asRoot(() => open(unfinished, 'w', 0o600)).catch((error: unknown) => refuse(path, error));
  try {
    for await (const part of parts) await file.writeFile(part).catch((error: unknown) => refuse(path, error));
    await file.sync().catch((error: unknown) => refuse(path, error));
    await owner.asRoot(() => rename(unfinished, target)).catch((error: unknown) => refuse(path, error));
  } catch (error) {
    await owner.asRoot(() => rm(unfinished, { force: true }));
    throw error;
  } finally {
    await file.close();
  }
}

async function writeInto(path: string, parts: Parts, owner: Owner): Promise<void> {
  const file = await owner.asRoot(() => open(path, 'w')).catch((error: unknown) => refuse(path, error));
  try {
    for await (const part of parts) await file.writeFile(part).catch((error: unknown) => refuse(path, error));
  } finally {
    await file.close();
  }
}

function partsOf(path: string): RegExp {
  return new RegExp(`^${basename(path).replaceAll(/[^\w]/g, '\\$&')}\\.(\\d+)\\.part$`);
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

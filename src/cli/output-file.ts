// A file that a command writes for its user, in parts: under another name until it is complete and on disk, then renamed. `-` is standard
// output. It is written with the rights of the user who controls the place (owner.ts), into a newly created file (files/whole-file.ts). It
// is opened before the archives are, and renamed after they are closed, since other threads work on those.

import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, realpath, rename, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { partPath, partPattern, releasePart } from '../files/part-name.js';
import { otherKind } from '../files/read-file.js';
import { discardPart, newFile } from '../files/whole-file.js';
import { UserError } from '../model/user-error.js';
import { removeLeftovers } from '../store/leveldb/leftovers.js';
import type { Owner } from './owner.js';

/** Parts of a file. */
export type Parts = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

/** A file that is being written. */
export interface OutputFile {
  write(parts: Parts): Promise<void>;
  /** Moves the written file into place. */
  finish(): Promise<void>;
  /** Removes the unfinished file; call it after a failure. */
  discard(): Promise<void>;
}

/**
 * Starts a file, at the target of any symbolic link. A pipe or a device gets the parts as they come. Throws a `UserError`, `cannot-write`,
 * as its methods do, and then keeps the old file. Only the user may read the new one, unless `mode` says otherwise.
 */
export async function openOutput(path: string, owner: Owner, mode = 0o600): Promise<OutputFile> {
  if (path === '-') return { write: writeOut, finish: async () => {}, discard: async () => {} };
  const use = <T>(work: () => Promise<T>): Promise<T> =>
    owner.asOwnerOf(path, work).catch((error: unknown) => refuse(path, error));
  return use(async () => {
    const target = await realpath(path).catch(() => resolve(path));
    const found = await stat(target).catch(() => stat(path).catch(() => null));
    if (found !== null && !found.isFile()) return outputInto(path, found);
    // Leftovers of killed processes that wrote the same file.
    removeLeftovers(dirname(target), partsOf(target));
    const part = partPath(target);
    const file = await open(part, newFile, mode);
    return {
      write: (parts) => writeAll(path, file, parts),
      finish: async () => {
        await file.sync().catch((error: unknown) => refuse(path, error));
        await file.close();
        await use(() => rename(part, target));
        releasePart(part);
      },
      discard: async () => {
        await file.close().catch(() => {});
        await use(async () => discardPart(part));
      },
    };
  });
}

/** Writes a whole file. Throws a `UserError`, `cannot-write`. */
export async function writeFileWhole(path: string, parts: Parts, owner: Owner): Promise<void> {
  const output = await openOutput(path, owner);
  try {
    await output.write(parts);
    await output.finish();
  } catch (error) {
    await output.discard();
    throw error;
  }
}

/** Devices, and what the shell opened; not the folders below /dev that every user can write to. */
const systemPath = /^\/(dev\/(?!shm\/|mqueue\/)|proc\/)/;

/** Writing would wait for the reader of a pipe that another user has put there, and hand that reader everything. */
async function outputInto(path: string, found: Stats): Promise<OutputFile> {
  if (!systemPath.test(resolve(path)) && found.uid !== process.geteuid?.()) {
    throw new Error(`it is ${otherKind(found)} of user ${found.uid}`);
  }
  const file = await open(path, constants.O_WRONLY | constants.O_NOCTTY);
  return {
    write: (parts) => writeAll(path, file, parts),
    finish: () => file.close(),
    discard: () => file.close().catch(() => {}),
  };
}

async function writeAll(path: string, file: FileHandle, parts: Parts): Promise<void> {
  for await (const part of parts) await file.writeFile(part).catch((error: unknown) => refuse(path, error));
}

function partsOf(path: string): RegExp {
  return new RegExp(`^${basename(path).replaceAll(/[^\w]/g, '\\$&')}${partPattern.source}`);
}

function refuse(path: string, error: unknown): never {
  if (error instanceof UserError) throw error;
  const text = error instanceof Error ? error.message : String(error);
  throw new UserError('cannot-write', `cannot write ${path} (${text}): write to another place, or make room`, {
    cause: error,
  });
}

/** When the reader stops early, this ends without an error, as in main.ts. */
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

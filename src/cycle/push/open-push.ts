// A pusher with its files: the lock that keeps a second one away from the same receiver, and the cursor in the data folder.

import type { EngineAddress } from '../../engine/connection/engine-address.js';
import { connectEngine } from '../../engine/connection/http.js';
import { UserError } from '../../model/user-error.js';
import { pushId, readCursor, writeCursor } from '../../push/cursor/cursor-file.js';
import { Pusher, type PushProgress } from '../../push/pusher.js';
import type { LendSource } from '../../push/sender.js';
import { WriteRequestEncoder } from '../../push/series/write-request.js';
import { takeLock } from '../../store/lock.js';
import type { Serially } from '../live/serially.js';

/** The parts of a pusher. */
export interface PushRequest {
  readonly dataDir: string;
  readonly address: EngineAddress;
  readonly director: string;
  /** Rows that end at or before this time are not wanted. */
  readonly sinceS: number;
  readonly lend: LendSource;
  /** Writes files of the data folder while no cycle has other rights than the folder's owner. */
  readonly inTurn: Serially;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: PushProgress) => void;
}

/** A pusher that must be closed. */
export interface OpenPush {
  readonly pusher: Pusher;
  readonly close: () => Promise<void>;
}

/** Milliseconds to wait for another process that pushes to the same receiver. */
const lockMs = 2000;

/** Opens a pusher. Throws a `UserError`: `push-running` if another process pushes to that receiver, `bad-cursor`. */
export async function openPush(request: PushRequest): Promise<OpenPush> {
  const { dataDir, address, director, inTurn, signal } = request;
  const to = { receiver: address.name, director };
  const lock = await takeLock(dataDir, `push-${pushId(to)}`, { waitMs: lockMs, signal });
  if (lock === null) {
    throw new UserError(
      'push-running',
      `another process pushes rows of ${director} to ${address.name}: stop it first, or let it work`,
    );
  }
  const connection = connectEngine(address, { signal });
  const close = async (): Promise<void> => {
    connection.close();
    await lock.release();
  };
  try {
    const pusher = new Pusher({
      lend: request.lend,
      writeUrl: address.writeUrl,
      baseUrl: address.baseUrl,
      send: connection.send,
      encoder: new WriteRequestEncoder(director),
      director,
      cursor: readCursor(dataDir, to),
      keep: (cursor) => inTurn(async () => writeCursor(dataDir, to, cursor)),
      nowS: () => Date.now() / 1000,
      sinceS: request.sinceS,
      onProgress: request.onProgress,
    });
    return { pusher, close };
  } catch (error) {
    await close();
    throw error;
  }
}

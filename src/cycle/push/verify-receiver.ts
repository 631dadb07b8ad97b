// Compares the archives of a data folder with the rows that a receiver has of them, and prints how they differ.

import { formatLocal } from '../../cli/local-time.js';
import { createProgress } from '../../cli/progress.js';
import type { EngineAddress } from '../../engine/connection/engine-address.js';
import { connectEngine, PassingError } from '../../engine/connection/http.js';
import { UserError } from '../../model/user-error.js';
import { cursorPath, readCursor } from '../../push/cursor/cursor-file.js';
import type { LendSource } from '../../push/sender.js';
import { verifyPushed } from '../../push/verify.js';
import { verifiedLines } from '../../push/verify-lines.js';

/** The archives and the receiver. */
export interface VerifyRequest {
  readonly dataDir: string;
  readonly address: EngineAddress;
  readonly director: string;
  readonly sinceS: number;
  readonly lend: LendSource;
  readonly signal: AbortSignal;
  readonly print: (line: string) => void;
}

/** Compares them. Sets the exit status to 1 if rows differ. Throws a `UserError`: `not-pushed`, `not-readable`, `push-failed`, `bad-cursor`. */
export async function verifyReceiver(request: VerifyRequest): Promise<void> {
  const { dataDir, address, director, sinceS, lend, signal, print } = request;
  const { name, baseUrl } = address;
  const to = { receiver: name, director };
  if (baseUrl === null)
    throw new UserError(
      'not-readable',
      `${name} cannot be asked for rows: only an address that ends with /api/v1/write can`,
    );
  const cursor = readCursor(dataDir, to);
  if (cursor === null)
    throw new UserError(
      'not-pushed',
      `no rows of ${director} were pushed from ${dataDir} to ${name}: push without --verify first`,
    );
  const connection = connectEngine(address, { signal });
  const progress = createProgress('verify', cursor.toS - cursor.fromS);
  try {
    const ground = { baseUrl, send: connection.send, director, lend, cursor, sinceS, onProgress: progress };
    const verified = await verifyPushed(ground);
    const cursorFile = cursorPath(dataDir, to);
    for (const line of verifiedLines(verified, { name, baseUrl, director, cursorFile, formatTime: formatLocal }))
      print(line);
    if (verified.differences.length > 0) process.exitCode = 1;
  } catch (error) {
    if (!(error instanceof PassingError)) throw error;
    throw new UserError('push-failed', `${name} ${error.message}: correct that and run it again`, { cause: error });
  } finally {
    connection.close();
  }
}

// Frames on a byte stream: a four-byte big-endian length, then that many bytes. Input is buffered as it came until a frame is complete, so
// a length without its bytes takes no memory.

import type { Socket } from 'node:net';

/** The longest frame: a cycle of a million real servers with its table, or all rows of an archive. */
export const maxFrameBytes = 2 ** 28;

const headBytes = 4;

/** Input that is not a frame: too long, or cut off. */
export class FrameError extends Error {}

/** Bytes that this process may hold for all clients together: their calls, and answers they have not read. */
export class Allowance {
  #leftBytes: number;

  constructor(bytes: number) {
    this.#leftBytes = bytes;
  }

  /** Throws a `FrameError` when fewer bytes are left. */
  take(bytes: number): void {
    if (bytes > this.#leftBytes) throw new FrameError(`${bytes} bytes more than may be held`);
    this.#leftBytes -= bytes;
  }

  give(bytes: number): void {
    this.#leftBytes += bytes;
  }
}

const unbounded = new Allowance(Number.POSITIVE_INFINITY);

/**
 * Splits input into frames. `limitBytes` is called before each. Buffered bytes count against the allowance, and so does a frame while it is
 * processed. Throws a `FrameError`, or what the stream throws.
 */
export async function* readFrames(
  stream: AsyncIterable<Buffer>,
  limitBytes: () => number,
  allowance = unbounded,
): AsyncGenerator<Buffer, void> {
  let heldBytes = 0;
  try {
    for await (const frame of splitFrames(stream, limitBytes, (bytes) => {
      allowance.take(bytes);
      heldBytes += bytes;
    })) {
      yield frame;
      allowance.give(headBytes + frame.length);
      heldBytes -= headBytes + frame.length;
    }
  } finally {
    allowance.give(heldBytes);
  }
}

async function* splitFrames(
  stream: AsyncIterable<Buffer>,
  limitBytes: () => number,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Buffer, void> {
  let parts: Buffer[] = [];
  let bytes = 0;
  /** Length of the next frame with its head; null while unknown. */
  let wanted: number | null = null;
  for await (const part of stream) {
    onBytes(part.length);
    parts.push(part);
    bytes += part.length;
    for (;;) {
      if (wanted === null && bytes >= headBytes) {
        const joined = Buffer.concat(parts);
        parts = [joined];
        wanted = headBytes + joined.readUInt32BE(0);
        if (wanted - headBytes > limitBytes()) throw new FrameError(`a frame of ${wanted - headBytes} bytes`);
      }
      if (wanted === null || bytes < wanted) break;
      const joined = Buffer.concat(parts);
      const rest = joined.subarray(wanted);
      const frame = joined.subarray(headBytes, wanted);
      [parts, bytes, wanted] = [rest.length === 0 ? [] : [rest], rest.length, null];
      yield frame;
    }
  }
  if (bytes > 0) throw new FrameError('a frame is cut off');
}

/** Sends a frame. Resolves when the system has taken all of it, and rejects when the other end is gone. */
export function sendFrame(socket: Socket, payload: Uint8Array): Promise<void> {
  const head = Buffer.alloc(headBytes);
  head.writeUInt32BE(payload.length);
  return new Promise((resolve, reject) => {
    socket.cork();
    socket.write(head);
    socket.write(payload, (error) => {
      if (error === null || error === undefined) resolve();
      else reject(error);
    });
    socket.uncork();
  });
}

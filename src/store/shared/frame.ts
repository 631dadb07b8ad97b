// Frames on a stream of bytes: four bytes with the length of what follows, big-endian, then that many bytes. What comes in is
// kept as it came until a frame is whole, so a length that is never followed by its bytes takes no memory.

import type { Socket } from 'node:net';

/** Bytes that a frame may have: some times the table of 100,000 real servers, or all rows of an archive. */
export const mostFrameBytes = 2 ** 28;

const headBytes = 4;

/** What came is no frame: too long, or cut off. */
export class FrameError extends Error {}

/** Bytes that all who are answered may make this process hold together, of calls and of answers that are not taken. */
export class Allowance {
  #leftBytes: number;

  constructor(bytes: number) {
    this.#leftBytes = bytes;
  }

  /** Throws a `FrameError` where there are not so many left. */
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
 * Splits what arrives into frames; `limitBytes` is asked before each, and what is held, a frame while it is worked on too, is taken from
 * the allowance. Throws a `FrameError`, or what the stream throws.
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
  /** Of the frame that is coming, with its head; null while that is not known. */
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

/** Sends a frame; settled when the system has taken all of it, rejected when the other end has gone. */
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

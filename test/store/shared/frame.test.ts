import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FrameError, readFrames } from '../../../src/store/shared/frame.js';

function framed(payload: Uint8Array): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(payload.length);
  return Buffer.concat([head, payload]);
}

/** A stream of bytes that arrive in parts of `lengths`, repeated. */
function arriving(bytes: Buffer, lengths: readonly number[]): PassThrough {
  const stream = new PassThrough();
  for (let [at, i] = [0, 0]; at < bytes.length; i += 1) {
    const end = at + (lengths[i % lengths.length] ?? 1);
    stream.write(bytes.subarray(at, end));
    at = end;
  }
  stream.end();
  return stream;
}

async function framesOf(stream: PassThrough, limitBytes = 1000): Promise<Buffer[]> {
  const frames: Buffer[] = [];
  for await (const frame of readFrames(stream, () => limitBytes)) frames.push(Buffer.from(frame));
  return frames;
}

describe('frames', () => {
  test('round-trip, however the stream is split', async () => {
    const payloads = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 });
    const cuts = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(payloads, cuts, async (sent, lengths) => {
        const frames = await framesOf(arriving(Buffer.concat(sent.map(framed)), lengths));
        expect(frames).toEqual(sent.map((payload) => Buffer.from(payload)));
      }),
    );
  });

  test.each([
    ['longer than the limit', framed(Buffer.alloc(1001))],
    ['only a length', Buffer.from([0, 0, 0, 9])],
    ['cut off', framed(Buffer.alloc(9)).subarray(0, 7)],
    ['half a length', Buffer.from([0, 0])],
    ['an HTTP request', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ])('that are %s are rejected', async (_, bytes) => {
    await expect(framesOf(arriving(bytes, [3]))).rejects.toBeInstanceOf(FrameError);
  });
});

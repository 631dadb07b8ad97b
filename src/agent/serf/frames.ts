// The frames of Serf's RPC: MessagePack objects one after the other, without lengths in between. A header `{Seq, Error}` begins each answer; what
// follows it, if anything, is its body. A body never has both of these names, so that a reader knows one from the other without knowing the command.
// https://github.com/hashicorp/serf/blob/master/docs/agent/rpc.html.markdown

import { decodeMultiStream, encode } from '@msgpack/msgpack';
import { isObject } from '../../files/json-object.js';

/** An object that has arrived. */
export type SerfFrame =
  | { readonly type: 'header'; readonly seq: number; readonly error: string }
  | { readonly type: 'body'; readonly body: Readonly<Record<string, unknown>> };

/** A pool of 10,000 members has some 4 MB. Nothing longer is waited for: lengths in garbage are any numbers. */
const limits = {
  context: undefined,
  maxStrLength: 2 ** 16,
  maxBinLength: 2 ** 16,
  maxArrayLength: 100_000,
  maxMapLength: 1000,
  maxExtLength: 0,
};

/** The frames in a stream of bytes. Throws what the stream throws, and an `Error` for bytes that are no frames. */
export async function* readFrames(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<SerfFrame> {
  for await (const value of decodeMultiStream(bytes, limits)) {
    if (!isObject(value)) throw new Error('the other end is not Serf: its frames are no objects');
    const { Seq: seq, Error: error } = value;
    if (typeof seq === 'number' && typeof error === 'string') yield { type: 'header', seq, error };
    else yield { type: 'body', body: value };
  }
}

/** The bytes of a request. */
export function requestBytes(command: string, seq: number, body: object | null): Uint8Array {
  const header = encode({ Command: command, Seq: seq });
  return body === null ? header : Buffer.concat([header, encode(body)]);
}

// The frames between the process that holds the database and the others (docs/format.md, "The socket"). Calls are answered in order. V8's
// structured clone preserves Map, bigint, Float64Array and NaN. Its version is part of the protocol's, since an older V8 cannot read what a
// newer one wrote.

import { deserialize, serialize } from 'node:v8';
import { UserError } from '../../model/user-error.js';
import { StoreError, type StoreErrorCode, storeErrorCodes } from '../store-error.js';
import { maxFrameBytes } from './frame.js';

/** The protocol that this program speaks. */
export const protocol = `lvs-stats 6.${serialize(null)[1]}`;

/** Parts of a call or an answer. */
const maxParts = 8;

/** Maximum bytes of a hello. */
export const maxHelloBytes = 256;

/** The introduction of either end. */
export interface Hello {
  readonly protocol: string;
  readonly pid: number;
}

/** A message that the other end of this protocol never sends. */
export class ProtocolError extends Error {}

/** The hello of this process. */
export function formatHello(): Buffer {
  return Buffer.from(JSON.stringify({ protocol, pid: process.pid } satisfies Hello));
}

/** Throws a `ProtocolError`. */
export function parseHello(frame: Buffer): Hello {
  try {
    const hello: unknown = JSON.parse(frame.toString());
    if (typeof hello === 'object' && hello !== null && 'protocol' in hello && 'pid' in hello) {
      const { protocol: spoken, pid } = hello;
      if (typeof spoken === 'string' && typeof pid === 'number') return { protocol: spoken, pid };
    }
  } catch {}
  throw new ProtocolError('no hello');
}

/** Encodes a call as its name and arguments. */
export function encodeCall(method: string, args: readonly unknown[]): Buffer {
  const frame = serialize([method, ...args]);
  if (frame.length > maxFrameBytes) throw new RangeError(`a call of ${frame.length} bytes is too long to be sent`);
  return frame;
}

/** The name and arguments of a call, unchecked. Throws a `ProtocolError`. */
export function decodeCall(frame: Buffer): { readonly method: string; readonly args: readonly unknown[] } {
  const [method, ...args] = decodeList(frame);
  if (typeof method !== 'string') throw new ProtocolError('no call');
  return { method, args };
}

/** The answer of a successful call. */
export function encodeValue(value: unknown): Buffer {
  const frame = serialize(['value', value]);
  if (frame.length <= maxFrameBytes) return frame;
  return encodeError(
    new UserError('too-much', `the answer has ${frame.length} bytes, too many to be sent: ask for less`),
  );
}

/** The answer of a failed call. */
export function encodeError(error: unknown): Buffer {
  if (error instanceof StoreError) return serialize(['error', 'store', error.code, error.message]);
  if (error instanceof UserError) return serialize(['error', 'user', error.code, error.message]);
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return serialize(['error', 'defect', '', text]);
}

/** The value of an answer. Throws the error in it, or a `ProtocolError`. */
export function decodeAnswer(frame: Buffer): unknown {
  const [outcome, ...rest] = decodeList(frame);
  if (outcome === 'value') return rest[0];
  const [kind, code, message] = rest;
  if (outcome !== 'error' || typeof code !== 'string' || typeof message !== 'string')
    throw new ProtocolError('no answer');
  if (kind === 'store' && isStoreErrorCode(code)) throw new StoreError(code, message);
  if (kind === 'user') throw new UserError(code, message);
  throw new Error(`the process that holds the database met a defect: ${message}`);
}

function decodeList(frame: Buffer): readonly unknown[] {
  let value: unknown;
  try {
    value = deserialize(frame);
  } catch (error) {
    throw new ProtocolError('nothing that was serialized', { cause: error });
  }
  // A list can claim a length it does not have.
  if (!Array.isArray(value) || value.length > maxParts) throw new ProtocolError('no list');
  return value;
}

function isStoreErrorCode(code: string): code is StoreErrorCode {
  return storeErrorCodes.some((known) => known === code);
}

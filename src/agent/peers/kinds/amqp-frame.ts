// Frames of AMQP 0-9-1: type, channel, size, payload, the end octet 0xCE. Only methods of the class Connection (10) on channel 0 occur here.

import { wrongProtocol } from './dialogue.js';

const numbers = {
  start: 10,
  'start-ok': 11,
  tune: 30,
  'tune-ok': 31,
  open: 40,
  'open-ok': 41,
  close: 50,
  'close-ok': 51,
} as const;

type MethodName = keyof typeof numbers;

/** A method of the server; `other` if it is not among those of a connection's life. */
export interface Method {
  readonly name: MethodName | 'other';
  /** The arguments. */
  readonly body: Buffer;
}

/** The version that a server names in a header, as it refuses ours. */
export interface OtherVersion {
  readonly version: string;
}

interface Parsed<T> {
  readonly value: T;
  readonly used: number;
}

const longestPayload = 16_384;
const headerText = 'AMQP';

/** Parses the first answer: a method, or a header with another version. */
export function parseStart(bytes: Buffer): Parsed<Method | OtherVersion> | null {
  if (!headerText.startsWith(bytes.toString('latin1', 0, 4))) return parseMethod(bytes);
  if (bytes.length < 8) return null;
  return { value: { version: bytes.subarray(5, 8).join('.') }, used: 8 };
}

/** Parses a method frame from the beginning of some bytes; null if it is not complete. */
export function parseMethod(bytes: Buffer): Parsed<Method> | null {
  const bad = (): Error => wrongProtocol('a frame of AMQP', bytes);
  if (bytes.length > 0 && bytes[0] !== 1) throw bad();
  if (bytes.length < 7) return null;
  const size = bytes.readUInt32BE(3);
  if (bytes.readUInt16BE(1) !== 0 || size < 4 || size > longestPayload) throw bad();
  if (bytes.length < size + 8) return null;
  if (bytes[size + 7] !== 0xce || bytes.readUInt16BE(7) !== 10) throw bad();
  const number = bytes.readUInt16BE(9);
  const name = (Object.keys(numbers) as MethodName[]).find((one) => numbers[one] === number) ?? 'other';
  return { value: { name, body: bytes.subarray(11, size + 7) }, used: size + 8 };
}

/** The frame of a method with its arguments. */
export function methodFrame(name: MethodName, ...args: readonly Buffer[]): Buffer {
  const body = Buffer.concat(args);
  const head = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0, 10, 0, numbers[name]]);
  head.writeUInt32BE(body.length + 4, 3);
  return Buffer.concat([head, body, Buffer.from([0xce])]);
}

/** A string of at most 255 bytes. */
export function shortText(text: string): Buffer {
  const bytes = Buffer.from(text).subarray(0, 255);
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}

/** Bytes behind their length. */
export function longText(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

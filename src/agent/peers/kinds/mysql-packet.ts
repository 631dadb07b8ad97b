// Packets of the MySQL protocol: a length of three bytes, a sequence number, the body; and the greeting of version 10.

import { quoted, wrongProtocol } from './dialogue.js';

/** A packet. */
export interface Packet {
  readonly sequence: number;
  readonly body: Buffer;
}

/** The greeting of a server. */
export interface Greeting {
  /** Printable. */
  readonly version: string;
  readonly capabilities: number;
  /** 20 bytes that a proof of the password contains. */
  readonly nonce: Buffer;
  readonly plugin: string;
}

const longest = 4096;

/** Parses a packet from the beginning of some bytes; null if it is not complete. */
export function parsePacket(bytes: Buffer): { readonly value: Packet; readonly used: number } | null {
  if (bytes.length < 4) return null;
  const length = bytes.readUIntLE(0, 3);
  if (length === 0 || length > longest) throw wrongProtocol('a packet of MySQL', bytes);
  if (bytes.length < length + 4) return null;
  return { value: { sequence: bytes[3] ?? 0, body: bytes.subarray(4, length + 4) }, used: length + 4 };
}

/** A packet to send; sequence numbers are modulo 256. */
export function packetOf(sequence: number, body: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUIntLE(body.length, 0, 3);
  head[3] = sequence & 0xff;
  return Buffer.concat([head, body]);
}

/** Whether a packet is an error. */
export function isError({ body }: Packet): boolean {
  return body[0] === 0xff;
}

const protocol41 = 0x200;

/** Parses a greeting. Throws a `ProbeEnd` for other packets, and for servers before MySQL 4.1. */
export function parseGreeting({ sequence, body }: Packet): Greeting {
  const nul = body.indexOf(0, 1);
  // After the version: thread 4, nonce 8, 0, capabilities 2, character set 1, status 2, capabilities 2, length 1, reserved 10, nonce 12, 0.
  if (sequence !== 0 || body[0] !== 10 || nul < 0 || body.length < nul + 45)
    throw wrongProtocol('the greeting of MySQL', body);
  const rest = body.subarray(nul + 1);
  const capabilities = rest.readUInt16LE(13) + rest.readUInt16LE(18) * 65_536;
  if ((capabilities & protocol41) === 0) throw wrongProtocol('a greeting of MySQL 4.1 or newer', body);
  const named = rest.toString('latin1', 44).split('\0')[0] ?? '';
  return {
    version: quoted(body.subarray(1, nul))
      .slice(1, -1)
      .replace(/^5\.5\.5-/, ''),
    capabilities,
    nonce: Buffer.concat([rest.subarray(4, 12), rest.subarray(31, 43)]),
    plugin: /^\w{1,60}$/.test(named) ? named : 'mysql_native_password',
  };
}

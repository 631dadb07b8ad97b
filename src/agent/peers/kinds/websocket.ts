// WebSocket: the opening handshake, then the closing one, so that the server sees a client that leaves in order. RFC 6455, 4.1 and 5.5.1.

import { createHash, randomBytes } from 'node:crypto';
import type { Wire } from '../wire/wire.js';
import { type Dialogue, ProbeEnd } from './dialogue.js';
import { commonHeaders, hostOf, pathOf, readHead, statusAnswer } from './http.js';

/** The dialogue of WebSocket. */
export const websocket: Dialogue = {
  speaksFirst: false,
  startsTls: false,
  run: async (wire, target) => {
    const key = randomBytes(16).toString('base64');
    const path = pathOf(target);
    wire.send(
      `GET ${path} HTTP/1.1\r\nHost: ${hostOf(target)}\r\n${commonHeaders}Connection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
    );
    const { status, headers } = await readHead(wire);
    if (status === 101) {
      const accept = createHash('sha1').update(`${key}${handshakeGuid}`).digest('base64');
      if (headers.get('sec-websocket-accept') !== accept)
        throw new ProbeEnd('wrong-protocol', 'switched protocols without the right Sec-WebSocket-Accept');
      await leave(wire);
      return { state: 'up', detail: `WebSocket at ${path}` };
    }
    const answer = statusAnswer(status);
    if (answer.state === 'refused' || demandsCredentials.includes(status)) return answer;
    return { state: 'wrong-protocol', detail: `HTTP ${status} instead of a WebSocket at ${path}` };
  },
};

const handshakeGuid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

const demandsCredentials: readonly number[] = [401, 403, 407];

/** Sends "normal closure" (1000), masked as a client's frames are, and waits for the server's. One without it, or late with it, is up all the same. */
async function leave(wire: Wire): Promise<void> {
  const mask = randomBytes(4);
  const code = Buffer.from([1000 >> 8, 1000 & 0xff]).map((byte, i) => byte ^ (mask[i] ?? 0));
  wire.send(Buffer.concat([Buffer.from([0x88, 0x82]), mask, code]));
  try {
    await wire.peek(leaveMs);
  } catch (error) {
    if (!(error instanceof ProbeEnd)) throw error;
  }
}

const leaveMs = 200;

// Something that listens where Serf's RPC would be, and does what a test says.

import { createServer, type Server, type Socket } from 'node:net';
import { decodeMultiStream, encode } from '@msgpack/msgpack';
import type { SerfPlace } from '../../../src/agent/serf/connection.js';

/** A request as it arrived; its body follows as another object. */
export type Arrived = Readonly<Record<string, unknown>>;

/** A fake Serf. */
export interface FakeSerf {
  readonly place: SerfPlace;
  readonly sockets: readonly Socket[];
  /** All objects that came. */
  readonly arrived: readonly Arrived[];
  readonly close: () => void;
}

/** Starts a fake, which answers each request by its command. */
export async function startFakeSerf(
  answer: (request: Arrived, socket: Socket) => void,
  timeoutMs = 60_000,
): Promise<FakeSerf> {
  const sockets: Socket[] = [];
  const arrived: Arrived[] = [];
  const server: Server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    void read(socket);
  });
  const read = async (socket: Socket): Promise<void> => {
    try {
      for await (const value of decodeMultiStream(socket)) {
        arrived.push(value as Arrived);
        if ('Command' in (value as Arrived)) answer(value as Arrived, socket);
      }
    } catch {
      // The client is gone.
    }
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const at = server.address();
  const port = typeof at === 'object' && at !== null ? at.port : 0;
  return {
    place: { at: { host: '127.0.0.1', port }, authKey: null, timeoutMs },
    sockets,
    arrived,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** The bytes of an answer: its header, and its body if it has one. */
export function answerBytes({ Seq }: Arrived, body?: object, error = ''): Buffer {
  const header = encode({ Error: error, Seq });
  return Buffer.concat(body === undefined ? [header] : [header, encode(body)]);
}

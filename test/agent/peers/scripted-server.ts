// Servers that follow a script, on loopback: what a kind's server says, and all the ways in which it does not. They count their open connections.

import { createServer, type Server, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { createSecureContext, TLSSocket } from 'node:tls';
import type { ApplicationTarget, ProbeKind } from '../../../src/agent/peers/application.js';
import { until } from '../../until.js';

/** A certificate and its key, PEM. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
}

/** One connection, as a script sees it. */
export interface Line {
  readonly say: (bytes: Uint8Array | string) => void;
  /** Waits until the client has said something more; its bytes. */
  readonly hear: () => Promise<Buffer>;
  readonly end: () => void;
  /** Continues in TLS; `begun` is what the client has said of it already. Throws without a certificate. */
  readonly secure: (begun?: Uint8Array) => void;
}

/** The server's side of a conversation. */
export type Script = (line: Line) => Promise<void> | void;

/** A running server. */
export interface ScriptedServer {
  readonly port: number;
  /** Connections that it has accepted so far. */
  readonly accepted: () => number;
  /** Waits until the clients have closed all connections. */
  readonly untilLeft: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Starts a server. With `startsTls`, TLS begins with the connection. */
export async function startScripted(
  script: Script,
  { pair = null, startsTls = false }: { readonly pair?: Pair | null; readonly startsTls?: boolean } = {},
): Promise<ScriptedServer> {
  const open = new Set<Socket>();
  let accepted = 0;
  const server: Server = createServer({ noDelay: true }, (socket) => {
    accepted++;
    open.add(socket);
    socket.on('error', () => {}).once('close', () => open.delete(socket));
    const line = lineOf(socket, pair);
    if (startsTls) line.secure();
    // The client may leave in the middle of a script.
    Promise.resolve(script(line)).catch(() => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    accepted: () => accepted,
    untilLeft: () => until('all clients have left', () => open.size === 0),
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function lineOf(base: Socket, pair: Pair | null): Line {
  let socket: Socket = base;
  const heard: Buffer[] = [];
  let wake = (): void => {};
  const listen = (): void => {
    socket.on('data', (bytes: Buffer) => {
      heard.push(bytes);
      wake();
    });
  };
  listen();
  return {
    say: (bytes) => void socket.write(bytes),
    hear: async () => {
      if (heard.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return Buffer.concat(heard.splice(0));
    },
    end: () => void socket.end(),
    secure: (begun) => {
      if (pair === null) throw new Error('no certificate');
      base.removeAllListeners('data');
      socket = new TLSSocket(restOf(base, begun), { isServer: true, secureContext: createSecureContext(pair) });
      socket.on('error', () => {});
      listen();
    },
  };
}

/** A connection from a later byte on: a client may begin TLS in the packet that asks for it. */
function restOf(base: Socket, begun: Uint8Array = Buffer.alloc(0)): Duplex {
  const rest = new Duplex({
    read: () => {},
    write: (chunk, _encoding, done) => void base.write(chunk, done),
    final: (done) => void base.end(done),
  });
  if (begun.length > 0) rest.push(begun);
  base.on('data', (bytes) => rest.push(bytes)).once('end', () => rest.push(null));
  return rest;
}

/** The target that is a scripted server. */
export function targetOf(kind: ProbeKind, port: number, more: Partial<ApplicationTarget> = {}): ApplicationTarget {
  return { kind, host: '127.0.0.1', port, tls: false, name: 'web01', ...more };
}

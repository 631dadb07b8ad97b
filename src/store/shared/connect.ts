// Connects to the process that holds a data folder's database, if one answers on its socket (protocol.ts).

import { existsSync } from 'node:fs';
import { connect as connectSocket, type Socket } from 'node:net';
import { patiently } from '../../model/patience.js';
import { StoreError } from '../store-error.js';
import { FrameError, maxFrameBytes, readFrames, sendFrame } from './frame.js';
import { formatHello, type Hello, maxHelloBytes, ProtocolError, parseHello, protocol } from './protocol.js';
import { type SocketAddress, socketAddress, socketPath } from './socket-path.js';

/** A connection whose greetings are done. */
export interface Connection {
  readonly socket: Socket;
  readonly frames: AsyncGenerator<Buffer, void>;
  /** The server's process id. */
  readonly pid: number;
}

/**
 * Connects to the server of a data folder; null when none listens (as after one was killed), or when it has no room now. Throws a
 * `StoreError`: `other-version`, or `busy` when it has not answered for `waitMs`.
 */
export async function connectTo(dataDir: string, waitMs: number): Promise<Connection | null> {
  const socket = await openSocket(dataDir);
  if (socket === null) return null;
  const hello = await greeted(socket, waitMs);
  if (hello.kind === 'silent') throw silent(dataDir, waitMs);
  if (hello.kind === 'closed') return null;
  if (hello.protocol !== protocol) {
    socket.destroy();
    throw otherVersion(dataDir, hello);
  }
  const { frames, pid } = hello;
  return { socket, frames, pid };
}

/** The process id of the server that has a data folder open; null when none answers within a second. */
export async function serverPid(dataDir: string): Promise<number | null> {
  const socket = await openSocket(dataDir);
  if (socket === null) return null;
  const hello = await greeted(socket, 1000);
  socket.destroy();
  return hello.kind === 'hello' ? hello.pid : null;
}

/** Throws `served` when a server has the data folder open. For operations that need the database itself. */
export async function refuseServed(dataDir: string): Promise<void> {
  const pid = await serverPid(dataDir);
  if (pid !== null) throw new StoreError('served', servedText(dataDir, pid));
}

/** A sentence that names the server of a data folder. */
export function servedText(dataDir: string, pid: number): string {
  return `lvs-stats serve (pid ${pid}) has ${dataDir} open: stop it first, or name another folder with --data DIR`;
}

/** Null when it cannot connect: nobody listens, or not for this user. Opening the database will report any other fault. */
async function openSocket(dataDir: string): Promise<Socket | null> {
  if (!existsSync(socketPath(dataDir))) return null;
  try {
    return await connectedSocket(socketAddress(dataDir));
  } catch {
    return null;
  }
}

async function connectedSocket({ path, release }: SocketAddress): Promise<Socket> {
  try {
    return await new Promise<Socket>((resolve, reject) => {
      const socket = connectSocket(path, () => {
        socket.off('error', reject);
        // Later errors are reported by the reads and writes.
        socket.on('error', () => {});
        resolve(socket);
      });
      socket.once('error', reject);
    });
  } finally {
    release();
  }
}

type Greeting =
  | ({ readonly kind: 'hello'; readonly frames: Connection['frames'] } & Hello)
  | { readonly kind: 'silent' }
  | { readonly kind: 'closed' };

/** Exchanges greetings; closes the socket on failure. */
async function greeted(socket: Socket, waitMs: number): Promise<Greeting> {
  let isSilent = false;
  let limitBytes: number = maxHelloBytes;
  const frames = readFrames(socket, () => limitBytes);
  const timer = setTimeout(() => {
    isSilent = true;
    socket.destroy();
  }, patiently(waitMs));
  try {
    const first = await frames.next();
    if (first.done === true) return { kind: 'closed' };
    limitBytes = maxFrameBytes;
    await sendFrame(socket, formatHello());
    return { kind: 'hello', frames, ...parseHello(first.value) };
  } catch (error) {
    socket.destroy();
    if (error instanceof ProtocolError || error instanceof FrameError) return { kind: 'closed' };
    return { kind: isSilent ? 'silent' : 'closed' };
  } finally {
    clearTimeout(timer);
  }
}

function silent(dataDir: string, waitMs: number): StoreError {
  return new StoreError(
    'busy',
    `lvs-stats serve has ${dataDir} open, but has not answered for ${Math.round(patiently(waitMs) / 1000)} s: is it stopped, or the ` +
      'machine overloaded? Try again, or end it',
  );
}

function otherVersion(dataDir: string, hello: Hello): StoreError {
  return new StoreError(
    'other-version',
    `lvs-stats serve (pid ${hello.pid}) has ${dataDir} open and is another version (it speaks "${hello.protocol}", this ` +
      `command "${protocol}"): restart it, with the same Node.js as this command`,
  );
}

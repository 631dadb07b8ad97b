// The server's end of the socket: connections of commands, each greeted, with calls answered in order. A client that does not greet, sends
// garbage, stalls, does not read its answers or makes the server hold too much is dropped without affecting the others: an honest command
// reconnects.

import { chmodSync, renameSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { partPath } from '../../files/part-name.js';
import { patiently } from '../../model/patience.js';
import type { Archives } from '../archives.js';
import { Allowance, maxFrameBytes, readFrames, sendFrame } from './frame.js';
import {
  decodeCall,
  encodeError,
  encodeValue,
  formatHello,
  maxHelloBytes,
  ProtocolError,
  parseHello,
  protocol,
} from './protocol.js';
import { socketAddress, socketPath } from './socket-path.js';
import { isVerbName, performSent } from './verbs.js';

/** Time limits for commands, and their maximum number. */
export interface Patience {
  /** For the greeting. */
  readonly helloMs: number;
  /** From one answer to the end of the next call. */
  readonly callMs: number;
  /** For reading an answer. */
  readonly answerMs: number;
  readonly connections: number;
  /** Bytes that this process may hold for all commands together; by default twice the largest frame. */
  readonly heldBytes?: number;
}

const usualPatience: Patience = { helloMs: 5000, callMs: 60_000, answerMs: 30_000, connections: 64 };

function longPatience(): Patience {
  const { helloMs, callMs, answerMs, connections } = usualPatience;
  return { helloMs: patiently(helloMs), callMs: patiently(callMs), answerMs: patiently(answerMs), connections };
}

/** A listening socket. */
export interface ListeningSocket {
  /**
   * Stops accepting calls, waits up to `graceMs` for running ones to be answered, and removes the socket. A process that exits without this
   * removes it, too.
   */
  close(graceMs: number): Promise<void>;
}

/**
 * Listens on the socket of a data folder and replaces one that a killed server left. Only the process that has the database open may do
 * this. Throws what Node throws.
 */
export async function answerCalls(
  dataDir: string,
  archives: Archives,
  patience = longPatience(),
): Promise<ListeningSocket> {
  const clients = new Set<Client>();
  const allowance = new Allowance(patience.heldBytes ?? 2 * maxFrameBytes);
  const server = createServer((socket) => {
    const client = new Client(socket, archives, { ...patience, allowance });
    clients.add(client);
    void client.ended.finally(() => clients.delete(client));
  });
  server.maxConnections = patience.connections;
  await listen(server, dataDir);
  const remove = removedAtExit(socketPath(dataDir));
  return {
    close: async (graceMs) => {
      remove();
      server.close();
      for (const client of clients) client.finish();
      await Promise.race([Promise.all([...clients].map(({ ended }) => ended)), pause(graceMs, null, { ref: false })]);
      for (const client of clients) client.drop();
    },
  };
}

/** Sockets of this process. One listener removes all of them: a fleet's viewer has as many as directors. */
const sockets = new Set<string>();

function removeSockets(): void {
  for (const path of sockets) rmSync(path, { force: true });
}

/** Removes a socket when the process exits, unless the returned function has done so. */
function removedAtExit(path: string): () => void {
  if (sockets.size === 0) process.once('exit', removeSockets);
  sockets.add(path);
  return () => {
    rmSync(path, { force: true });
    sockets.delete(path);
    if (sockets.size === 0) process.off('exit', removeSockets);
  };
}

/** The socket gets its name once only its owner can use it, in one step even when the name exists. */
async function listen(server: Server, dataDir: string): Promise<void> {
  const address = socketAddress(dataDir, partPath('serve'));
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(address.path, () => {
        server.off('error', reject);
        resolve();
      });
    });
    chmodSync(address.path, 0o600);
    renameSync(address.path, socketAddress(dataDir).path);
  } catch (error) {
    server.close();
    rmSync(address.path, { force: true });
    throw error;
  }
  // libuv removes the name it was given when the server closes, so until then it must refer to the same folder.
  server.once('close', address.release);
}

interface Bounds extends Patience {
  readonly allowance: Allowance;
}

class Client {
  /** Settled when nothing more is sent on it. */
  readonly ended: Promise<void>;
  readonly #socket: Socket;
  readonly #patience: Bounds;
  #isWorking = false;
  #isLast = false;

  constructor(socket: Socket, archives: Archives, patience: Bounds) {
    this.#socket = socket;
    this.#patience = patience;
    socket.on('error', () => {});
    this.ended = this.#converse(archives).then(
      () => void socket.end(),
      () => this.drop(),
    );
  }

  /** Ends after the answer in progress, or at once when there is none. */
  finish(): void {
    this.#isLast = true;
    if (!this.#isWorking) this.drop();
  }

  drop(): void {
    this.#socket.destroy();
  }

  async #converse(archives: Archives): Promise<void> {
    const { helloMs, callMs, answerMs, allowance } = this.#patience;
    let limitBytes: number = maxHelloBytes;
    const frames = readFrames(this.#socket, () => limitBytes, allowance);
    await this.#within(answerMs, sendFrame(this.#socket, formatHello()));
    const hello = await this.#within(helloMs, frames.next());
    if (hello.done === true || parseHello(hello.value).protocol !== protocol) return;
    limitBytes = maxFrameBytes;
    while (!this.#isLast) {
      const frame = await this.#within(callMs, frames.next());
      if (frame.done === true) return;
      this.#isWorking = true;
      const { method, args } = decodeCall(frame.value);
      if (!isVerbName(method)) throw new ProtocolError('no such method');
      const answer = await performSent(archives, method, args).then(encodeValue, encodeError);
      allowance.take(answer.length);
      try {
        await this.#within(answerMs, sendFrame(this.#socket, answer));
      } finally {
        allowance.give(answer.length);
      }
      this.#isWorking = false;
    }
  }

  /** Waits for the client's part of the exchange, up to the limit. */
  async #within<T>(limitMs: number, step: Promise<T>): Promise<T> {
    const timer = setTimeout(() => this.drop(), limitMs);
    try {
      return await step;
    } finally {
      clearTimeout(timer);
    }
  }
}

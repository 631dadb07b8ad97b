// The other end of the socket: connections of commands, each greeted, its calls answered in their order. Who does not
// greet, sends garbage, stalls, does not take its answers or makes too much be held is dropped, and disturbs nobody: an honest command
// connects again.

import { chmodSync, renameSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { partPath } from '../../files/part-name.js';
import { patiently } from '../../model/patience.js';
import type { Archives } from '../archives.js';
import { Allowance, mostFrameBytes, readFrames, sendFrame } from './frame.js';
import {
  decodeCall,
  encodeError,
  encodeValue,
  formatHello,
  mostHelloBytes,
  ProtocolError,
  parseHello,
  protocol,
} from './protocol.js';
import { socketAddress, socketPath } from './socket-path.js';
import { isVerbName, performSent } from './verbs.js';

/** How long commands may take for what is theirs to do, and how many there may be. */
export interface Patience {
  /** To greet. */
  readonly helloMs: number;
  /** From one answer to the end of the next call. */
  readonly callMs: number;
  /** To take an answer. */
  readonly answerMs: number;
  readonly connections: number;
  /** Bytes that all of them together may make this process hold; twice the largest frame unless it is given. */
  readonly heldBytes?: number;
}

const usualPatience: Patience = { helloMs: 5000, callMs: 60_000, answerMs: 30_000, connections: 64 };

function longPatience(): Patience {
  const { helloMs, callMs, answerMs, connections } = usualPatience;
  return { helloMs: patiently(helloMs), callMs: patiently(callMs), answerMs: patiently(answerMs), connections };
}

/** A socket that is listened on. */
export interface Answering {
  /**
   * Takes no more calls, lets those that are under way be answered within `graceMs`, and removes the socket, as a process does
   * that exits without it.
   */
  close(graceMs: number): Promise<void>;
}

/**
 * Listens on the socket of a data folder, in the place of one that a killed server left. Only the process that has the database
 * open may. Throws what Node throws.
 */
export async function answerCalls(dataDir: string, archives: Archives, patience = longPatience()): Promise<Answering> {
  const clients = new Set<Client>();
  const allowance = new Allowance(patience.heldBytes ?? 2 * mostFrameBytes);
  const server = createServer((socket) => {
    const client = new Client(socket, archives, { ...patience, allowance });
    clients.add(client);
    void client.ended.finally(() => clients.delete(client));
  });
  server.maxConnections = patience.connections;
  await listen(server, dataDir);
  const remove = (): void => rmSync(socketPath(dataDir), { force: true });
  process.once('exit', remove);
  return {
    close: async (graceMs) => {
      remove();
      process.off('exit', remove);
      server.close();
      for (const client of clients) client.finish();
      await Promise.race([Promise.all([...clients].map(({ ended }) => ended)), pause(graceMs, null, { ref: false })]);
      for (const client of clients) client.drop();
    },
  };
}

/** The socket gets its name when it is for its owner only, and in one step where there is one of that name. */
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
  // libuv removes the name it was given when the server is closed, so that has to mean the same folder until then.
  server.once('close', address.release);
}

interface Bounds extends Patience {
  readonly allowance: Allowance;
}

class Client {
  /** When nothing more is said on it. */
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

  /** Lets it have the answer it waits for, and no other. */
  finish(): void {
    this.#isLast = true;
    if (!this.#isWorking) this.drop();
  }

  drop(): void {
    this.#socket.destroy();
  }

  async #converse(archives: Archives): Promise<void> {
    const { helloMs, callMs, answerMs, allowance } = this.#patience;
    let limitBytes: number = mostHelloBytes;
    const frames = readFrames(this.#socket, () => limitBytes, allowance);
    await this.#within(answerMs, sendFrame(this.#socket, formatHello()));
    const hello = await this.#within(helloMs, frames.next());
    if (hello.done === true || parseHello(hello.value).protocol !== protocol) return;
    limitBytes = mostFrameBytes;
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

  /** What is the client's to do is waited for so long. */
  async #within<T>(limitMs: number, step: Promise<T>): Promise<T> {
    const timer = setTimeout(() => this.drop(), limitMs);
    try {
      return await step;
    } finally {
      clearTimeout(timer);
    }
  }
}

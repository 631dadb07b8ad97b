// A command's view of the archives of a process that holds the database. Calls are sent as they come and answered in order. If the
// connection ends, unanswered calls may or may not have been performed: `connection-lost`.

import { patiently } from '../../model/patience.js';
import type { OpenArchives } from '../archives.js';
import { StoreError } from '../store-error.js';
import { type Connection, connectTo } from './connect.js';
import { sendFrame } from './frame.js';
import { decodeAnswer, encodeCall } from './protocol.js';
import { archivesFrom, performRemotely, type VerbName } from './verbs.js';

/** Milliseconds without an answer after which the client gives up on a server: a rewind of a large database takes many seconds. */
const silenceMs = 120_000;

interface PendingCall {
  readonly resolve: (frame: Buffer) => void;
  readonly reject: (error: unknown) => void;
}

/** Connects to the archives of a data folder's server; null when none listens. Throws as `connectTo` does. */
export async function connectArchives(dataDir: string, waitMs: number): Promise<OpenArchives | null> {
  const connection = await connectTo(dataDir, waitMs);
  if (connection === null) return null;
  const caller = new Caller(connection);
  return {
    ...archivesFrom((name, args) => performRemotely(name, args, (...call) => caller.call(...call))),
    close: async () => caller.close(),
  };
}

/** One end of a connection: calls go out, answers come in. */
class Caller {
  readonly #connection: Connection;
  readonly #waiting: PendingCall[] = [];
  #end: StoreError | null = null;

  constructor(connection: Connection) {
    this.#connection = connection;
    connection.socket.setTimeout(patiently(silenceMs), () => {
      if (this.#waiting.length > 0) this.#give(this.#silent());
    });
    void this.#receive();
  }

  /** The hello showed that the other end speaks this protocol, so an answer has the form of its verb. */
  async call(name: VerbName, args: readonly unknown[]): Promise<unknown> {
    if (this.#end !== null) throw this.#end;
    const call = encodeCall(name, args);
    const answer = new Promise<Buffer>((resolve, reject) => this.#waiting.push({ resolve, reject }));
    sendFrame(this.#connection.socket, call).catch(() => this.#give(this.#lost()));
    return decodeAnswer(await answer);
  }

  close(): void {
    this.#connection.socket.destroy();
  }

  async #receive(): Promise<void> {
    try {
      for await (const frame of this.#connection.frames) this.#waiting.shift()?.resolve(frame);
    } catch {
      // The way it ended makes no difference.
    }
    this.#give(this.#lost());
  }

  /** Rejects calls that wait for an answer, and all later ones. */
  #give(reason: StoreError): void {
    this.#end ??= reason;
    this.#connection.socket.destroy();
    for (const { reject } of this.#waiting.splice(0)) reject(this.#end);
  }

  #lost(): StoreError {
    const { pid } = this.#connection;
    return new StoreError('connection-lost', `lvs-stats serve (pid ${pid}) ended before it answered: try again`);
  }

  #silent(): StoreError {
    const { pid } = this.#connection;
    return new StoreError(
      'busy',
      `lvs-stats serve (pid ${pid}) has not answered for ${patiently(silenceMs) / 1000} s: is it stopped, or the machine overloaded? ` +
        'Try again, or end it',
    );
  }
}

// One connection to Serf's RPC: a handshake, a key if it wants one, then requests. Each has a number; Serf works on one after the other, and streams
// (of events, of the answers to a query) arrive in between. Whatever is not understood, or takes too long, ends the connection: whoever uses it opens
// another one.

import { connect, type Socket } from 'node:net';
import { readFrames, requestBytes, type SerfFrame } from './frames.js';

/** The address of Serf's RPC. */
export interface SerfAddress {
  readonly host: string;
  readonly port: number;
}

/** How to connect. */
export interface SerfPlace {
  readonly at: SerfAddress;
  /** Null if Serf wants none. */
  readonly authKey: string | null;
  /** Limit of an answer, ms. */
  readonly timeoutMs: number;
}

/** Serf's refusal of a request; the connection stays. */
export class SerfRefusal extends Error {}

type Body = Readonly<Record<string, unknown>>;

interface Pending {
  readonly wantsBody: boolean;
  readonly resolve: (body: Body | null) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** Commands whose answer has a body. */
const withBody: readonly string[] = ['members', 'join', 'stats'];

/** A connection. */
export class SerfConnection {
  readonly #socket: Socket;
  readonly #timeoutMs: number;
  readonly #pending = new Map<number, Pending>();
  readonly #streams = new Map<number, (record: Body) => void>();
  #seq = 0;
  #failure: Error | null = null;
  /** Resolves when the connection has ended, to the reason. */
  readonly ended: Promise<Error>;

  constructor({ at, timeoutMs }: SerfPlace) {
    this.#timeoutMs = timeoutMs;
    this.#socket = connect({ host: at.host, port: at.port, noDelay: true });
    this.ended = this.#read();
  }

  /** Sends a request. Resolves to the body of its answer, null without one. Throws a `SerfRefusal`, or why the connection has ended. */
  request(command: string, body: object | null = null, timeoutMs = this.#timeoutMs): Promise<Body | null> {
    return this.#send(command, body, { timeoutMs, onRecord: null });
  }

  /** Sends a request whose records arrive later, until `stop` (or for good). Resolves when Serf has accepted it. Throws as `request` does. */
  async subscribe(command: string, body: object, onRecord: (record: Body, stop: () => void) => void): Promise<void> {
    const seq = this.#seq;
    const stop = (): void => void this.#streams.delete(seq);
    await this.#send(command, body, { timeoutMs: this.#timeoutMs, onRecord: (record) => onRecord(record, stop) });
  }

  close(): void {
    this.#fail(new Error('closed'));
  }

  #send(
    command: string,
    body: object | null,
    { timeoutMs, onRecord }: { timeoutMs: number; onRecord: ((record: Body) => void) | null },
  ): Promise<Body | null> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    const seq = this.#seq;
    this.#seq += 1;
    if (onRecord !== null) this.#streams.set(seq, onRecord);
    return new Promise((resolve, reject) => {
      const late = (): void => this.#fail(new Error(`no answer to "${command}" within ${timeoutMs / 1000} s`));
      const timer = setTimeout(late, timeoutMs);
      this.#pending.set(seq, { wantsBody: withBody.includes(command), resolve, reject, timer });
      this.#socket.write(requestBytes(command, seq, body));
    });
  }

  async #read(): Promise<Error> {
    try {
      let seq: number | null = null;
      for await (const frame of readFrames(this.#socket)) seq = this.#take(frame, seq);
      this.#fail(new Error('Serf has closed the connection'));
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
    }
    return this.#failure ?? new Error('closed');
  }

  /** Takes a frame after a header of `seq`; returns the number of the header that a body may follow. */
  #take(frame: SerfFrame, seq: number | null): number | null {
    if (frame.type === 'header') {
      const pending = this.#pending.get(frame.seq);
      if (frame.error !== '') this.#settle(frame.seq, new SerfRefusal(frame.error.replace(/\s+/g, ' ').trim()));
      else if (pending !== undefined && !pending.wantsBody) {
        this.#settle(frame.seq, null);
        return null;
      }
      return frame.seq;
    }
    if (seq === null) throw new Error('the other end is not Serf: a body has no header');
    if (this.#pending.has(seq)) this.#settle(seq, frame.body);
    else this.#streams.get(seq)?.(frame.body);
    return null;
  }

  #settle(seq: number, answer: Body | null | SerfRefusal): void {
    const pending = this.#pending.get(seq);
    if (pending === undefined) return;
    clearTimeout(pending.timer);
    this.#pending.delete(seq);
    if (!(answer instanceof SerfRefusal)) {
      pending.resolve(answer);
      return;
    }
    this.#streams.delete(seq);
    pending.reject(answer);
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#socket.destroy();
    for (const { timer, reject } of this.#pending.values()) {
      clearTimeout(timer);
      reject(this.#failure);
    }
    this.#pending.clear();
    this.#streams.clear();
  }
}

/** Opens a connection, which has been greeted and, if there is a key, let in. Throws why not; a `SerfRefusal` if the key is wrong or missing. */
export async function openSerf(place: SerfPlace): Promise<SerfConnection> {
  const connection = new SerfConnection(place);
  try {
    await connection.request('handshake', { Version: 1 });
    if (place.authKey !== null) await connection.request('auth', { AuthKey: place.authKey });
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

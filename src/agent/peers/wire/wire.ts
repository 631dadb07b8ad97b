// The connection of one probe. Its time and its bytes are bounded, and however it ends, its socket is destroyed. Reads end with what a parser makes
// of the bytes, or throw the `ProbeEnd` that the end of the connection is.

import { connect as connectSocket, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ApplicationTarget } from '../application.js';
import { ProbeEnd } from '../kinds/dialogue.js';
import { endOf } from './failures.js';

/** The value that a parser found at the beginning of some bytes, and the number of bytes that it took. */
export interface Parsed<T> {
  readonly value: T;
  readonly used: number;
}

/** Most bytes that a probe takes. */
const mostBytes = 65_536;

/** Time for a connection to close in order, ms. */
const graceMs = 500;

/** A connection. `close` has to be called in any case. */
export class Wire {
  /** The layers: the connection, and TLS over it. */
  readonly #sockets: Socket[] = [];
  readonly #target: ApplicationTarget;
  readonly #timeoutMs: number;
  #timer: NodeJS.Timeout | null = null;
  #bytes: Buffer = Buffer.alloc(0);
  #total = 0;
  #isConnected = false;
  #failure: Error | null = null;
  #wake: () => void = () => {};

  constructor(target: ApplicationTarget, timeoutMs: number) {
    this.#target = target;
    this.#timeoutMs = timeoutMs;
  }

  /** Connects. The time runs from here on. */
  async connect(): Promise<void> {
    this.#timer = setTimeout(() => this.#fail(this.#late()), this.#timeoutMs);
    const { host, port } = this.#target;
    const socket = connectSocket({ host, port, noDelay: true });
    this.#watch(socket);
    socket.once('connect', () => this.#open());
    while (!this.#isConnected) await this.#more();
  }

  /** Continues in TLS. */
  async secure(): Promise<void> {
    const [socket] = this.#sockets;
    if (socket === undefined) throw new Error('secure() before connect()');
    // Bytes in clear text from before would count as those of the server.
    if (this.#bytes.length > 0) throw new ProbeEnd('wrong-protocol', 'spoke in clear text where TLS begins');
    socket.removeAllListeners('data').removeAllListeners('end');
    const { host, name } = this.#target;
    const serverName = /^[\w.-]{1,253}$/.test(name) && isIP(name) === 0 ? name : isIP(host) === 0 ? host : undefined;
    this.#isConnected = false;
    const secured = connectTls({
      socket,
      rejectUnauthorized: false,
      // Old servers live, too. The server's certificate is not verified in any case.
      minVersion: 'TLSv1',
      ciphers: 'DEFAULT@SECLEVEL=0',
      ...(serverName !== undefined && { servername: serverName }),
    });
    this.#watch(secured);
    secured.once('secureConnect', () => this.#open());
    while (!this.#isConnected) await this.#more();
  }

  /** Sends bytes. A connection that cannot take them shows at the next read. */
  send(bytes: Uint8Array | string): void {
    const socket = this.#sockets.at(-1);
    if (this.#failure === null && socket?.writable === true) socket.write(bytes);
  }

  /** Reads until a parser, which gets all bytes that no one has taken, finds something. */
  async read<T>(parse: (bytes: Buffer) => Parsed<T> | null): Promise<T> {
    for (;;) {
      const parsed = parse(this.#bytes);
      if (parsed !== null) {
        this.#bytes = this.#bytes.subarray(parsed.used);
        return parsed.value;
      }
      await this.#more();
    }
  }

  /** The bytes that no one has taken; waits for some, for `waitMs` at most. Throws if the connection ends without any. */
  async peek(waitMs: number): Promise<Buffer> {
    let isOver = false;
    const timer = setTimeout(() => {
      isOver = true;
      this.#wake();
    }, waitMs);
    try {
      while (!isOver && this.#bytes.length === 0) await this.#more();
      return this.#bytes;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the connection in order, if it is not over, and destroys its sockets; with a reset, if that is wanted and the server has said nothing. */
  async close({ resetsIfSilent }: { readonly resetsIfSilent: boolean }): Promise<void> {
    const [base] = this.#sockets;
    const top = this.#sockets.at(-1);
    if (resetsIfSilent && this.#total === 0) base?.resetAndDestroy();
    if (this.#failure === null && this.#isConnected && base !== undefined && top !== undefined && !base.destroyed) {
      await new Promise<void>((resolve) => {
        clearTimeout(this.#timer ?? undefined);
        this.#timer = setTimeout(resolve, graceMs);
        top.once('close', () => resolve());
        top.end();
      });
    }
    clearTimeout(this.#timer ?? undefined);
    this.#failure ??= new Error('closed');
    for (const socket of this.#sockets) socket.destroy();
  }

  #open(): void {
    this.#isConnected = true;
    this.#wake();
  }

  #watch(socket: Socket): void {
    this.#sockets.push(socket);
    socket.on('error', (error) => this.#fail(endOf(error, this.#target.kind)));
    socket.on('data', (bytes: Buffer) => this.#take(bytes));
    socket.on('end', () => this.#fail(this.#closed()));
    socket.on('close', () => this.#fail(this.#closed()));
  }

  #take(bytes: Buffer): void {
    this.#total += bytes.length;
    if (this.#total > mostBytes) {
      this.#fail(new ProbeEnd('wrong-protocol', `more than ${mostBytes} bytes without an answer`));
      for (const socket of this.#sockets) socket.destroy();
      return;
    }
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes]);
    this.#wake();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#wake();
  }

  #late(): ProbeEnd {
    const within = `within ${this.#timeoutMs} ms`;
    if (this.#total > 0) return new ProbeEnd('slow', `began an answer, and did not end it ${within}`);
    if (this.#isConnected) return new ProbeEnd('down', `connected, but said nothing ${within}`);
    return new ProbeEnd('down', `no ${this.#sockets.length > 1 ? 'TLS handshake' : 'connection'} ${within}`);
  }

  #closed(): ProbeEnd {
    if (this.#bytes.length > 0) return new ProbeEnd('wrong-protocol', 'closed the connection within an answer');
    return new ProbeEnd('refused', 'closed the connection without an answer');
  }

  /** Waits until something happens; throws if nothing more can. */
  #more(): Promise<void> {
    if (this.#failure !== null) throw this.#failure;
    return new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }
}

// The HTTP server around the application: its address, its time limits for clients, and its shutdown.

import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Express } from 'express';
import { UserError } from '../model/user-error.js';

/** An address to listen on. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A server that listens. */
export interface ListeningServer {
  readonly address: Address;
  /** Accepts no more requests, completes those in progress within `waitMs`, then cuts off the rest. */
  stop(waitMs: number): Promise<void>;
}

const limits = {
  /** For the headers, and for the whole request: clients have nothing but headers to send. */
  headersTimeout: 8_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 15_000,
  connectionsCheckingInterval: 2_000,
  maxHeaderSize: 16 * 1024,
} as const;

/** A client that reads or sends nothing for this long is dropped; one that waits for the server is not. */
const idleMs = 20_000;
/** Each takes about 20 kB. */
const maxConnections = 1000;

/** `127.0.0.1:8080`, `[::1]:8080` or a port alone, which is on the loopback interface. Throws a `UserError`. */
export function parseAddress(text: string): Address {
  const match = /^(?:(\[[0-9A-Fa-f:.%a-z]+\]|[^\s:[\]]+):)?(\d{1,5})$/.exec(text);
  const port = Number(match?.[2]);
  if (match === null || port > 65_535) {
    throw new UserError(
      'bad-address',
      `"${text}" is not an address to listen on: write 127.0.0.1:8080, [::1]:8080 or a port`,
    );
  }
  return { host: (match[1] ?? '127.0.0.1').replace(/^\[|\]$/g, ''), port };
}

/** The prefix of all addresses behind a reverse proxy, without a trailing slash. Throws a `UserError`. */
export function parseBasePath(text: string): string {
  const path = text.replace(/\/+$/, '');
  // No segment of dots only: browsers and proxies resolve it to a parent.
  if (path === '' || /^(\/(?!\.+(\/|$))[A-Za-z0-9._~-]+)+$/.test(path)) return path;
  throw new UserError(
    'bad-address',
    `--base-path ${text} is not a path: write one that begins with a slash, such as /lvs`,
  );
}

/** Can only this machine reach it? */
export function isLoopback({ host }: Address): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}

/** `http://127.0.0.1:8080`. */
export function formatUrl({ host, port }: Address): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Listens for a moment, so that a caller with long work ahead fails early. Throws a `UserError` if listening fails. */
export async function tryListening(address: Address): Promise<void> {
  const server = createServer();
  await bind(server, address);
  await new Promise((resolve) => server.close(resolve));
}

function bind(server: Server, { host, port }: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, { host, port })));
    server.listen({ host, port }, resolve);
  });
}

/** Listens, with at most `most` connections. Throws a `UserError` if listening fails. */
export async function listen(app: Express, address: Address, most = maxConnections): Promise<ListeningServer> {
  const server = createServer({ ...limits });
  answerInTurn(server, app, most);
  // Such requests never reach the application; clients that take this for a proxy learn that it is none.
  server.on('connect', (_request, socket) => {
    socket.on('error', () => {});
    socket.end('HTTP/1.1 405 Method Not Allowed\r\nAllow: GET, HEAD\r\nConnection: close\r\n\r\n');
  });
  await bind(server, address);
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : address.port;
  return { address: { ...address, port }, stop: (waitMs) => stop(server, waitMs) };
}

/**
 * Passes requests on, one at a time per connection. A client that pipelines (no browser or proxy does) is dropped, and so is
 * one that idles too long. If there are too many connections, each new one drops another.
 */
function answerInTurn(server: Server, app: Express, most: number): void {
  const connections = new Set<Socket>();
  const waiting = new WeakSet<Socket>();
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
    if (connections.size <= most) return;
    // An idle one; else one that does not read its answer; else the new one itself.
    const all = [...connections];
    const dropped =
      all.find((one) => one !== socket && !waiting.has(one)) ?? all.find((one) => one.writableLength > 0) ?? socket;
    dropped.destroy();
    connections.delete(dropped);
  });
  server.on('request', (request, response) => {
    const { socket } = request;
    if (waiting.has(socket)) {
      socket.destroy();
      return;
    }
    waiting.add(socket);
    response.once('close', () => waiting.delete(socket));
    if (isTarget(request.url ?? '')) app(request, response);
    else {
      response.writeHead(400, { 'Content-Type': 'text/plain', Connection: 'close' });
      response.end('The address in the first line of this request is malformed.\n');
    }
  });
  server.setTimeout(idleMs, (socket) => {
    if (socket.writableLength === 0 && waiting.has(socket)) socket.setTimeout(idleMs);
    else socket.destroy();
  });
}

/** A path, or an absolute address with a valid host (RFC 9112, 3.2); express misinterprets others. */
function isTarget(url: string): boolean {
  return url.startsWith('/') || url === '*' || URL.canParse(url);
}

async function stop(server: Server, waitMs: number): Promise<void> {
  const cut = setTimeout(() => server.closeAllConnections(), waitMs);
  try {
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeIdleConnections();
    });
  } finally {
    clearTimeout(cut);
  }
}

function listenError(error: NodeJS.ErrnoException, address: Address): UserError {
  const where = formatUrl(address);
  const advice: Readonly<Record<string, string>> = {
    EADDRINUSE: 'another program listens there: is lvs-stats already running? Choose another with --listen',
    EADDRNOTAVAIL: 'this machine does not have that address: choose another with --listen',
    EACCES: 'only root may use ports below 1024: choose another with --listen',
  };
  const why = advice[error.code ?? ''] ?? `${error.message}: choose another address with --listen`;
  return new UserError('cannot-listen', `cannot listen on ${where}: ${why}`, { cause: error });
}

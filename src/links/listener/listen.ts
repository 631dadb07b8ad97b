// The listener for agents: apart from the viewer, whose limits and passwords do not concern them. A connection carries one request; what is
// slow, long or too much is ended, so that one agent cannot hold up others.

import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { mostReportBytes } from '../../model/links/report.js';
import { UserError } from '../../model/user-error.js';
import { type AgentAnswer, type AnswerGround, answerAgent, reason } from './answer.js';

/** Where to listen, and how. */
export interface ListenRequest {
  readonly host: string;
  readonly port: number;
  /** Certificate and key in PEM; null for clear text. */
  readonly tls: { readonly cert: string; readonly key: string } | null;
  /** Called with what is thrown unexpectedly; the agent gets 500. */
  readonly onDefect: (error: unknown) => void;
}

/** A listener that runs. */
export interface AgentListener {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** Connections at a time; more than these are closed at once. */
const mostConnections = 1000;

/** Milliseconds for a request to come in whole. */
const requestMs = 10_000;

/** Starts to listen. Throws a `UserError` if it cannot. */
export async function listenToAgents(request: ListenRequest, ground: AnswerGround): Promise<AgentListener> {
  const handle: RequestListener = (incoming, response) => {
    void handleRequest(incoming, response, ground).catch((error: unknown) => {
      // An agent that goes away in the middle of its request is no defect of this program.
      if (incoming.destroyed && !incoming.complete) return;
      if (!response.writableEnded) send(response, reason(500, 'this request failed: the log of the server says why'));
      request.onDefect(error);
    });
  };
  const limits = { requestTimeout: requestMs, headersTimeout: requestMs, maxHeaderSize: 4096, keepAlive: false };
  const server =
    request.tls === null ? createServer(limits, handle) : createSecureServer({ ...limits, ...request.tls }, handle);
  server.maxConnections = mostConnections;
  server.on('tlsClientError', (_, socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(
        new UserError(
          'bad-address',
          `cannot listen to agents on ${request.host}, port ${request.port} (${error.message})`,
        ),
      ),
    );
    server.listen(request.port, request.host, resolve);
  });
  // Such as a lack of file handles: the listener stays, and agents try again.
  server.removeAllListeners('error').on('error', request.onDefect);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function handleRequest(incoming: IncomingMessage, response: ServerResponse, ground: AnswerGround): Promise<void> {
  const body = await bodyOf(incoming);
  if (body === null) {
    send(response, reason(413, `a request has at most ${mostReportBytes} bytes: send the report in parts`));
    return;
  }
  const { method = '', url = '', socket } = incoming;
  const isPrivate = 'encrypted' in socket || isLoopbackPeer(socket.remoteAddress ?? '');
  send(
    response,
    answerAgent({ method, path: url, authorization: incoming.headers.authorization, body, isPrivate }, ground),
  );
}

/** The whole body; null if it is too long. */
async function bodyOf(incoming: IncomingMessage): Promise<Uint8Array | null> {
  if (Number(incoming.headers['content-length'] ?? 0) > mostReportBytes) return null;
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of incoming as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > mostReportBytes) return null;
    parts.push(part);
  }
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
}

function send(response: ServerResponse, { status, body, type }: AgentAnswer): void {
  const isEmpty = body === '';
  response.writeHead(status, {
    connection: 'close',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(isEmpty ? {} : { 'content-type': type, 'content-length': Buffer.byteLength(body) }),
    ...(status === 405 ? { allow: 'GET, POST' } : {}),
  });
  response.end(isEmpty ? undefined : body);
}

function isLoopbackPeer(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}

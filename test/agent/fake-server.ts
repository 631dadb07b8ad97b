// A server of agents for tests: it verifies signatures and clocks as the contract says, and records what comes.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { RoundTiming } from '../../src/agent/timing.js';
import { agentKey, equalDigits, parseAuthorization, signatureOf } from '../../src/links/protocol/authorization.js';
import type { AgentReport, LinkList } from '../../src/model/links/report.js';

/** The secret of the fake server. */
export const secret = 'a secret of a test';

/** A fake server. */
export interface FakeServer {
  readonly url: string;
  /** Reports that were taken. */
  readonly reports: AgentReport[];
  /** Texts posted to `fping`. */
  readonly texts: string[];
  /** Requests as `METHOD path status`. */
  readonly seen: string[];
  /** Connections so far, and those that are open. */
  readonly connections: { all: number; readonly open: Set<Socket> };
  /** The links of its list. */
  links: readonly string[];
  /** Answers before anything else is decided; null passes the request on. */
  refuse: ((request: IncomingMessage, response: ServerResponse) => boolean) | null;
  /** Seconds that its clock is ahead. */
  aheadS: number;
  close(): Promise<void>;
}

/** A certificate and its key, in PEM form. */
interface Tls {
  readonly cert: string;
  readonly key: string;
}

/** Starts one on loopback, for agents with these rounds. */
export async function fakeServer(
  timing: RoundTiming,
  nowMs: () => number = Date.now,
  tls: Tls | null = null,
): Promise<FakeServer> {
  const listener = (request: IncomingMessage, response: ServerResponse): void => void answer(request, response);
  const server = tls === null ? createServer(listener) : createTlsServer(tls, listener);
  const connections = { all: 0, open: new Set<Socket>() };
  server.on('connection', (socket) => {
    connections.all += 1;
    connections.open.add(socket);
    socket.once('close', () => connections.open.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const own = typeof address === 'object' && address !== null ? address.port : 0;
  const fake: FakeServer = {
    url: `${tls === null ? 'http' : 'https'}://127.0.0.1:${own}`,
    reports: [],
    texts: [],
    seen: [],
    connections,
    links: [],
    refuse: null,
    aheadS: 0,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return fake;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
    const body = Buffer.concat(parts);
    response.once('finish', () => fake.seen.push(`${request.method} ${request.url} ${response.statusCode}`));
    const nowS = nowMs() / 1000 + fake.aheadS;
    response.setHeader('Date', new Date(nowS * 1000).toUTCString());
    if (fake.refuse?.(request, response)) return;
    const [, name = '', resource = ''] = /^\/api\/v1\/agents\/([^/]+)\/([\w.]+)$/.exec(request.url ?? '') ?? [];
    const refusal = refusalOf(request, body, { name, nowS });
    if (refusal !== null) return void response.writeHead(401, { 'Content-Type': 'text/plain' }).end(`${refusal}\n`);
    if (resource === 'links') {
      const { lengthS: everyS, phaseS, probes, spacingS } = timing;
      const links = fake.links.map((to) => ({ to }));
      const list: LinkList = { agent: name, everyS, phaseS, probes, spreadS: probes * spacingS, links };
      return void response.end(JSON.stringify(list));
    }
    if (resource === 'list.txt') {
      const { lengthS, phaseS, probes, spacingS } = timing;
      return void response.end(
        [`# round ${lengthS} phase ${phaseS} probes ${probes} spacing ${spacingS}`, ...fake.links, ''].join('\n'),
      );
    }
    if (resource === 'fping') {
      fake.texts.push(body.toString());
      return void response.writeHead(204).end();
    }
    if (resource !== 'results') return void response.writeHead(404).end();
    if (body.length > 32_768) return void response.writeHead(413).end();
    const report = JSON.parse(body.toString()) as AgentReport;
    const isOld = fake.reports.some(({ round, part = 0 }) => round === report.round && part === (report.part ?? 0));
    if (isOld) return void response.writeHead(409).end('this round is reported already\n');
    fake.reports.push(report);
    response.writeHead(204).end();
  }
}

function refusalOf(
  request: IncomingMessage,
  body: Buffer,
  { name, nowS }: { readonly name: string; readonly nowS: number },
): string | null {
  const key = agentKey(secret, name);
  const claim = parseAuthorization(request.headers.authorization);
  if (claim === null) return 'no claim';
  if (claim.scheme === 'bearer') return equalDigits(claim.token, key) ? null : 'another token';
  if (claim.name !== name) return 'another agent';
  if (Math.abs(claim.timeS - nowS) > 60) return 'the clock is off by more than 60 s';
  const signed = { method: request.method ?? '', path: request.url ?? '', timeS: claim.timeS, body };
  return equalDigits(claim.signature, signatureOf(key, signed)) ? null : 'another signature';
}

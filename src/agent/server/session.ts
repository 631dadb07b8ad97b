// One connection to a server of agents, for one report and the list of links: requests one after the other, then closed. A server has a limited
// number of connections, and all its agents come within two minutes.

import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { authorizationOf } from '../../links/protocol/authorization.js';
import type { ServerUrl } from './server-url.js';

/** The agent, as a server knows it. */
export interface Login {
  readonly name: string;
  /** 64 hexadecimal digits. */
  readonly key: string;
  /** Certificates in PEM form, the only ones trusted with https://; null for those that Node.js trusts. */
  readonly ca: string | null;
}

/** A request. `timeS` is the server's time as far as known, epoch seconds. */
export interface AgentRequest {
  readonly method: 'GET' | 'POST';
  /** Below `/api/v1/agents/NAME/`. */
  readonly resource: string;
  readonly body: string;
  readonly timeS: number;
  /** Closes the connection behind the answer. */
  readonly isLast: boolean;
}

/** An answer. */
export interface AgentAnswer {
  readonly status: number;
  readonly text: string;
  /** The time in its `Date`, epoch seconds; null without one. */
  readonly dateS: number | null;
  /** Seconds to wait before another request; null if it does not say. */
  readonly retryAfterS: number | null;
}

/** A connection. */
export interface AgentSession {
  /** Sends a request. Throws what Node throws, or an `Error` for an answer that is too long or too late. */
  readonly send: (request: AgentRequest) => Promise<AgentAnswer>;
  readonly close: () => void;
}

/** A list of 5,000 links has some 200 kB. */
const mostAnswerBytes = 2 ** 20;

/** A connection to a server; no request takes longer than `timeoutMs`. */
export function openSession({ url }: ServerUrl, login: Login, timeoutMs: number): AgentSession {
  const isTls = url.protocol === 'https:';
  const keep = { keepAlive: true, maxSockets: 1 };
  const agent = isTls
    ? new HttpsAgent({ ...keep, ...(login.ca === null ? {} : { ca: login.ca }) })
    : new HttpAgent(keep);
  return {
    send: ({ method, resource, body, timeS, isLast }) =>
      new Promise((resolve, reject) => {
        const path = `/api/v1/agents/${login.name}/${resource}`;
        const bytes = Buffer.from(body);
        const headers = {
          Authorization: authorizationOf(login.key, login.name, { method, path, timeS, body: bytes }),
          ...(method === 'POST' && { 'Content-Type': 'application/json', 'Content-Length': bytes.length }),
          ...(isLast && { Connection: 'close' }),
        };
        const place = { host: url.hostname.replace(/^\[|\]$/g, ''), port: url.port || (isTls ? 443 : 80) };
        const request = (isTls ? requestHttps : requestHttp)({ ...place, path, method, headers, agent });
        const timer = setTimeout(() => request.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)), timeoutMs);
        const fail = (error: Error): void => {
          clearTimeout(timer);
          reject(error);
        };
        request.once('error', fail);
        request.once('response', (response) => {
          readAnswer(response).then((answer) => {
            clearTimeout(timer);
            resolve(answer);
          }, fail);
        });
        request.end(method === 'POST' ? bytes : undefined);
      }),
    close: () => agent.destroy(),
  };
}

async function readAnswer(response: IncomingMessage): Promise<AgentAnswer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > mostAnswerBytes) {
      response.destroy();
      throw new Error('its answer is too long: is it a server of agents?');
    }
    parts.push(part);
  }
  const dateMs = Date.parse(response.headers.date ?? '');
  const wait = response.headers['retry-after'];
  return {
    status: response.statusCode ?? 0,
    text: Buffer.concat(parts).toString(),
    dateS: Number.isNaN(dateMs) ? null : dateMs / 1000,
    retryAfterS: wait !== undefined && /^\d{1,6}$/.test(wait) ? Number(wait) : null,
  };
}

// Requests to a receiver: some at a time over kept connections, with a time limit, and with a bound on what is read of an answer.

import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { patiently } from '../../model/patience.js';
import type { EngineAccess } from './engine-address.js';

/** A request; with a body, a POST. */
export interface EngineRequest {
  readonly url: URL;
  readonly body?: Uint8Array | string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes that the answer may have; a longer one is cut off and fails. */
  readonly mostBytes: number;
}

/** An answer; `retryAfterS` is 0 where it names no time. */
export interface EngineAnswer {
  readonly status: number;
  readonly text: string;
  readonly retryAfterS: number;
}

/** A failure after which another attempt may succeed, as a sentence about the receiver. */
export class PassingError extends Error {
  /** The least wait before another attempt, seconds. */
  readonly waitS: number;

  constructor(message: string, waitS = 0) {
    super(message);
    this.waitS = waitS;
  }
}

/** Sends a request. Throws a `PassingError` if there is no answer in time. */
export type SendRequest = (request: EngineRequest) => Promise<EngineAnswer>;

/** Connections to a receiver. */
export interface EngineConnection {
  readonly send: SendRequest;
  readonly close: () => void;
}

const timeoutMs = 30_000;

/** The longest wait that a receiver may ask for, seconds. */
const longestWaitS = 300;

/** Connects to a receiver with the first request. When the signal is aborted, requests fail at once. */
export function connectEngine(
  { authorization, ca }: EngineAccess,
  { signal, limitMs = patiently(timeoutMs) }: { readonly signal: AbortSignal; readonly limitMs?: number },
): EngineConnection {
  const plain = new HttpAgent({ keepAlive: true, maxSockets: 4 });
  const secure = new HttpsAgent({ keepAlive: true, maxSockets: 4, ...(ca === null ? {} : { ca }) });
  const login = authorization === null ? {} : { Authorization: authorization };
  const send: SendRequest = ({ url, body, headers, mostBytes }) =>
    new Promise((resolve, reject) => {
      const isSecure = url.protocol === 'https:';
      const within = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
      const fail = (error: unknown): void =>
        reject(
          error instanceof PassingError ? error : new PassingError(failureText(error, { within, signal, limitMs })),
        );
      const options = {
        method: body === undefined ? 'GET' : 'POST',
        agent: isSecure ? secure : plain,
        headers: { ...headers, ...login, ...(body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) }) },
        signal: within,
      };
      const request = (isSecure ? requestHttps : requestHttp)(url, options, (response) => {
        readAnswer(response, mostBytes).then(resolve, fail);
      });
      request.once('error', fail);
      request.end(body);
    });
  return {
    send,
    close: () => {
      plain.destroy();
      secure.destroy();
    },
  };
}

async function readAnswer(response: IncomingMessage, mostBytes: number): Promise<EngineAnswer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    parts.push(part);
    bytes += part.length;
    if (bytes > mostBytes) throw new PassingError(`sent an answer of over ${mostBytes} bytes`);
  }
  const after = Number(response.headers['retry-after'] ?? 0);
  return {
    status: response.statusCode ?? 0,
    text: Buffer.concat(parts).toString(),
    retryAfterS: after > 0 ? Math.min(after, longestWaitS) : 0,
  };
}

interface Limits {
  readonly within: AbortSignal;
  readonly signal: AbortSignal;
  readonly limitMs: number;
}

function failureText(error: unknown, { within, signal, limitMs }: Limits): string {
  if (signal.aborted) return 'was not asked any more';
  if (within.aborted) return `did not answer within ${limitMs / 1000} s`;
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const code = first instanceof Error && 'code' in first ? String(first.code) : '';
  if (/^HPE_/.test(code)) return 'answers something other than HTTP';
  const why = code === '' && first instanceof Error ? first.message : code;
  return `cannot be reached (${why}${certificateHint(code)})`;
}

function certificateHint(code: string): string {
  return /CERT|ISSUER|SELF_SIGNED|ALTNAME|VERIFY/.test(code)
    ? '; name the certificates that you trust with a CA file'
    : '';
}

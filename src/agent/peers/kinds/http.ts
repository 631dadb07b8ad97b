// HTTP: HEAD, without following anything. Every status is an answer of an application that lives, but 500, 502, 503 and 504, with which a server
// or a proxy says that what is behind it does not work. RFC 9112.

import type { ApplicationTarget } from '../application.js';
import type { Wire } from '../wire/wire.js';
import { type Dialogue, type KindAnswer, wrongProtocol } from './dialogue.js';

/** The dialogue of HTTP. */
export const http: Dialogue = {
  speaksFirst: false,
  startsTls: false,
  run: async (wire, target) => {
    const path = pathOf(target);
    wire.send(`HEAD ${path} HTTP/1.1\r\nHost: ${hostOf(target)}\r\n${commonHeaders}Connection: close\r\n\r\n`);
    return statusAnswer((await readHead(wire)).status);
  },
};

/** The headers of every request. */
export const commonHeaders = 'User-Agent: lvs-stats\r\nAccept: */*\r\n';

/** A response without its body. Header names are in lower case. */
export interface ResponseHead {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
}

/** Most interim responses (1xx) before the final one. */
const mostInterim = 4;

/** Reads the head of the final response: the first that is not 1xx, or that switches protocols. */
export async function readHead(wire: Wire): Promise<ResponseHead> {
  for (let interim = 0; ; interim++) {
    const head = await wire.read(parseHead);
    if (head.status >= 200 || head.status === 101 || interim === mostInterim) return head;
  }
}

/** The answer of a status. */
export function statusAnswer(status: number): KindAnswer {
  const isBroken = status === 500 || (status >= 502 && status <= 504);
  return { state: isBroken ? 'refused' : 'up', detail: `HTTP ${status}` };
}

/** The path of a request; `/` for one that could not stand in its line. */
export function pathOf({ path = '/' }: ApplicationTarget): string {
  return /^\/[\x21-\x7e]{0,1000}$/.test(path) ? path : '/';
}

/** The value of `Host`. */
export function hostOf({ name, host, port, tls }: ApplicationTarget): string {
  const shown = /^[\w.-]{1,253}$/.test(name) ? name : host.includes(':') ? `[${host}]` : host;
  return port === (tls ? 443 : 80) ? shown : `${shown}:${port}`;
}

const beginning = Buffer.from('HTTP/1.');

function parseHead(bytes: Buffer): { readonly value: ResponseHead; readonly used: number } | null {
  const known = Math.min(bytes.length, beginning.length);
  if (!bytes.subarray(0, known).equals(beginning.subarray(0, known))) throw wrongProtocol('an HTTP response', bytes);
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const [line = '', ...fields] = bytes.toString('latin1', 0, end).split('\r\n');
  const status = /^HTTP\/1\.[01] ([1-9]\d\d)(?: |$)/.exec(line)?.[1];
  if (status === undefined) throw wrongProtocol('an HTTP response', bytes);
  const pairs = fields.map((field): [string, string] => {
    const colon = field.indexOf(':');
    return [field.slice(0, Math.max(colon, 0)).toLowerCase(), field.slice(colon + 1).trim()];
  });
  return { value: { status: Number(status), headers: new Map(pairs) }, used: end + 4 };
}

// The address of a receiver over HTTP, and requests to it. A user and a password in the address are sent as Basic authentication (RFC 7617), and
// no message shows them, nor the path, which may be a secret.

import { patiently } from '../../model/patience.js';
import { UserError } from '../../model/user-error.js';

/** An address; `name` is the one in messages. */
export interface ReceiverUrl {
  readonly url: URL;
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Parses the address of an option. Throws a `UserError` that does not show it. */
export function parseReceiverUrl(text: string, option: string): ReceiverUrl {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '') {
    throw new UserError(
      'bad-command',
      `${option} is not the address of a receiver: write http://HOST:PORT or https://HOST`,
    );
  }
  const login = url.username === '' && url.password === '' ? null : `${decoded(url.username)}:${decoded(url.password)}`;
  url.username = '';
  url.password = '';
  const headers = login === null ? {} : { Authorization: `Basic ${Buffer.from(login).toString('base64')}` };
  return { url, name: url.host, headers };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const timeoutMs = 10_000;

/** Bytes of an answer that a message quotes. */
const answerBytes = 300;

/** Sends a request; with `json`, a POST. Throws an `Error` unless the answer is a success in time. */
export async function request({ url, name, headers }: ReceiverUrl, json?: unknown, limitMs = patiently(timeoutMs)) {
  const signal = AbortSignal.timeout(limitMs);
  const body = json === undefined ? {} : { method: 'POST', body: JSON.stringify(json) };
  const type = json === undefined ? {} : { 'Content-Type': 'application/json' };
  try {
    const response = await fetch(url, { ...body, headers: { ...headers, ...type }, redirect: 'manual', signal });
    const said = await beginningOf(response);
    if (!response.ok) throw new Error(`${name} answered ${response.status}${said === '' ? '' : `: ${said}`}`);
  } catch (error) {
    if (signal.aborted) throw new Error(`${name} did not answer within ${limitMs / 1000} s`);
    if (error instanceof TypeError) throw new Error(`${name} cannot be reached (${causeOf(error)})`);
    throw error;
  }
}

/** The first bytes of an answer; the others are not read. */
async function beginningOf(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const parts: Uint8Array[] = [];
  for (let bytes = 0; reader !== undefined && bytes < answerBytes; ) {
    const { value, done } = await reader.read();
    if (done) break;
    parts.push(value);
    bytes += value.length;
  }
  await reader?.cancel();
  return Buffer.concat(parts).subarray(0, answerBytes).toString().trim().replaceAll(/\s+/g, ' ');
}

function causeOf({ cause, message }: TypeError): string {
  if (!(cause instanceof Error)) return message;
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
}

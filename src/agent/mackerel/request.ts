// Requests to Mackerel's API: JSON with the key in `X-Api-Key`, each on a connection of its own, bounded in time and size.

import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

/** Where Mackerel is, and the key of the organization. */
export interface MackerelPlace {
  readonly url: URL;
  readonly key: string;
  /** Limit of a request, ms. */
  readonly timeoutMs: number;
}

/** A refusal of Mackerel; its text never shows the key. */
export class MackerelRefusal extends Error {}

const mostAnswerBytes = 2 ** 20;
const mostTextLength = 200;

/** Sends a request, a POST if there is a body. Resolves to the answer's text. Throws a `MackerelRefusal`, or why there was no answer. */
export function requestMackerel(
  { url, key, timeoutMs }: MackerelPlace,
  path: string,
  body: string | null,
): Promise<string> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  const headers = {
    'X-Api-Key': key,
    ...(body !== null && { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }),
  };
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, url), { method: body === null ? 'GET' : 'POST', headers, agent: false });
    const timer = setTimeout(() => sent.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)), timeoutMs);
    sent.once('close', () => clearTimeout(timer));
    sent.once('error', reject);
    sent.once('response', (response) => {
      const parts: Buffer[] = [];
      let bytes = 0;
      response.on('data', (part: Buffer) => {
        bytes += part.length;
        parts.push(part);
        if (bytes > mostAnswerBytes) sent.destroy(new Error('its answer is too long: is it Mackerel?'));
      });
      response.once('error', reject);
      response.once('aborted', () => reject(new Error('its answer ended in the middle')));
      response.once('end', () => {
        const text = Buffer.concat(parts).toString();
        const status = response.statusCode ?? 0;
        if (status >= 200 && status < 300) resolve(text);
        else reject(new MackerelRefusal(`${status}${saidText(text, key)}`));
      });
    });
    sent.end(body ?? undefined);
  });
}

/** The beginning of an answer in one line; a server that repeats the key must not write it into the log. */
function saidText(text: string, key: string): string {
  const line = text
    .replaceAll(key, '…')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, mostTextLength);
  return line === '' ? '' : `: ${line}`;
}

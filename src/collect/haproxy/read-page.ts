// Reads the statistics page over HTTP or HTTPS ("stats uri" in HAProxy's configuration manual). Redirects are not followed: user and
// password go only where the URL says. Certificates are always verified.

import { X509Certificate } from 'node:crypto';
import { statSync } from 'node:fs';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { readBounded } from '../../files/read-file.js';
import { CollectError, quote } from '../collect-error.js';
import { type HaproxyLimits, timedOut, tooMuch } from './failure.js';
import { pageFailed } from './page-failure.js';
import type { HaproxySource } from './source.js';

type Page = Extract<HaproxySource, { readonly kind: 'page' }>;

/** Limits, and the file of trusted certificates; null for those that Node.js trusts. */
export interface PageLimits extends HaproxyLimits {
  readonly caFile: string | null;
}

/** Reads the CSV. Throws a `CollectError`. */
export async function readHaproxyPage(page: Page, limits: PageLimits): Promise<Buffer> {
  const { text: name, url } = page;
  const isTls = url.protocol === 'https:';
  const ca = isTls && limits.caFile !== null ? readCertificates(limits.caFile) : null;
  const deadline = new AbortController();
  const late = setTimeout(() => deadline.abort(), limits.timeoutMs);
  try {
    const response = await ask(page, { signal: deadline.signal, ca });
    if (response.statusCode !== 200) {
      response.destroy();
      throw refused(page, response);
    }
    return await bodyOf(response, { name, limits });
  } catch (error) {
    if (error instanceof CollectError) throw error;
    throw deadline.signal.aborted ? timedOut(name, limits) : pageFailed(page, error, ca !== null);
  } finally {
    clearTimeout(late);
  }
}

interface RequestSetup {
  readonly signal: AbortSignal;
  readonly ca: string | null;
}

function ask({ url, login }: Page, { signal, ca }: RequestSetup): Promise<IncomingMessage> {
  const headers = login === null ? {} : { Authorization: `Basic ${login.toString('base64')}` };
  return new Promise((resolve, reject) => {
    const request =
      url.protocol === 'https:'
        ? requestHttps(url, { headers, signal, agent: false, ...(ca === null ? {} : { ca }) })
        : requestHttp(url, { headers, signal, agent: false });
    request.on('response', resolve).on('error', reject).end();
  });
}

async function bodyOf(
  response: IncomingMessage,
  { name, limits }: { readonly name: string; readonly limits: HaproxyLimits },
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limits.bytes) throw tooMuch(name, limits);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** All authorities that a system trusts take a fifth of this. */
const maxBytes = 2 ** 20;

/** Rereads the file at each reading: certificates get replaced. */
function readCertificates(file: string): string {
  const name = `--haproxy-ca ${quote(file, 500)}`;
  try {
    // Reading a pipe would block.
    if (!statSync(file).isFile()) throw new Error('it is not a file');
    const text = readBounded(file, maxBytes).toString();
    const found = text.match(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs) ?? [];
    if (found.length === 0) throw new Error('it has no "-----BEGIN CERTIFICATE-----"');
    for (const one of found) new X509Certificate(one);
    return found.join('\n');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const fix = "name a file of the authority's certificate in PEM form";
    throw new CollectError('bad-command', `cannot use the certificates in ${name} (${why}): ${fix}`, { cause: error });
  }
}

function refused({ text: name, login }: Page, { statusCode = 0, headers }: IncomingMessage): CollectError {
  const answer = `${name} answers with status ${statusCode}`;
  if (statusCode === 401 && login !== null) {
    return new CollectError('not-permitted', `${answer}: "stats auth" has another user or password`);
  }
  if (statusCode === 401) {
    const fix = 'write user and password of "stats auth" as http://USER:PASSWORD@HOST…';
    return new CollectError('not-permitted', `${answer}: ${fix}`);
  }
  if (statusCode === 403) {
    const fix = 'an HAProxy rule ("http-request deny", "stats http-request") rejects this machine or user';
    return new CollectError('not-permitted', `${answer}: ${fix}`);
  }
  if (statusCode >= 300 && statusCode < 400) {
    return new CollectError(
      'failed',
      `${answer}, a redirect to ${targetOf(headers.location)}: name that address instead`,
    );
  }
  const fix = statusCode === 503 ? 'no server answers it: is' : 'is';
  return new CollectError('failed', `${answer}: ${fix} it the address of "stats uri"?`);
}

/** The target of a redirect, as far as it may be shown: without query, user and password. */
function targetOf(location: string | undefined): string {
  const text = location ?? '';
  if (text.startsWith('/') && !text.startsWith('//')) return quote(text.replace(/[?#].*$/s, ''), 200);
  if (!URL.canParse(text)) return 'another place';
  const { protocol, host, pathname } = new URL(text);
  return quote(`${protocol}//${host}${pathname}`, 200);
}

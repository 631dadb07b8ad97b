// Reads HAProxy's statistics: from its stats socket (with "show info", which tells its process), from the page of statistics over HTTP,
// or from a file of them. Bounded in size and time: a process that is being replaced may be slow, or gone.
// See "stats socket", "stats uri" in its configuration manual.

import { readFileSync, type Stats, statSync } from 'node:fs';
import { createConnection } from 'node:net';
import { patiently } from '../model/patience.js';
import { CollectError } from './collect-error.js';

/** Bounds of one reading. */
export interface HaproxyLimits {
  readonly timeoutMs: number;
  readonly bytes: number;
}

/** A line is some 600 bytes: a hundred thousand servers. */
const usualLimits: HaproxyLimits = { timeoutMs: 10_000, bytes: 64 * 2 ** 20 };

function patientLimits(): HaproxyLimits {
  return { ...usualLimits, timeoutMs: patiently(usualLimits.timeoutMs) };
}

/** Reads the text of the statistics from a socket, a URL or a file. Throws a `CollectError`. */
export async function readHaproxy(source: string, limits = patientLimits()): Promise<string> {
  if (/^https?:\/\//i.test(source)) return readUrl(source, limits);
  const stats = statOf(source);
  if (stats === undefined) {
    throw new CollectError(
      'no-haproxy',
      `there is no ${source}: is HAProxy running, and is that its "stats socket", a URL (http://…) or a file of its statistics?`,
    );
  }
  if (stats.isSocket()) return readSocket(source, limits);
  if (!stats.isFile()) throw new CollectError('failed', `${source} is neither a socket nor a file`);
  if (stats.size > limits.bytes) throw tooMuch(source, limits);
  try {
    return readFileSync(source, 'utf8');
  } catch (error) {
    throw failed(source, error);
  }
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw failed(path, error);
  }
}

/** What to call a source in messages and on pages: without the password of a URL, which may have any character in it. */
export function haproxySourceText(source: string): string {
  return source.replace(/^(https?:\/\/).*@/is, '$1…@');
}

/** The two commands are answered by one process. Each answer ends with an empty line. */
const question = 'show info;show stat\n';

async function readSocket(path: string, limits: HaproxyLimits): Promise<string> {
  const socket = createConnection({ path });
  const late = setTimeout(() => socket.destroy(timedOut(path, limits)), limits.timeoutMs);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    socket.write(question);
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limits.bytes) throw tooMuch(path, limits);
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof CollectError ? error : failed(path, error);
  } finally {
    clearTimeout(late);
    socket.destroy();
  }
  const text = Buffer.concat(chunks).toString('utf8');
  if (text.endsWith('\n\n')) return text;
  throw new CollectError(
    'cut-off',
    `HAProxy closed its socket ${path} in the middle of its answer: was it just reloaded?`,
  );
}

async function readUrl(source: string, limits: HaproxyLimits): Promise<string> {
  const name = haproxySourceText(source);
  const { url, headers } = addressOf(source);
  const signal = AbortSignal.timeout(limits.timeoutMs);
  try {
    const response = await fetch(url, { headers, signal });
    if (!response.ok) throw refused(name, response.status);
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > limits.bytes) throw tooMuch(name, limits);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  } catch (error) {
    if (error instanceof CollectError) throw error;
    throw signal.aborted ? timedOut(name, limits) : failed(name, error);
  }
}

/** The address of the CSV; a user and a password in it become a header. */
function addressOf(source: string): { readonly url: string; readonly headers: Readonly<Record<string, string>> } {
  if (!URL.canParse(source))
    throw new CollectError('bad-command', `${haproxySourceText(source)} is no URL: write http://HOST:PORT/PATH`);
  const url = new URL(source);
  const { username, password } = url;
  url.username = '';
  url.password = '';
  url.hash = '';
  const login = [username, password].map((text) => decoded(text, source)).join(':');
  return {
    url: /;csv\b/.test(url.href) ? url.href : `${url.href};csv`,
    headers: login === ':' ? {} : { Authorization: `Basic ${Buffer.from(login).toString('base64')}` },
  };
}

function decoded(text: string, source: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    const name = haproxySourceText(source);
    throw new CollectError('bad-command', `${name}: a % in its user or password has to be written as %25`, { cause });
  }
}

function refused(name: string, status: number): CollectError {
  if (status !== 401 && status !== 403) {
    return new CollectError('failed', `${name} answers with status ${status}: is it the address of "stats uri"?`);
  }
  return new CollectError(
    'not-permitted',
    `${name} answers with status ${status}: write user and password of "stats auth" as http://USER:PASSWORD@HOST…`,
  );
}

function tooMuch(name: string, { bytes }: HaproxyLimits): CollectError {
  return new CollectError('too-much-output', `${name} gives over ${bytes / 2 ** 20} MiB: is it HAProxy's statistics?`);
}

function timedOut(name: string, { timeoutMs }: HaproxyLimits): CollectError {
  return new CollectError(
    'timed-out',
    `HAProxy at ${name} has not answered within ${timeoutMs / 1000} s: does it hang?`,
  );
}

function failed(name: string, error: unknown): CollectError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const reason = cause instanceof Error ? cause.message || code : String(cause);
  if (code === 'EACCES' || code === 'EPERM') {
    const fix = 'run as root, or as a user of the group of "stats socket … group"';
    return new CollectError('not-permitted', `this user may not use ${name} (${reason}): ${fix}`, { cause: error });
  }
  const isAway = ['ECONNREFUSED', 'ENOENT', 'ENOTFOUND', 'EAI_AGAIN'].includes(code);
  const fix = isAway ? 'is HAProxy running, and is that where it answers?' : 'is it being reloaded?';
  return new CollectError(isAway ? 'no-haproxy' : 'failed', `cannot read HAProxy at ${name} (${reason}): ${fix}`, {
    cause: error,
  });
}

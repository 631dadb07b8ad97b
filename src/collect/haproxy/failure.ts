// Errors of files, sockets and connections on the way to HAProxy: named by the system's code, with advice.

import { CollectError } from '../collect-error.js';

/** Limits of one reading. */
export interface HaproxyLimits {
  readonly timeoutMs: number;
  readonly bytes: number;
}

/** The error for an answer that does not end. */
export function tooMuch(name: string, { bytes }: HaproxyLimits): CollectError {
  return new CollectError('too-much-output', `${name} has over ${bytes / 2 ** 20} MiB: is it HAProxy's statistics?`);
}

/** The error for an answer that does not arrive, or does not end, in time. */
export function timedOut(name: string, { timeoutMs }: HaproxyLimits): CollectError {
  return new CollectError(
    'timed-out',
    `HAProxy at ${name} has not answered within ${timeoutMs / 1000} s: is it hanging?`,
  );
}

/** The error for a file, connection or request that failed. */
export function readFailed(name: string, error: unknown): CollectError {
  const code = codeOf(error);
  const reason = errorText(error, code);
  if (code === 'EACCES' || code === 'EPERM') {
    const fix = 'run as root, or as a user of the group of "stats socket … group"';
    return new CollectError('not-permitted', `this user may not use ${name} (${reason}): ${fix}`, { cause: error });
  }
  const [kind, fix] = fixes[code] ?? ['failed', 'is it being reloaded?'];
  return new CollectError(kind, `cannot read HAProxy at ${name} (${reason}): ${fix}`, { cause: error });
}

/** For several addresses of one host, several errors are wrapped in one without a code. */
function codeOf(error: unknown): string {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error && 'code' in first ? String(first.code) : '';
}

function errorText(error: unknown, code: string): string {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error ? first.message || code : String(first);
}

const isAway = 'is HAProxy running, and does it answer there?';

const fixes: Readonly<Record<string, readonly [CollectError['code'], string]>> = {
  ECONNREFUSED: ['no-haproxy', `nothing listens there; ${isAway}`],
  ENOENT: ['no-haproxy', isAway],
  ENOTFOUND: ['no-haproxy', `there is no such host; ${isAway}`],
  EAI_AGAIN: ['no-haproxy', `the host name cannot be resolved now; ${isAway}`],
  EHOSTUNREACH: ['no-haproxy', isAway],
  ENETUNREACH: ['no-haproxy', isAway],
  ECONNRESET: ['failed', 'it closed the connection without an answer: is it being reloaded?'],
  EPIPE: ['failed', 'it closed the connection without an answer: is it being reloaded?'],
  EPROTOTYPE: ['failed', 'it is another kind of socket (datagram): name the "stats socket"'],
};

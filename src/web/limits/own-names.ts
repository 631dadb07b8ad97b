// The names by which a browser may address the viewer. Without a password, a foreign page could point its own name at this
// address (DNS rebinding) and read everything; the browser then sends that name as `Host`. A literal address cannot be
// redirected, and no stranger controls the machine's own names. With a password no check is needed: a browser sends it only to
// the name for which it was typed.
// https://datatracker.ietf.org/doc/html/rfc9112#section-3.2

import type { IncomingMessage } from 'node:http';
import { isIPv4, isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';
import type { RequestHandler } from 'express';
import { UserError } from '../../model/user-error.js';
import type { Proxies } from './client.js';

/** Adds the names of an option's value, separated by commas or spaces, to `before`. Throws a `UserError`. */
export function parseHostNames(text: string, before: readonly string[] = []): readonly string[] {
  const names = text.split(/[\s,]+/).filter((one) => one !== '');
  const wrong = names.find((one) => canonical(one) === null);
  if (names.length > 0 && wrong === undefined) return [...before, ...names];
  throw new UserError(
    'bad-host',
    `"${wrong ?? text}" is not a host name: write the name in the address of the page, such as stats.example.com, without a port`,
  );
}

/** Does the name in a `Host` header belong to this viewer? */
export type IsOwn = (host: string) => boolean;

/** Names that resolve to the browser's own machine, whatever a name server says (RFC 6761, 6.3; Debian's /etc/hosts). */
const loopbackNames: readonly string[] = ['localhost', 'localhost.localdomain', 'ip6-localhost', 'ip6-loopback'];

/** Accepts literal addresses, names of the loopback interface, and `names`, with and without their domain; ignores ports. */
export function createIsOwn(names: readonly string[], added: readonly string[] = []): IsOwn {
  const own = new Set<string>(loopbackNames);
  for (const name of [...names, ...names.map((one) => one.replace(/\..*$/, '')), ...added]) {
    const known = canonical(name);
    if (known !== null) own.add(known);
  }
  return (host) => {
    const bare = /^(\[[^\]]*\]|[^:[\]]*)(?::\d*)?$/.exec(host)?.[1] ?? '';
    if (bare.startsWith('[')) return isIPv6(bare.slice(1, -1).replace('%25', '%'));
    const name = canonical(bare);
    return isIPv4(bare) || (name !== null && (own.has(name) || name.endsWith('.localhost')));
  };
}

/** A name in lower case, as in DNS, without its trailing dot; null if it is no name. */
function canonical(text: string): string | null {
  // `domainToASCII` would cut off a port or a path.
  if (/[^\p{L}\p{M}\p{N}._-]/u.test(text)) return null;
  const name = domainToASCII(text.replace(/\.$/, ''));
  return /^[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/.test(name) && name.length <= 253 ? name : null;
}

/** Admits requests that address this viewer by one of its own names. */
export function ownNamesOnly(isOwn: IsOwn, proxies: Proxies): RequestHandler {
  return (request, response, next) => {
    const names = namesIn(request, proxies);
    const foreign = names?.find((name) => !isOwn(name));
    if (names !== null && foreign === undefined) {
      next();
      return;
    }
    const text =
      names === null
        ? 'This request has more than one Host.'
        : `"${printable(foreign ?? '')}" is not a name of this viewer. To add it, use "lvs-stats serve --host NAME" (or "host: NAME" in the settings). Addresses, localhost and this machine's name always work.`;
    response.status(names === null ? 400 : 421).set('Cache-Control', 'no-store');
    response.type('text').send(`${text}\n`);
  };
}

/**
 * All names by which a request addresses the viewer: `Host`, the one in the request line, and the one that a declared proxy
 * received. Empty for an HTTP/1.0 client that sends none: no browser does that, but health checks do. Null if there are several
 * `Host`s.
 */
function namesIn(request: IncomingMessage, proxies: Proxies): readonly string[] | null {
  const hosts = request.headersDistinct['host'] ?? [];
  if (hosts.length > 1) return null;
  const target = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(request.url ?? '');
  const isOfProxy = proxies.has(request.socket.remoteAddress);
  // A browser's script can add this header too, so it never replaces the others.
  const forwarded = isOfProxy ? (request.headersDistinct['x-forwarded-host'] ?? []) : [];
  return [...hosts, ...(target === null ? [] : [target[1] ?? '']), ...forwarded.flatMap((one) => one.split(','))].map(
    (one) => one.trim(),
  );
}

function printable(text: string): string {
  return text.slice(0, 100).replace(/[^\x20-\x7e]/g, '?');
}

// The names that a browser may call the viewer by. Where no password is asked for, a page from elsewhere could have its own name
// lead to this address (DNS rebinding) and read all there is: the browser then sends that name as `Host`. A literal address cannot
// be given another meaning, and the machine's own names are in no stranger's hands. With a password there is nothing to check: a
// browser sends it along to the name only for which it was typed.
// https://datatracker.ietf.org/doc/html/rfc9112#section-3.2

import type { IncomingMessage } from 'node:http';
import { isIPv4, isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';
import type { RequestHandler } from 'express';
import { UserError } from '../../model/user-error.js';
import type { Proxies } from './client.js';

/** Adds the names of an option's value, separated by commas or spaces, to those before. Throws a `UserError`. */
export function parseHostNames(text: string, before: readonly string[] = []): readonly string[] {
  const names = text.split(/[\s,]+/).filter((one) => one !== '');
  const wrong = names.find((one) => canonical(one) === null);
  if (names.length > 0 && wrong === undefined) return [...before, ...names];
  throw new UserError(
    'bad-host',
    `"${wrong ?? text}" is no host name: write the name that stands in the address of the page, such as stats.example.com, without a port`,
  );
}

/** Whose name is that in a `Host` header: of this viewer, or of somebody else? */
export type IsOwn = (host: string) => boolean;

/** Names that lead to the machine of the browser itself, whatever a name server says (RFC 6761, 6.3; Debian's /etc/hosts). */
const loopbackNames: readonly string[] = ['localhost', 'localhost.localdomain', 'ip6-localhost', 'ip6-loopback'];

/** Takes literal addresses, names of the loopback interface, and `names`, with and without their domain; ports are not looked at. */
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

/** A name in lower case, as name servers know it, without the dot at its end; null where it is no name. */
function canonical(text: string): string | null {
  // `domainToASCII` would cut off a port or a path.
  if (/[^\p{L}\p{M}\p{N}._-]/u.test(text)) return null;
  const name = domainToASCII(text.replace(/\.$/, ''));
  return /^[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/.test(name) && name.length <= 253 ? name : null;
}

/** Lets pass what is asked of this viewer by a name of its own. */
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
        : `"${printable(foreign ?? '')}" is no name of this viewer. If it is meant to be: lvs-stats serve --host NAME takes it (or "host: NAME" among the settings). Addresses, localhost and the machine's own name always do.`;
    response.status(names === null ? 400 : 421).set('Cache-Control', 'no-store');
    response.type('text').send(`${text}\n`);
  };
}

/**
 * All names that a request calls the viewer by: `Host`, the one in its first line, and what a declared proxy was called by. None
 * where an HTTP/1.0 client sends none: no browser does that, and health checks do. Null where there are several `Host`s.
 */
function namesIn(request: IncomingMessage, proxies: Proxies): readonly string[] | null {
  const hosts = request.headersDistinct['host'] ?? [];
  if (hosts.length > 1) return null;
  const target = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(request.url ?? '');
  const isOfProxy = proxies.has(request.socket.remoteAddress);
  // A browser's script can add this header too, so it never takes the place of the others.
  const forwarded = isOfProxy ? (request.headersDistinct['x-forwarded-host'] ?? []) : [];
  return [...hosts, ...(target === null ? [] : [target[1] ?? '']), ...forwarded.flatMap((one) => one.split(','))].map(
    (one) => one.trim(),
  );
}

function printable(text: string): string {
  return text.slice(0, 100).replace(/[^\x20-\x7e]/g, '?');
}

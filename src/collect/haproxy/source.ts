// The location of HAProxy's statistics, in the notation of people and of HAProxy's own configuration ("stats socket", 11.2 "Socket type
// prefixes" of its manual):
//
//   /run/haproxy/admin.sock   unix@/run/haproxy/admin.sock   stats.csv       a socket or a file
//   tcp@lb1:9999   ipv4@127.0.0.1:9999   ipv6@::1:9999   [::1]:9999          a stats socket over TCP
//   http://USER:PASSWORD@lb1:8404/stats   https://…                          the page of "stats uri"
//
// No message shows a user or a password: everything before the last "@" of a possible URL is omitted.

import { existsSync } from 'node:fs';
import { isIP, isIPv4, isIPv6 } from 'node:net';
import { CollectError } from '../collect-error.js';
import { plainName } from './plain-name.js';

/** A parsed source; `text` is its name in messages. */
export type HaproxySource = { readonly text: string } & (
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly family: 0 | 4 | 6 }
  /** `login` is sent for Basic authentication; null when the URL has none. */
  | { readonly kind: 'page'; readonly url: URL; readonly login: Buffer | null }
);

/** Parses a source. Throws a `CollectError`, `bad-command`, which shows neither user nor password. */
export function parseHaproxySource(source: string): HaproxySource {
  const text = haproxySourceText(source);
  if (/^https?:\/\//i.test(source)) return pageOf(source, text);
  if (/^unix@./s.test(source)) return { kind: 'path', path: source.slice('unix@'.length), text };
  const prefix = /^(tcp|tcp4|tcp6|ipv4|ipv6)@(.*)$/s.exec(source);
  if (prefix !== null) return prefixedOf(prefix[1] ?? '', prefix[2] ?? '', text);
  if (isPathLike(source)) return pathSource(source, text);
  const isFile = existsSync(source);
  if (!isFile && (source.includes('@') || source.includes('://'))) throw unknownKind(text);
  const socket = socketOf(source, text);
  if (socket === null || !isFile) return socket ?? pathSource(source, text);
  throw new CollectError(
    'bad-command',
    `${text} is a file here, and may be an address: write ./${text} or tcp@${text}`,
  );
}

/** The name of a source in messages and on pages: without user and password, whatever characters they contain. */
export function haproxySourceText(source: string): string {
  return plainName(masked(source));
}

function masked(source: string): string {
  const [scheme] = /^https?:\/\//i.exec(source) ?? [];
  // It may be a user and a password without a host.
  if (scheme !== undefined && !source.includes('@') && !URL.canParse(source)) return `${scheme}…`;
  const at = source.lastIndexOf('@');
  const isOfSocket = /^(unix|abns|fd|sockpair)@/.test(source) || (isPathLike(source) && !source.startsWith('//'));
  if (at < 0 || isOfSocket) return source;
  const start = /^(?:https?:\/\/|(?:tcp|ipv)[46]?@)/i.exec(source)?.[0] ?? '';
  // The only "@" is the one of "tcp@" itself.
  return at < start.length ? source : `${start}…${source.slice(at)}`;
}

function isPathLike(source: string): boolean {
  return /^\.{0,2}\//.test(source);
}

function pathSource(path: string, text: string): HaproxySource {
  return { kind: 'path', path, text };
}

const forms = 'write the path of a socket or a file, tcp@HOST:PORT, or http://HOST:PORT/PATH';

function unknownKind(text: string): CollectError {
  return new CollectError('bad-command', `${text} is not a source that HAProxy can be read from: ${forms}`);
}

/** An address after `tcp@` and the like. In IPv6 addresses HAProxy, too, takes the last colon as that of the port. */
function prefixedOf(prefix: string, rest: string, text: string): HaproxySource {
  const match = /^(.*):(\d{1,5})$/s.exec(rest);
  const port = Number(match?.[2] ?? 0);
  const family = prefix.endsWith('4') ? 4 : prefix.endsWith('6') ? 6 : 0;
  const inner = /^\[(.*)\]$/s.exec(match?.[1] ?? '')?.[1] ?? match?.[1] ?? '';
  const host = hostOf(inner, family);
  if (match === null || host === null || !isPort(port)) {
    throw new CollectError('bad-command', `${text} is not the address of a stats socket: write ${prefix}@HOST:PORT`);
  }
  return { kind: 'tcp', host, port, family, text };
}

/** The host to connect to: this machine when the socket listens on all addresses (`*`, `::`); null for no host. */
function hostOf(host: string, family: 0 | 4 | 6): string | null {
  if (host === '' || host === '*') return family === 6 ? '::1' : '127.0.0.1';
  if (host === '0.0.0.0' && family !== 6) return '127.0.0.1';
  if (host === '::' && family !== 4) return '::1';
  if (isIP(host) !== 0) {
    return (family === 4 && isIPv6(host)) || (family === 6 && isIPv4(host)) ? null : host;
  }
  return /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,253})$/.test(host) ? host : null;
}

function isPort(port: number): boolean {
  return port >= 1 && port <= 65_535;
}

/** `lb1:9999`, `*:9999`, `[::1]:9999`; null when it does not look like a host and a port. */
function socketOf(source: string, text: string): HaproxySource | null {
  if (isIPv6(source) || (/^[0-9a-f:.]+:\d{1,5}$/i.test(source) && source.split(':').length > 2)) {
    throw new CollectError(
      'bad-command',
      `${text} may be an IPv6 address with or without a port: write [ADDRESS]:PORT, such as [::1]:9999`,
    );
  }
  const match = /^(?:\[([^\]]*)\]|([^:[\]/]*)):(\d+)$/.exec(source);
  if (match === null) return null;
  const port = Number(match[3]);
  const host = match[1] === undefined ? hostOf(match[2] ?? '', 0) : isIPv6(match[1]) ? hostOf(match[1], 6) : null;
  if (host !== null && isPort(port)) return { kind: 'tcp', host, port, family: 0, text };
  throw new CollectError(
    'bad-command',
    `${text} is not the address of a stats socket: write HOST:PORT or [ADDRESS]:PORT`,
  );
}

/** The address of the page; a user and a password in it become a header. */
function pageOf(source: string, text: string): HaproxySource {
  const [scheme = ''] = /^https?:\/\//i.exec(source) ?? [];
  const at = source.lastIndexOf('@');
  const rest = source.slice(Math.max(scheme.length, at + 1));
  const login = at < 0 ? '' : source.slice(scheme.length, at);
  if (/[#/?@]|%(?![0-9a-f]{2})/i.test(login)) {
    throw new CollectError(
      'bad-command',
      `${text}: in its user and password write # as %23, / as %2F, ? as %3F, @ as %40 and % as %25; an @ after the host is %40, too`,
    );
  }
  const isUrl = /^[^/?#\\]/.test(rest) && !/[\p{Cc}\p{Cs}]/u.test(source) && URL.canParse(scheme + rest);
  // The text is not shown, since it may be a user and a password without a host.
  if (!isUrl) throw new CollectError('bad-command', `the URL of HAProxy is malformed: write http://HOST:PORT/PATH`);
  const url = new URL(scheme + rest);
  url.hash = '';
  if (!/;csv\b/.test(url.href)) url.href = `${url.href};csv`;
  return { kind: 'page', url, login: login === '' ? null : loginOf(login), text };
}

/** `USER:PASSWORD` as bytes: percent-encoded parts need not be UTF-8. */
function loginOf(login: string): Buffer {
  const bytes = Buffer.from(login, 'utf8').toString('latin1');
  const plain = bytes.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(plain.includes(':') ? plain : `${plain}:`, 'latin1');
}

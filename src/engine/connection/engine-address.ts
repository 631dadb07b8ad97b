// The address of an engine, and how to log in there. A login in the address is sent as Basic authentication (RFC 7617); no message shows it.
// A receiver of remote write without a path gets the one of Prometheus and VictoriaMetrics, and is asked what it takes and has; an address with
// another path only takes samples. Rows are read from the root of the query API.

import { UserError } from '../../model/user-error.js';

/** How to get in. */
export interface EngineAccess {
  /** The value of the header `Authorization`; null without login. */
  readonly authorization: string | null;
  /** Certificates in PEM form, the only ones trusted with https://; null for those that Node.js trusts. */
  readonly ca: string | null;
}

/** A receiver. */
export interface EngineAddress extends EngineAccess {
  /** Where samples are sent. */
  readonly writeUrl: URL;
  /** The root of the query API; null if it is not known. */
  readonly baseUrl: URL | null;
  /** Without login and query, for messages and files. */
  readonly name: string;
}

/** An engine that rows are read from. */
export interface QueryAddress extends EngineAccess {
  /** The root of the query API. */
  readonly baseUrl: URL;
  /** Without login, for messages. */
  readonly name: string;
}

/** The option with the address; the login and the certificates that other options name. */
interface AddressOptions {
  readonly option: string;
  readonly login: string | null;
  readonly ca: string | null;
}

const writePath = '/api/v1/write';

/** Parses the address of a receiver; a login of a file comes before one of the address. Throws a `UserError`, which shows no login. */
export function parseEngineAddress(text: string, options: AddressOptions): EngineAddress {
  const { url, ...access } = parseUrl(text, 'a receiver', options);
  if (url.pathname === '/') url.pathname = writePath;
  const baseUrl = url.pathname.endsWith(writePath) ? rootOf(url) : null;
  return { writeUrl: url, baseUrl, name: `${url.origin}${url.pathname}`, ...access };
}

/**
 * Parses the address of an engine that rows are read from: its root, such as `http://HOST:8428` or `https://HOST/prometheus`, or the address that
 * they were pushed to. Throws a `UserError`, which shows no login.
 */
export function parseQueryAddress(text: string, options: AddressOptions): QueryAddress {
  const { url, ...access } = parseUrl(text, 'an engine', options);
  const root = url.pathname.endsWith(writePath) ? rootOf(url) : new URL(url.pathname, url.origin);
  if (!root.pathname.endsWith('/')) root.pathname = `${root.pathname}/`;
  return { baseUrl: root, name: root.href.slice(0, -1), ...access };
}

/** The root of an engine by the address that takes samples. */
function rootOf({ pathname, origin }: URL): URL {
  return new URL(pathname.slice(0, -writePath.length + 1), origin);
}

function parseUrl(
  text: string,
  place: string,
  { option, login, ca }: AddressOptions,
): EngineAccess & { readonly url: URL } {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '') {
    throw new UserError(
      'bad-command',
      `${option} is not the address of ${place}: write http://HOST:PORT or https://HOST`,
    );
  }
  if (url.hash !== '') throw new UserError('bad-command', `${option}: leave out the part from # on`);
  const own = url.username === '' && url.password === '' ? null : `${decoded(url.username)}:${decoded(url.password)}`;
  [url.username, url.password] = ['', ''];
  return { url, authorization: authorizationOf(login ?? own), ca };
}

/** `USER:PASSWORD`, or `Bearer TOKEN`. */
function authorizationOf(login: string | null): string | null {
  if (login === null) return null;
  if (/^bearer /i.test(login)) return `Bearer ${login.slice('bearer '.length).trim()}`;
  return `Basic ${Buffer.from(login).toString('base64')}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

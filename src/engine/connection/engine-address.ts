// The address of a receiver of remote write, and how to log in there. A login in the address is sent as Basic authentication (RFC 7617); no
// message shows it. Without a path, the one of Prometheus and VictoriaMetrics is used, and the receiver is asked what it takes and has; an
// address with another path only takes samples.

import { UserError } from '../../model/user-error.js';

/** A receiver. */
export interface EngineAddress {
  /** Where samples are sent. */
  readonly writeUrl: URL;
  /** The root of the query API; null if it is not known. */
  readonly baseUrl: URL | null;
  /** Without login and query, for messages and files. */
  readonly name: string;
  /** The value of the header `Authorization`; null without login. */
  readonly authorization: string | null;
  /** Certificates in PEM form, the only ones trusted with https://; null for those that Node.js trusts. */
  readonly ca: string | null;
}

const writePath = '/api/v1/write';

/** Parses the address of an option; a login of a file comes before one of the address. Throws a `UserError`, which shows no login. */
export function parseEngineAddress(
  text: string,
  { option, login, ca }: { readonly option: string; readonly login: string | null; readonly ca: string | null },
): EngineAddress {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '') {
    throw new UserError(
      'bad-command',
      `${option} is not the address of a receiver: write http://HOST:PORT or https://HOST`,
    );
  }
  if (url.hash !== '') throw new UserError('bad-command', `${option}: leave out the part from # on`);
  const own = url.username === '' && url.password === '' ? null : `${decoded(url.username)}:${decoded(url.password)}`;
  [url.username, url.password] = ['', ''];
  if (url.pathname === '/') url.pathname = writePath;
  const isKnown = url.pathname.endsWith(writePath);
  const baseUrl = isKnown ? new URL(url.pathname.slice(0, -writePath.length + 1), url.origin) : null;
  const authorization = authorizationOf(login ?? own);
  return { writeUrl: url, baseUrl, name: `${url.origin}${url.pathname}`, authorization, ca };
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

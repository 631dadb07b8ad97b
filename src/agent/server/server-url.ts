// The address of a server of agents (`--to`): https://HOST:PORT, or http:// where a proxy adds TLS or on one machine. The key is never sent, since
// requests are signed.

import { UserError } from '../../model/user-error.js';

/** A server's address. */
export interface ServerUrl {
  readonly url: URL;
  /** In messages. */
  readonly name: string;
  /** Whether what is reported can be read on the way. */
  readonly isOpenToReaders: boolean;
}

/** Parses an address. Throws a `UserError`, which does not show it: it may hold a password by mistake. */
export function parseServerUrl(text: string): ServerUrl {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '') {
    throw wrong('it is no address: write https://HOST:PORT');
  }
  if (url.username !== '' || url.password !== '')
    throw wrong('it has a user or a password: an agent proves itself with --key');
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw wrong(
      'it has a path: requests are signed with their path, so a proxy in front must not change it; write https://HOST:PORT',
    );
  }
  return { url, name: url.origin, isOpenToReaders: url.protocol === 'http:' && !isLoopback(url.hostname) };
}

/** Whether a host of a URL is this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function wrong(why: string): UserError {
  return new UserError('bad-command', `the address of a server (--to) is not understood: ${why}`);
}

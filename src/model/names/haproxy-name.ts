// The names of HAProxy's archives. Proxies and servers may have any name, and a frontend and a backend the same one:
//
//   haproxy_fe_www   haproxy_be_www   haproxy_be_www/web1   haproxy_be_a%2Db/srv%3A1   haproxy_fe_%2Ehidden
//
// Names are encoded as percent-part.ts says; a `/` ends the backend's.

import type { HaproxyKind } from '../haproxy.js';
import { decodePart, encodePart } from './percent-part.js';

/** A proxy, or a server of a backend, by HAProxy's names; `server` is '' for a proxy. */
export interface HaproxyId {
  readonly kind: HaproxyKind;
  readonly proxy: string;
  readonly server: string;
}

/**
 * Most characters in the name of a proxy or a server, as HAProxy writes it. With every character percent-encoded, the address
 * of a picture still fits what servers accept (16 KiB with its headers).
 */
export const longestHaproxyName = 200;

/** Prefixes of names. */
export const prefixes = { frontend: 'haproxy_fe_', backend: 'haproxy_be_' } as const;

/** Characters in the longest archive name: a server's, made of three-byte characters (a four-byte one counts as two). */
export const longestArchiveName = 'haproxy_be_/'.length + 2 * longestHaproxyName * '%00%00%00'.length;

/** The archive name of an entry. Throws a `URIError` if the text is not valid Unicode (a lone surrogate). */
export function haproxyName({ kind, proxy, server }: HaproxyId): string {
  const prefix = kind === 'frontend' ? prefixes.frontend : prefixes.backend;
  return kind === 'server' ? `${prefix}${encodePart(proxy)}/${encodePart(server)}` : `${prefix}${encodePart(proxy)}`;
}

/** Parses a name of this form; null if the text is not the canonical form of one. */
export function parseHaproxyName(name: string): HaproxyId | null {
  const id = taken(name, decodePart);
  return id !== null && haproxyName(id) === name ? id : null;
}

/** The name that a user's text means, characters unencoded: `haproxy_be_a-b/srv:1`; null if it is none. */
export function resolveHaproxyName(text: string): string | null {
  // With a percent sign, the text could mean either of two names.
  const id = text.includes('%') ? null : taken(text, (part) => part);
  try {
    return id === null ? null : haproxyName(id);
  } catch {
    return null;
  }
}

function taken(name: string, decoded: (part: string) => string | null): HaproxyId | null {
  const match = /^haproxy_(fe|be)_([^/]+)(?:\/([^/]+))?$/s.exec(name);
  if (match === null || (match[1] === 'fe' && match[3] !== undefined)) return null;
  const proxy = decoded(match[2] ?? '');
  const server = decoded(match[3] ?? '');
  if (proxy === null || server === null) return null;
  return { kind: match[1] === 'fe' ? 'frontend' : match[3] === undefined ? 'backend' : 'server', proxy, server };
}

// A dialogue with a kind of application: the bytes of both sides. It ends with its answer, or throws a `ProbeEnd` that is one.

import type { ApplicationTarget, Verdict } from '../application.js';
import type { Wire } from '../wire/wire.js';

/** A user and its password, which may be empty. */
export interface Login {
  readonly user: string;
  readonly password: string;
  /** The database of PostgreSQL; `postgres` if left out. */
  readonly database?: string;
}

/** The user of probes without a login: servers that have it, without a password and without rights, log nothing. */
export const defaultUser = 'lvs_stats';

/** The answer of an application in time. */
export interface KindAnswer {
  readonly state: 'up' | 'refused' | 'wrong-protocol';
  readonly detail: string;
}

/** A kind's conversation. */
export interface Dialogue {
  /** Whether the server speaks first. */
  readonly speaksFirst: boolean;
  /** Whether TLS begins within the dialogue, instead of before it. */
  readonly startsTls: boolean;
  readonly run: (wire: Wire, target: ApplicationTarget) => Promise<KindAnswer>;
}

/** The end of a probe before its answer; the message is the verdict's detail. */
export class ProbeEnd extends Error {
  constructor(
    readonly state: Verdict['state'],
    detail: string,
  ) {
    super(detail);
  }
}

/** An answer that another protocol gives; quotes it. */
export function wrongProtocol(expected: string, found: Uint8Array): ProbeEnd {
  return new ProbeEnd('wrong-protocol', `expected ${expected}, found ${quoted(found)}`);
}

/** Longest quotation, characters. */
const longestQuote = 60;

/** The beginning of what a server said, in quotation marks; other than printable ASCII becomes a dot. */
export function quoted(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.subarray(0, longestQuote)).toString('latin1');
  return `"${text.trimEnd().replaceAll(/[^\x20-\x7e]|"/g, '.')}"`;
}

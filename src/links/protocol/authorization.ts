// How agents prove who they are. The key of an agent is HMAC-SHA256(secret, name), so that nothing about agents is stored, and no agent can
// speak for another. A request carries
//
//     Authorization: HMAC-SHA256 name=NAME, time=EPOCH, signature=HEX
//
// The signature is HMAC-SHA256 under the key, over the lines METHOD, PATH (with its query), EPOCH and the SHA-256 of the body in hexadecimal, each
// but the last with its line feed. The key is used in its hexadecimal form, as it is printed, so that `openssl dgst -hmac KEY` can sign too.

import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { agentNamePattern } from '../../model/links/report.js';

/** The signed parts of a request. */
export interface SignedRequest {
  readonly method: string;
  readonly path: string;
  /** Epoch seconds. */
  readonly timeS: number;
  readonly body: Uint8Array;
}

/** The claim of a request. */
export type Claim =
  | { readonly scheme: 'hmac'; readonly name: string; readonly timeS: number; readonly signature: string }
  | { readonly scheme: 'bearer'; readonly token: string };

/** The key of an agent, 64 hexadecimal digits. */
export function agentKey(secret: string, name: string): string {
  return createHmac('sha256', secret).update(name).digest('hex');
}

/** The header of a request. */
export function authorizationOf(key: string, name: string, request: SignedRequest): string {
  return `HMAC-SHA256 name=${name}, time=${request.timeS}, signature=${signatureOf(key, request)}`;
}

/** The signature of a request, in hexadecimal. */
export function signatureOf(key: string, { method, path, timeS, body }: SignedRequest): string {
  const digest = createHash('sha256').update(body).digest('hex');
  return createHmac('sha256', key).update(`${method}\n${path}\n${timeS}\n${digest}`).digest('hex');
}

const signed = /^HMAC-SHA256 name=([^\s,]{1,63}), ?time=(\d{1,12}), ?signature=([0-9a-f]{64})$/;
const bearer = /^Bearer ([0-9a-f]{64})$/;

/** The claim of a header; null if the header makes none. */
export function parseAuthorization(header: string | undefined): Claim | null {
  if (header === undefined || header.length > 256) return null;
  const [, name, time, signature] = signed.exec(header) ?? [];
  if (name !== undefined && signature !== undefined) {
    return agentNamePattern.test(name) ? { scheme: 'hmac', name, timeS: Number(time), signature } : null;
  }
  const [, token] = bearer.exec(header) ?? [];
  return token === undefined ? null : { scheme: 'bearer', token };
}

/** Whether two hexadecimal texts are equal, in constant time. */
export function equalDigits(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

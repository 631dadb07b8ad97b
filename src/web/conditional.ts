// Conditional requests (RFC 9110, 13): an answer is named by what it is made from, before it is made.

import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';

/** Names the answer by all that it depends on; true where the client has it, and was told so. */
export function isNotModified(request: Request, response: Response, parts: readonly unknown[]): boolean {
  const hash = createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
  response.set('ETag', `W/"${hash}"`).set('Cache-Control', 'no-cache');
  if (!request.fresh) return false;
  response.status(304).end();
  return true;
}

// Conditional requests (RFC 9110, 13): an answer is tagged by its inputs, before it is made.

import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';

/** Tags the answer by everything that it depends on; true if the client has it, and was sent a 304. */
export function isNotModified(request: Request, response: Response, parts: readonly unknown[]): boolean {
  const hash = createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
  response.set('ETag', `W/"${hash}"`).set('Cache-Control', 'no-cache');
  if (!hasTag(request.headers['if-none-match'], hash)) return false;
  response.status(304).end();
  return true;
}

/** Is a tag among those of the header? The `Cache-Control` of scripts' requests is ignored. */
function hasTag(header: string | undefined, hash: string): boolean {
  const tags = header?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? [];
  return tags.includes('*') || tags.includes(`"${hash}"`);
}

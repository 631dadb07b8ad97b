// Sends answers. An answer declares everything that it depends on before it is made, so that nothing is made that the client
// already has. A finished one has its body and its file name.

import type { Request, Response } from 'express';
import { deliverBytes, deliverText, type Pieces } from '../limits/deliver.js';
import { isNotModified } from './conditional.js';
import { type Download, nameDownload } from './download.js';

/** An answer that is not made yet. */
export interface Answer {
  /** Everything that it depends on. */
  readonly key: readonly unknown[];
  /** Makes it, for a client that does not have it. */
  readonly make: () => Promise<Content>;
}

/** A finished answer. */
interface Content {
  readonly file: Download | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** Time of its last change, in milliseconds since the epoch, if it is a file. */
  readonly changedMs?: number;
  readonly body: Body;
}

/** The types of answers that are text. */
type TextType = 'json' | 'text/csv' | 'image/svg+xml' | 'text/vnd.graphviz' | 'text/plain';

/** Text in pieces, a picture, or a small value, which is sent whole and not compressed. */
export type Body =
  | { readonly type: TextType; readonly pieces: Pieces<string> }
  | { readonly type: 'png'; readonly bytes: Uint8Array }
  | Small;

/** A value that is small as JSON. */
export interface Small {
  readonly small: unknown;
}

/** Sends an answer, or reports that the client has it (304). */
export async function sendAnswer(request: Request, response: Response, { key, make }: Answer): Promise<void> {
  if (isNotModified(request, response, key)) return;
  const { file, headers, changedMs, body } = await make();
  if (file !== null) nameDownload(response, file);
  if (headers !== undefined) response.set(headers);
  if (changedMs !== undefined) response.set('Last-Modified', new Date(changedMs).toUTCString());
  if ('small' in body) response.json(body.small);
  else if (body.type === 'png') await deliverBytes(response.type(body.type), body.bytes);
  else await deliverText(response.type(body.type), body.pieces);
}

// Errors of rrdtool files, worded for people.

import { UserError } from '../model/user-error.js';

/** `bad-dump`: not written by rrdtool. `bad-map`: does not fit the archive. The others: cannot be read. */
export type RrdErrorCode = 'bad-dump' | 'bad-map' | 'cannot-read' | 'no-rrdtool' | 'rrdtool-failed' | 'too-large';

/** An error about a file: what happened, on which line, and how to fix it. */
export class RrdError extends UserError {
  declare readonly code: RrdErrorCode;

  constructor(code: RrdErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}

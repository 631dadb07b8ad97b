// What can be wrong with a file of rrdtool, as a person is told it.

import { UserError } from '../model/user-error.js';

/** `bad-dump`: it is not what rrdtool writes. `bad-map`: it does not fit the archive. The others: it cannot be read. */
export type RrdErrorCode = 'bad-dump' | 'bad-map' | 'cannot-read' | 'no-rrdtool' | 'rrdtool-failed' | 'too-large';

/** An error about a file: what, in which line, how to go on. */
export class RrdError extends UserError {
  declare readonly code: RrdErrorCode;

  constructor(code: RrdErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}

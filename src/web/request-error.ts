// A fault of a request, as reported to the client: an HTTP status and a sentence.

import { UserError } from '../model/user-error.js';

/** A request that cannot be answered; 4xx only, since faults of this program are other errors. */
export class RequestError extends UserError {
  readonly status: 400 | 404 | 405 | 406 | 422 | 429;

  constructor(status: RequestError['status'], message: string) {
    super('bad-request', message);
    this.status = status;
  }
}

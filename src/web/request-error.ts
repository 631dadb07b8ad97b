// What is wrong with a request, as the one who made it is told: a status of HTTP and a sentence.

import { UserError } from '../model/user-error.js';

/** A request that cannot be answered; 4xx only, for what is wrong here is another error. */
export class RequestError extends UserError {
  readonly status: 400 | 404 | 405 | 406 | 429;

  constructor(status: RequestError['status'], message: string) {
    super('bad-request', message);
    this.status = status;
  }
}

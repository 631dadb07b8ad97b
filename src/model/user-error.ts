// The base of every error shown to a person: what, where, how to fix. Stages derive their own from it. The command line prints
// `message` and exits with 1; anything else thrown is a defect.

/** An error whose message says what is wrong, where, and how to fix it; `code` is stable, for programs. */
export class UserError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

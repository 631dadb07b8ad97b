// Errors of the archives, worded for people.

import { UserError } from '../model/user-error.js';

/** Error codes, for programs. */
export const storeErrorCodes = [
  'bad-backup',
  'busy',
  'connection-lost',
  'corrupt',
  'has-archives',
  'io',
  'newer-schema',
  'no-such-archive',
  'no-data',
  'other-version',
  'overtaken',
  'served',
  'upkeep-failed',
] as const;

/** One of these codes. */
export type StoreErrorCode = (typeof storeErrorCodes)[number];

/** An error of the store: what happened, in which data folder or archive, and how to fix it. */
export class StoreError extends UserError {
  declare readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}

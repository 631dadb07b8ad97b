// What can go wrong with the archives, as a person is told it.

import { UserError } from '../model/user-error.js';

/** Kinds of trouble with the data folder, for programs. */
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
] as const;

/** One of them. */
export type StoreErrorCode = (typeof storeErrorCodes)[number];

/** An error of the store: what, in which data folder or archive, and how to go on. */
export class StoreError extends UserError {
  declare readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}

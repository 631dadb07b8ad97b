// A time as the value of an option.

import { InvalidArgumentError } from 'commander';
import { parseTime } from '../model/parse-time.js';
import { UserError } from '../model/user-error.js';

/** An option's value as epoch seconds; ages are counted from now. Throws commander's error, which names the option. */
export function parseTimeOption(text: string): number {
  try {
    return parseTime(text, Math.floor(Date.now() / 1000));
  } catch (error) {
    throw error instanceof UserError ? new InvalidArgumentError(error.message) : error;
  }
}

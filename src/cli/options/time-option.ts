// A time as the value of an option.

import { InvalidArgumentError } from 'commander';
import { parseTime } from '../../model/time/parse-time.js';
import { UserError } from '../../model/user-error.js';

/** Seconds that a date can be away from 1970 (ECMA-262, Time Values). */
const furthestS = 8.64e12;

/** Parses an option's value to epoch seconds; ages count back from now. Throws commander's error, which names the option. */
export function parseTimeOption(text: string): number {
  try {
    const timeS = parseTime(text, Math.floor(Date.now() / 1000));
    if (Math.abs(timeS) <= furthestS) return timeS;
    throw new InvalidArgumentError('No calendar reaches that far.');
  } catch (error) {
    throw error instanceof UserError ? new InvalidArgumentError(error.message) : error;
  }
}

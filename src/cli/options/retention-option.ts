// `--retention`: which rows new archives keep. It is chosen with the first reading of a data folder; from then on the option may be
// given again only as it was, since rows of another length cannot be made of those that are there.

import { InvalidArgumentError, Option } from 'commander';
import type { KnownState } from '../../model/cycle.js';
import {
  formatRetention,
  isSameRetention,
  otherRetention,
  parseRetention,
  type Retention,
  standardRetention,
} from '../../model/retention.js';
import { UserError } from '../../model/user-error.js';

/** The option of commands that may make archives. */
export function retentionOption(): Option {
  return new Option(
    '--retention <rows>',
    `what new archives keep, as LENGTH:TIME,… (default: ${formatRetention(standardRetention)})`,
  )
    .env('LVS_STATS_RETENTION')
    .argParser(parseOption);
}

function parseOption(text: string): Retention {
  try {
    return parseRetention(text);
  } catch (error) {
    throw error instanceof UserError ? new InvalidArgumentError(`${error.message}.`) : error;
  }
}

/** The table that a cycle is made from, with what was chosen for archives that are still to be made. Throws `other-retention`. */
export function withChosen(table: KnownState, wanted: Retention | undefined): KnownState {
  if (wanted === undefined) return table;
  if (table.timeS === null) return { ...table, retention: wanted };
  refuseOther(table.retention, wanted);
  return table;
}

/** Throws a `UserError`, `other-retention`, where archives keep something else than what is wanted. */
export function refuseOther(known: Retention, wanted: Retention | undefined): void {
  if (wanted !== undefined && !isSameRetention(known, wanted)) throw otherRetention(known, wanted);
}

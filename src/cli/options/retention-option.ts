// `--retention`: which rows new archives keep. The first reading of a data folder fixes it; afterwards the option must match, since
// existing rows cannot be converted to another length.

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

/** The option of commands that may create archives. */
export function retentionOption(): Option {
  return new Option(
    '--retention <rows>',
    `rows that new archives keep, as LENGTH:TIME,… (default: ${formatRetention(standardRetention)})`,
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

/** The table that a cycle starts from, with the retention chosen for archives that do not exist yet. Throws `other-retention`. */
export function withChosen(table: KnownState, wanted: Retention | undefined): KnownState {
  if (wanted === undefined) return table;
  if (table.timeS === null) return { ...table, retention: wanted };
  refuseOther(table.retention, wanted);
  return table;
}

/** Throws a `UserError`, `other-retention`, when the archives have another retention than the wanted one. */
export function refuseOther(known: Retention, wanted: Retention | undefined): void {
  if (wanted !== undefined && !isSameRetention(known, wanted)) throw otherRetention(known, wanted);
}

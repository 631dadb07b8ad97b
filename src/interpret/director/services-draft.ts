// The judgement of all services of a table, also while it is made.

import type { ArchiveChange, DirectorBefore } from '../../model/cycle.js';
import type { LedgerEvent, ResetCause } from '../../model/ledger-event.js';
import type { Snapshot } from '../../model/snapshot.js';
import type { KnownTable } from '../../model/table/known-table.js';
import type { RowReadings } from '../../model/table/row-readings.js';
import type { Comparison } from './books.js';
import type { DirectorSum } from './director-sum.js';
import type { Restart } from './restart.js';
import type { NewRows } from './rows/known-rows.js';
import type { Suspects } from './suspects.js';

/** The judgement of all services. */
export interface ServicesOutcome {
  readonly rows: RowReadings;
  readonly archives: ArchiveChange[];
  readonly events: LedgerEvent[];
  readonly services: KnownTable;
  readonly gone: Map<string, number>;
  /** Why the counters of services restarted, and whether those of other services, which had counted, continued. */
  readonly resets: ResetCause[];
  readonly comparisons: (Comparison | null)[];
  haveSomeContinued: boolean;
  readonly sum: DirectorSum;
  /** Services whose growth is missing from the sum. */
  readonly unknown: string[];
}

/** The input of the judgement. */
export interface ServicesInput {
  readonly previous: DirectorBefore;
  readonly snapshot: Snapshot;
  readonly restart: Restart;
  readonly suspects: Suspects;
}

/** The judgement while it is made. */
export interface Draft extends Omit<ServicesOutcome, 'services'> {
  readonly input: ServicesInput;
  readonly before: KnownTable;
  readonly known: NewRows;
}

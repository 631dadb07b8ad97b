// The known state of a table's rows while a cycle is judged: what is carried over from the previous rows, and which services need an object.

import type { KnownService } from '../../../model/cycle.js';
import { isSameEntry } from '../../../model/table/identity-words.js';
import { type KnownRows, newKnownRows } from '../../../model/table/known-table.js';
import type { RowReadings } from '../../../model/table/row-readings.js';
import { rowsOf, type TableColumns } from '../../../model/table/table-columns.js';

/** The known rows while they are built. */
export interface NewRows extends Pick<KnownRows, 'wrapped' | 'archives'> {
  readonly odd: Map<number, KnownService>;
  readonly missing: Map<string, KnownService>;
}

/** The rows of a table of which nothing is known yet. */
export function newRowsOf(columns: TableColumns): NewRows {
  return { ...newKnownRows(columns), odd: new Map(), missing: new Map() };
}

interface RowOrigin {
  readonly rows: RowReadings;
  readonly before: KnownRows;
  /** The place of the service in the older table. */
  readonly was: number;
}

/** Carries over everything that is kept with the rows of a calm service, which has the same rows in both tables. */
export function carryOverAll(known: NewRows, service: number, { rows, before, was }: RowOrigin): void {
  const [start, end] = rowsOf(rows.columns, service);
  const [from] = rowsOf(before.columns, was);
  for (let row = start; row < end; row += 1) {
    known.archives[row] = before.archives[from + row - start] ?? 0;
    known.wrapped[row] = before.wrapped[from + row - start] ?? 0;
  }
}

/** Carries over the archive numbers of a service whose real servers may have changed. */
export function carryOverArchives(known: NewRows, service: number, { rows, before, was }: RowOrigin): void {
  const [start, end] = rowsOf(rows.columns, service);
  const [from, to] = rowsOf(before.columns, was);
  known.archives[start] = before.archives[from] ?? 0;
  for (let row = start + 1; row < end; row += 1) {
    for (let old = from + 1; old < to; old += 1) {
      if (!isSameEntry(rows.columns.identities, row, before.columns.identities, old)) continue;
      known.archives[row] = before.archives[old] ?? 0;
      break;
    }
  }
}

/** Keeps what is known of a service after its judgement: as an object only if the columns cannot express it. */
export function keepOutcome(known: NewRows, columns: TableColumns, service: number, outcome: KnownService): void {
  const [start, end] = rowsOf(columns, service);
  let row = start + 1;
  // The real servers of the listing come first.
  for (const { hasWrapped } of outcome.realServers.values()) {
    if (row < end && hasWrapped) known.wrapped[row] = 1;
    row += 1;
  }
  if (row > end) known.odd.set(service, outcome);
}

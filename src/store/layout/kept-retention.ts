// Stores the retention (model/retention.ts): as text in the state and in each archive's record when it is not the standard one. The first
// row, collected or imported, fixes it.

import {
  formatRetention,
  otherRetention,
  parseRetention,
  type Retention,
  standardRetention,
} from '../../model/retention.js';
import { gridOf } from '../rows/slot.js';
import type { ArchiveRecord, State } from './directory.js';

/** The stored form of a retention in a state or record; empty for the standard one. */
export function writtenRetention(retention: Retention): { readonly retention?: string } {
  return retention === standardRetention ? {} : { retention: formatRetention(retention) };
}

const retentions = new Map<string, Retention>();

/** Parses a stored retention; the same text gives the same object. Throws a `UserError` when it is not valid. */
export function readRetention(text: string | undefined): Retention {
  if (text === undefined) return standardRetention;
  const known = retentions.get(text);
  if (known !== undefined) return known;
  const parsed = parseRetention(text);
  const retention = formatRetention(parsed) === formatRetention(standardRetention) ? standardRetention : parsed;
  retentions.set(text, retention);
  return retention;
}

/**
 * The state with the wanted retention, which is fixed now when there is no row yet, not even an imported one (`hasImported`). Throws a
 * `UserError`, `other-retention`, when the archives have another.
 */
export function withRetention(state: State, wanted: Retention, imported: boolean): State {
  const retention = readRetention(formatRetention(wanted));
  if (retention === state.grid.retention) return state;
  if (state.lastS === null && !imported) return { ...state, grid: gridOf(retention) };
  throw otherRetention(state.grid.retention, retention);
}

/** Does any record have imported rows? */
export function hasImported(records: Iterable<ArchiveRecord>): boolean {
  return [...records].some(({ importedS }) => importedS !== undefined);
}

// How the store keeps what archives keep (model/retention.ts): as text in the state and in each archive's record, where it is not the
// standard; and when it is chosen.

import {
  formatRetention,
  otherRetention,
  parseRetention,
  type Retention,
  standardRetention,
} from '../../model/retention.js';
import { gridOf } from '../rows/slot.js';
import type { ArchiveRecord, State } from './directory.js';

/** What is written of a retention into a state or a record: nothing, where it is the standard one. */
export function writtenRetention(retention: Retention): { readonly retention?: string } {
  return retention === standardRetention ? {} : { retention: formatRetention(retention) };
}

const retentions = new Map<string, Retention>();

/** What was written of a retention; the same object for the same text. Throws a `UserError` where it is none. */
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
 * The state where archives keep what is wanted: chosen now where there is no row yet, be it an imported one (`hasImported`). Throws a
 * `UserError`, `other-retention`, where they keep something else.
 */
export function withRetention(state: State, wanted: Retention, imported: boolean): State {
  const retention = readRetention(formatRetention(wanted));
  if (retention === state.grid.retention) return state;
  if (state.lastS === null && !imported) return { ...state, grid: gridOf(retention) };
  throw otherRetention(state.grid.retention, retention);
}

/** Does any of them have imported rows? */
export function hasImported(records: Iterable<ArchiveRecord>): boolean {
  return [...records].some(({ importedS }) => importedS !== undefined);
}

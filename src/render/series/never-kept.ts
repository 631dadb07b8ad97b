// Quantities that an archive cannot have: it was imported from files without them, and not yet read itself. That is neither
// unknown, as after a failed reading, nor without data.

import { type ImportedPart, isNeverKept } from '../../model/imported-part.js';
import type { Quantity } from './quantity.js';

/** The remark of a quantity that was never kept. */
export const neverKeptRemark = 'never kept';

/** The data sources of a quantity that were never kept up to a time. */
export function missingOf(
  imported: ImportedPart | undefined,
  { dataSource, per }: Quantity,
  untilS: number,
): readonly string[] {
  const all = per === undefined ? [dataSource] : [dataSource, per];
  return all.filter((name) => isNeverKept(imported, name, untilS));
}

/** The sentence in a plot of quantities that were never kept; in a tile it breaks after its first colon. */
export function formatNeverKept(missing: readonly string[]): string {
  return `Never kept: this was imported from files without ${[...new Set(missing)].join(' and ')}.`;
}

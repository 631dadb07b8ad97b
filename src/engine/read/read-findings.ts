// The open findings of a director, as it last sent them.

import type { KnownFinding } from '../../model/finding/finding.js';
import { type QueryGround, querySamples } from '../query/query.js';
import { selector } from '../query/selector.js';
import { findingMetrics, findingOfLabels } from '../series/finding-series.js';
import { describedForS } from './read-descriptions.js';

/** The findings that were open at a director's newest reading. Throws a `PassingError`. */
export async function readFindings(
  { director, newestS }: { readonly director: string; readonly newestS: number },
  ground: QueryGround,
): Promise<readonly KnownFinding[]> {
  const metrics = { pattern: Object.values(findingMetrics).join('|') };
  // The newest reading may be a step later than the newest row.
  const query = `${selector({ __name__: metrics, director })}[${2 * describedForS}s]`;
  const found = await querySamples(query, newestS + describedForS, ground);
  const counts = found.filter(({ labels }) => labels['__name__'] === findingMetrics.count);
  const atS = Math.max(...counts.flatMap(({ samples }) => samples.map(([timeS]) => timeS)));
  return found.flatMap(({ labels, samples }) => {
    const sample = samples.find(([timeS]) => timeS === atS);
    return labels['__name__'] === findingMetrics.opened && sample !== undefined
      ? (findingOfLabels(labels, sample[1]) ?? [])
      : [];
  });
}

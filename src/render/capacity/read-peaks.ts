// The peaks by which a cycle judges some services. Services take turns: each once a day, or, where there are many, two in a cycle, since the
// peaks of one take some milliseconds to read.

import type { ServicePeak } from '../../model/capacity/loss.js';
import type { KnownState } from '../../model/cycle.js';
import type { SeriesSource } from '../../model/series.js';
import { KnownTable } from '../../model/table/known-table.js';
import { realServerNameAt, rowsOf, serviceCount, serviceNameAt } from '../../model/table/table-columns.js';
import { UserError } from '../../model/user-error.js';
import { readPeak, type SpareServer } from './read-spare.js';

const dayS = 86_400;

/** Most services that a cycle judges. */
const perCycle = 2;

/** The peaks of the services whose turn it is, by name; null where one is unknown. Real servers of weight 0 count as missing. */
export async function readPeaks(
  source: Pick<SeriesSource, 'fetch' | 'fetchMany'>,
  { director, retention, timeS: lastS }: KnownState,
  timeS: number,
): Promise<ReadonlyMap<string, ServicePeak | null>> {
  const peaks = new Map<string, ServicePeak | null>();
  if (lastS === null) return peaks;
  const { columns } = KnownTable.of(director.services).rows;
  const count = serviceCount(columns);
  const turns = Math.max(dayS / retention.stepS, Math.ceil(count / perCycle));
  for (let i = Math.floor(timeS / retention.stepS) % turns; i < count; i += turns) {
    const service = serviceNameAt(columns, i);
    const [own, end] = rowsOf(columns, i);
    const servers: SpareServer[] = [];
    for (let row = own + 1; row < end; row += 1) {
      if ((columns.weights[row] ?? 0) > 0)
        servers.push({ name: `${service}/${realServerNameAt(columns, row)}`, firstS: 0, goneS: null });
    }
    peaks.set(service, await peakOrNull(source, { service, servers, retention, lastS }));
  }
  return peaks;
}

/** The peak of a service; null also for one that was just added, or has a real server that was: they have no rows. */
export async function peakOrNull(...args: Parameters<typeof readPeak>): Promise<ServicePeak | null> {
  try {
    return await readPeak(...args);
  } catch (error) {
    if (error instanceof UserError && error.code === 'no-such-archive') return null;
    throw error;
  }
}

// The spares by which a cycle judges some services. Services take turns: each once a day, or, where there are many, two in a cycle, since the
// peaks of one take some milliseconds to read.

import type { NoSpare, Spare } from '../../model/capacity/spare.js';
import type { KnownState } from '../../model/cycle.js';
import type { SeriesSource } from '../../model/series.js';
import { KnownTable } from '../../model/table/known-table.js';
import { realServerNameAt, rowsOf, serviceCount, serviceNameAt } from '../../model/table/table-columns.js';
import { UserError } from '../../model/user-error.js';
import { readSpare, type SpareServer } from './read-spare.js';

const dayS = 86_400;

/** Most services that a cycle judges. */
const perCycle = 2;

/** The spares of the services whose turn it is, by name; null where one is unknown. Real servers of weight 0 count as missing. */
export async function readSpares(
  source: Pick<SeriesSource, 'fetch' | 'fetchMany'>,
  { director, retention, timeS: lastS }: KnownState,
  timeS: number,
): Promise<ReadonlyMap<string, Spare | NoSpare | null>> {
  const spares = new Map<string, Spare | NoSpare | null>();
  if (lastS === null) return spares;
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
    spares.set(service, await spareOrNull(source, { service, servers, retention, lastS }));
  }
  return spares;
}

/** A service or real server that was just added has no rows. */
async function spareOrNull(...args: Parameters<typeof readSpare>): Promise<Spare | NoSpare | null> {
  try {
    return (await readSpare(...args))?.spare ?? null;
  } catch (error) {
    if (error instanceof UserError && error.code === 'no-such-archive') return null;
    throw error;
  }
}

// Reports what a cycle has read.

import { formatLocal } from '../cli/local-time.js';
import { report } from '../cli/log.js';
import type { Cycle } from '../model/cycle.js';
import { registry } from '../model/kinds/registry.js';
import { countArchives } from '../model/table/count-archives.js';
import { countOf } from '../model/text/count-of.js';

/** Reports in a line what a cycle has read. Programs get only the sources that were read, since an unread one must not count as 0. */
export function reportCycle(cycle: Cycle): void {
  const { timeS } = cycle;
  const kinds = [...countArchives(cycle)];
  const counted = [...new Set(registry.kinds.map(({ source }) => source))].flatMap((source) => {
    const own = kinds.filter(([kind]) => kind.source === source);
    if (!own.some(([{ level }]) => level === source.witness)) return [];
    const [tops = 0, members = 0] = ['top', 'member'].map((wanted) =>
      own.reduce((sum, [{ level }, count]) => sum + (level === wanted ? count : 0), 0),
    );
    return [{ source, tops, members }];
  });
  const parts = counted.map(
    ({ source, tops, members }) =>
      `${countOf(tops, source.tops.one, source.tops.words)}, ${countOf(members, source.members.one, source.members.words)}`,
  );
  const fields = counted.map(({ source, tops, members }) => ({
    [source.tops.field]: tops,
    [source.members.field]: members,
  }));
  report(`${formatLocal(timeS)}: ${parts.join('; ') || 'nothing'}`, Object.assign({ timeS }, ...fields));
}

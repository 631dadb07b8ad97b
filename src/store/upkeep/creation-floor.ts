// Below the floor of free disk space no archive is created; existing ones continue. This removes the new archives from a cycle.

import type { Cycle } from '../../model/cycle.js';
import { directorName, partName } from '../../model/names/name.js';
import { othersWith } from '../../model/table/other-sources.js';

/**
 * The cycle without archives that do not exist yet, and their number. They are omitted from the table too, so that a later cycle sees them
 * as new. The director's own archive is always created.
 */
export function withoutNewArchives(cycle: Cycle, exists: (name: string) => boolean): { cycle: Cycle; leftOut: number } {
  const stays = (name: string): boolean => name === directorName || exists(name);
  const leftOut = cycle.archives.filter(({ name }) => !stays(name)).length;
  if (leftOut === 0) return { cycle, leftOut };
  const { director, haproxy } = cycle.table;
  const services = new Map(
    [...director.services]
      .filter(([name]) => stays(name))
      .map(([name, service]) => {
        const realServers = [...service.realServers].filter(([server]) => stays(`${name}/${server}`));
        return [name, { ...service, realServers: new Map(realServers) }] as const;
      }),
  );
  const parts = new Map([...director.kernel.parts].filter(([part]) => stays(partName(part))));
  const entries = new Map([...haproxy.entries].filter(([name]) => stays(name)));
  return {
    leftOut,
    cycle: {
      ...cycle,
      readings: cycle.readings.filter(({ archive }) => stays(archive)),
      archives: cycle.archives.filter(({ name }) => stays(name)),
      events: cycle.events.filter(({ archive }) => stays(archive)),
      table: {
        ...cycle.table,
        director: { ...director, services, kernel: { ...director.kernel, parts } },
        haproxy: { ...haproxy, entries },
        ...othersWith(cycle.table, stays),
      },
    },
  };
}

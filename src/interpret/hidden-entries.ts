// Handles known entries that may still be on a line that nobody can assign to an entry: they are unread then, neither absent
// nor gone.

import type { KnownDirector } from '../model/cycle.js';
import { realServerName, serviceName } from '../model/names/name.js';
import type { ServiceReading, Snapshot } from '../model/snapshot.js';

/** A snapshot in which entries that may be on such a line are unread. */
export function withHidden(previous: Pick<KnownDirector, 'services'>, snapshot: Snapshot): Snapshot {
  const { unread, strayLines = 0, columns } = snapshot;
  // In columns every line was read.
  if (columns !== undefined) return snapshot;
  const { services } = snapshot;
  if (strayLines === 0 && services.every(({ lacks }) => lacks !== 'unnamed')) return snapshot;
  const hidden = new Set(unread);
  const there = new Map(services.map((service) => [serviceName(service.id), service]));
  for (const [name, { absentS, realServers }] of previous.services) {
    const now = there.get(name);
    if (now === undefined && strayLines > 0 && absentS === null) hidden.add(name);
    if (now?.lacks !== 'unnamed') continue;
    for (const server of missingOf(realServers.keys(), now)) {
      if (realServers.get(server)?.absentS === null) hidden.add(`${name}/${server}`);
    }
  }
  return { ...snapshot, unread: hidden };
}

function missingOf(known: Iterable<string>, { realServers }: ServiceReading): readonly string[] {
  const there = new Set(realServers.map(({ id }) => realServerName(id)));
  return [...known].filter((name) => !there.has(name));
}

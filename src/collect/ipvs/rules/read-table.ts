// Reads a table by `ipvsadm -L -n` alone, which has all that is compared, and is what may be run already where the counters are read: this
// director's, and that of another one.

import type { DriftNote, ExpectedService, ExpectedTable } from '../../../model/drift/expected.js';
import { setUpOf } from '../../../model/drift/set-up.js';
import { serviceName } from '../../../model/names/name.js';
import { type ListingLimits, readTableText } from '../ipvsadm.js';
import type { Entries } from '../listing/entries.js';
import { parseTableListing, type ServiceSetup } from '../listing/parse-table.js';
import type { IpvsadmCommand } from '../locate-ipvsadm.js';

/** Reads the table of a command. Throws a `CollectError`. */
export async function readTable(command: IpvsadmCommand, limits?: ListingLimits): Promise<Entries<ServiceSetup>> {
  const { text, source } = await readTableText(command, limits);
  return parseTableListing(text.toString('latin1'), source);
}

/** The table of another director as a reference. Throws a `CollectError`. */
export async function readAgainst(command: IpvsadmCommand, limits?: ListingLimits): Promise<ExpectedTable> {
  return expectedFrom(await readTable(command, limits));
}

/** A listing as a reference. */
function expectedFrom({
  services,
  refused,
  suspects,
  strayLines,
  isTorn,
  notes,
}: Entries<ServiceSetup>): ExpectedTable {
  const own = [...services.values()].map((service): [string, ExpectedService] => {
    const { id, scheduler, flags, realServers } = service;
    const servers = [...realServers.values()].map((server) => {
      return { ...server.id, forwarding: server.forwarding, weight: server.weight, place: null };
    });
    const isPartial = service.refused.size > 0 || service.hasStray || isTorn;
    return [
      serviceName(id),
      { id, setUp: setUpOf(scheduler, flags), servers, sorry: null, quorum: 0, isPartial, place: null },
    ];
  });
  const leftOut = new Set([...refused.values(), ...suspects.values()].map(serviceName));
  const noted = notes.map(({ text }): DriftNote => ({ text, place: null }));
  return { services: new Map(own), leftOut, isWhole: strayLines === 0 && !isTorn, notes: noted };
}

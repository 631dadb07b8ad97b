// The services of the director's table for the map: those that the newest reading found.

import type { KnownState } from '../model/cycle.js';
import { realServerIdAt, serviceIdAt } from '../model/table/identity-words.js';
import { KnownTable } from '../model/table/known-table.js';
import { forwardingAt, rowsOf, serviceCount } from '../model/table/table-columns.js';
import type { MapServer, MapService } from './map-input.js';

/** The services with their real servers. */
export function tableServices({ director }: Pick<KnownState, 'director'>): readonly MapService[] {
  const { columns } = KnownTable.of(director.services).rows;
  return Array.from({ length: serviceCount(columns) }, (_, service) => {
    const [own, end] = rowsOf(columns, service);
    const servers: MapServer[] = [];
    for (let row = own + 1; row < end; row += 1) {
      servers.push({ ...realServerIdAt(columns.identities, row), forwarding: forwardingAt(columns, row).forwarding });
    }
    return { id: serviceIdAt(columns.identities, own), servers };
  });
}

// Whether a reading still has every entry of the last one. If not, the table may just be being rebuilt, and is read again.

import type { KnownDirector, KnownService } from '../../model/cycle.js';
import type { Snapshot } from '../../model/snapshot.js';
import { columnsOf } from '../../model/table/column-snapshot.js';
import { hasSameServers, serviceFinder } from '../../model/table/find-service.js';
import { KnownTable } from '../../model/table/known-table.js';
import {
  realServerNameAt,
  rowsOf,
  serviceCount,
  serviceNameAt,
  type TableColumns,
} from '../../model/table/table-columns.js';

/** Does the table still have every entry of the last reading? Entries that are present but unreadable count. */
export function hasAllEntries({ services }: Pick<KnownDirector, 'services'>, snapshot: Snapshot): boolean {
  const columns = columnsOf(snapshot);
  const table = KnownTable.of(services);
  const { columns: old, odd, missing } = table.rows;
  const find = serviceFinder(old, columns);
  const seen = new Uint8Array(serviceCount(old));
  const isUnread = (name: string): boolean => snapshot.unread?.has(name) ?? false;
  const listed = new Set<string>();
  for (let service = 0; service < serviceCount(columns); service += 1) {
    const was = find(service);
    if (was >= 0) seen[was] = 1;
    if (was >= 0 && !odd.has(was) && hasSameServers(old, was, columns, service)) continue;
    const name = serviceNameAt(columns, service);
    listed.add(name);
    const before = was >= 0 ? table.at(was) : missing.get(name);
    if (before !== undefined && !hasServers(before, { columns, service, isUnread })) return false;
  }
  for (const [place, isSeen] of seen.entries()) {
    if (isSeen === 0 && !isUnread(serviceNameAt(old, place))) return false;
  }
  return [...missing].every(([name, { absentS }]) => absentS !== null || listed.has(name) || isUnread(name));
}

interface ListedService {
  readonly columns: TableColumns;
  readonly service: number;
  readonly isUnread: (name: string) => boolean;
}

/** Has a listed service all the real servers that it had? One that was absent itself need not. */
function hasServers({ absentS, realServers }: KnownService, { columns, service, isUnread }: ListedService): boolean {
  const name = serviceNameAt(columns, service);
  if (absentS !== null || isUnread(name)) return true;
  const found = new Set<string>();
  const [start, end] = rowsOf(columns, service);
  for (let row = start + 1; row < end; row += 1) found.add(realServerNameAt(columns, row));
  return [...realServers].every(([server, known]) => {
    return known.absentS !== null || found.has(server) || isUnread(`${name}/${server}`);
  });
}

// The ways to read the table for metrics: with privilege by ipvsadm, which gives all of it. Without, weights and connections come from
// /proc/net/ip_vs, which anybody may read, and counters from the newest cycle. Where there is no table at all (a copy of the archives on another
// machine), everything is as of the newest cycle.

import { join } from 'node:path';
import type { IpvsadmCommand } from '../../collect/ipvs/locate-ipvsadm.js';
import { isModuleLoaded } from '../../collect/ipvs/proc/kernel.js';
import { parseIpVs, type ServiceState } from '../../collect/ipvs/proc/parse-ip-vs.js';
import { readKernel } from '../../collect/ipvs/proc/read-kernel.js';
import { readMoment } from '../../collect/ipvs/read-snapshot.js';
import { readBounded } from '../../files/read-file.js';
import type { LiveReading } from '../../metrics/live.js';
import type { ExportedTable, TableAge } from '../../metrics/table/exported-table.js';
import type { KnownService, KnownState } from '../../model/cycle.js';
import { parseRealServerName, parseServiceName, realServerName, serviceName } from '../../model/names/name.js';
import type { Counters, RealServerReading, ServiceReading, Snapshot } from '../../model/snapshot.js';
import { columnsOf } from '../../model/table/column-snapshot.js';
import { columnsFrom } from '../../model/table/table-columns.js';

const live: TableAge = { counters: '', state: '' };
const lastCycle = ' As of the newest cycle: rates need a range of two cycles, such as [10m].';

/** Reads by ipvsadm. Throws a `CollectError`. */
export async function readByIpvsadm(ipvsadm: IpvsadmCommand, procRoot: string): Promise<LiveReading> {
  return readingOf(await readMoment({ ipvsadm, procRoot, nowS: () => Date.now() / 1000 }));
}

/** A snapshot as a reading. */
export function readingOf(snapshot: Snapshot): LiveReading {
  return { table: { columns: columnsOf(snapshot), age: live }, kernel: snapshot.kernel ?? null };
}

/** Reads without privilege. Throws what reading the file throws. */
export function readWithoutPrivilege(known: KnownState, procRoot: string): LiveReading {
  const isLocal = isModuleLoaded(procRoot);
  const text = isLocal ? readBounded(join(procRoot, 'net/ip_vs'), maxBytes).toString('latin1') : '';
  const services = parseIpVs(text);
  const kernel = isLocal ? readKernel(procRoot) : null;
  const table = services === null ? knownTable(known) : openTable(services, known);
  return { table, kernel };
}

/** The bound of a listing. */
const maxBytes = 96 * 2 ** 20;

const noCounters: Counters = { conns: 0n, inPkts: 0n, outPkts: 0n, inBytes: 0n, outBytes: 0n };

/** The table of /proc, with the counters of the newest cycle. Entries that the cycle did not see have none yet. */
function openTable(services: readonly ServiceState[], { director }: KnownState): ExportedTable {
  const uncounted = new Set<number>();
  let row = -1;
  const counted = (known: readonly bigint[] | undefined): Counters => {
    row += 1;
    const counters = countersFrom(known ?? []);
    if (counters === null) uncounted.add(row);
    return counters ?? noCounters;
  };
  const joined = services.map((service): ServiceReading => {
    const known = director.services.get(serviceName(service.id));
    const counters = counted(known?.counters);
    const realServers = service.realServers.map((server) => {
      const own = known?.realServers.get(realServerName(server.id));
      return { ...server, counters: counted(own?.counters) };
    });
    // The kernel writes flags in other words than ipvsadm.
    return { ...service, flags: known?.flags ?? '', counters, realServers };
  });
  return { columns: columnsFrom(joined), age: { counters: lastCycle, state: '' }, uncounted };
}

/** The table as of the newest cycle, which does not keep connections. */
function knownTable({ director }: KnownState): ExportedTable | null {
  if (director.timeS === null) return null;
  const services = [...director.services].flatMap(([name, service]) => serviceOfName(name, service));
  return {
    columns: columnsFrom(services),
    age: { counters: lastCycle, state: ' As of the newest cycle.' },
    lacksConnections: true,
  };
}

function serviceOfName(
  name: string,
  { counters, scheduler, flags, absentS, realServers }: KnownService,
): readonly ServiceReading[] {
  const id = parseServiceName(name);
  const own = countersFrom(counters);
  if (absentS !== null || own === null || id === null) return [];
  const servers = [...realServers].flatMap(([within, server]): readonly RealServerReading[] => {
    const serverId = parseRealServerName(within);
    const serverCounters = countersFrom(server.counters);
    if (serverId === null || server.absentS !== null || serverCounters === null) return [];
    const { forwarding, weight } = server;
    const state = { forwarding, weight, activeConn: 0, inActConn: 0 };
    return [{ id: serverId, counters: serverCounters, ...state }];
  });
  return [{ id, counters: own, scheduler, flags, realServers: servers }];
}

/** Null if they are not known, or must not be compared with. */
function countersFrom([conns, inPkts, outPkts, inBytes, outBytes]: readonly bigint[]): Counters | null {
  if (conns === undefined || inPkts === undefined || outPkts === undefined) return null;
  if (inBytes === undefined || outBytes === undefined) return null;
  return { conns, inPkts, outPkts, inBytes, outBytes };
}

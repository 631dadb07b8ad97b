// The virtual and real servers as targets for Prometheus, in the form of its HTTP service discovery (http_sd_configs): groups of one target,
// whose labels relabelling can use. Prometheus drops labels that begin with `__meta_` after it.

import type { RealServerId } from '../model/names/identity.js';
import { realServerIdAt, serviceIdAt } from '../model/table/identity-words.js';
import { forwardingAt, rowsOf, serviceNameAt, setUpAt, type TableColumns } from '../model/table/table-columns.js';
import { chosenServices } from './metric-options.js';
import { localParts } from './table/exported-table.js';

/** The entries that can be targets. */
export const targetRoles = ['virtual-server', 'real-server'] as const;

/** The name of a role. */
export type TargetRole = (typeof targetRoles)[number];

/** The choice of targets. */
export interface TargetOptions {
  readonly role: TargetRole;
  /** A pattern of virtual servers, as in `--match`; null for all. */
  readonly match: string | null;
}

/** A target and its labels. */
export interface TargetGroup {
  /** `ADDRESS:PORT`, or the address alone where a server takes all ports. */
  readonly targets: readonly [string];
  readonly labels: Readonly<Record<string, string>>;
}

/** The targets of a table. Firewall marks have no address: only their real servers are targets. */
export function* targetGroups(
  columns: TableColumns,
  director: string,
  { role, match }: TargetOptions,
): Generator<TargetGroup> {
  for (const service of chosenServices(columns, { match })) {
    const [row, end] = rowsOf(columns, service);
    const id = serviceIdAt(columns.identities, row);
    const own = { role, director, virtual_server: serviceNameAt(columns, service), ...localParts(id) };
    if (role === 'real-server') yield* realServerGroups(columns, [row + 1, end], own);
    else if (id.kind === 'address') yield group(id, { ...own, ...setUpAt(columns, row) });
  }
}

function* realServerGroups(
  columns: TableColumns,
  [first, end]: readonly [number, number],
  own: Readonly<Record<string, string>>,
): Generator<TargetGroup> {
  for (let row = first; row < end; row += 1) {
    const id = realServerIdAt(columns.identities, row);
    const { forwarding, weight } = forwardingAt(columns, row);
    const labels = { ...own, remote_address: id.address, remote_port: String(id.port), forwarding };
    yield group(id, { ...labels, weight: String(weight) });
  }
}

function group({ address, port }: RealServerId, labels: Readonly<Record<string, string>>): TargetGroup {
  const host = address.includes(':') ? `[${address}]` : address;
  const named = Object.entries(labels).map(([name, value]) => [`__meta_lvs_${name}`, value]);
  return { targets: [port === 0 ? host : `${host}:${port}`], labels: Object.fromEntries(named) };
}

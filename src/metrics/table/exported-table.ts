// The table that is exported, and the labels and names that its series share.

import type { ServiceId } from '../../model/names/identity.js';
import { counterListAt } from '../../model/table/counter-words.js';
import type { TableColumns } from '../../model/table/table-columns.js';
import { type Family, type Labels, labels } from '../exposition.js';

const outboundRemark = ' Answers by direct routing or through a tunnel do not pass the director.';

/** The counters in the order of a row: the name of the metric, its meaning, and a remark. */
export const counterMetrics = [
  ['connections', 'Connections', ''],
  ['incoming_packets', 'Packets from clients', ''],
  ['outgoing_packets', 'Packets to clients', outboundRemark],
  ['incoming_bytes', 'Bytes from clients', ''],
  ['outgoing_bytes', 'Bytes to clients', outboundRemark],
] as const;

/** How old the values are, for HELP. */
export interface TableAge {
  /** A remark on counters; '' if they are read on request. */
  readonly counters: string;
  /** A remark on weights and connections. */
  readonly state: string;
}

/** A table to export. */
export interface ExportedTable {
  readonly columns: TableColumns;
  readonly age: TableAge;
  /** Rows whose counters are not known. */
  readonly uncounted?: ReadonlySet<number>;
  /** Whether connections are not known. */
  readonly lacksConnections?: boolean;
}

/** A virtual server, its rows in the table, and its labels. */
export interface LabelledService {
  readonly service: number;
  readonly row: number;
  readonly end: number;
  readonly labels: Labels;
}

/** The parts of the name of a virtual server. */
export interface LocalParts {
  readonly local_address: string;
  readonly local_port: string;
  readonly proto: string;
  readonly local_mark: string;
}

/** The parts of its name. A mark has no address; marks of IPv6 have a protocol of their own, since both families may have one mark. */
export function localParts(id: ServiceId): LocalParts {
  if (id.kind === 'mark') {
    const local_mark = id.mark.toString(16).toUpperCase().padStart(8, '0');
    return { local_address: '', local_port: '0', proto: id.family === 'ipv6' ? 'FWM6' : 'FWM', local_mark };
  }
  const { address, port, protocol } = id;
  return { local_address: address, local_port: String(port), proto: protocol.toUpperCase(), local_mark: '' };
}

/** The same as labels. */
export function localLabels(id: ServiceId): Labels {
  return labels({ ...localParts(id) });
}

/** The sum of the weights of the real servers in the rows of a service. */
export function weightOf({ weights }: TableColumns, row: number, end: number): number {
  return weights.subarray(row + 1, end).reduce((sum, weight) => sum + weight, 0);
}

/** An entry of the table and its labels. */
export interface LabelledRow {
  readonly row: number;
  readonly labels: Labels;
}

/** The families of the five counters of some entries, without those whose counters are not known. */
export function counterFamilies(
  { columns, age, uncounted }: ExportedTable,
  { prefix, of, rows }: { readonly prefix: string; readonly of: string; readonly rows: readonly LabelledRow[] },
): readonly Family[] {
  const counted = uncounted === undefined ? rows : rows.filter(({ row }) => !uncounted.has(row));
  const lists = counted.map(({ row }) => counterListAt(columns.counters, row));
  return counterMetrics.map(([name, help, remark], n) => ({
    name: `${prefix}_${name}`,
    type: 'counter',
    help: `${help}, of ${of}.${remark}${age.counters}`,
    samples: counted.map(({ labels: own }, i) => [own, lists[i]?.[n] ?? Number.NaN]),
  }));
}

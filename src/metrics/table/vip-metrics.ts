// Series of addresses (`--sum-by vip`): sums over the virtual servers of each.

import { counterListAt } from '../../model/table/counter-words.js';
import { serviceIdAt } from '../../model/table/identity-words.js';
import { rowsOf, type TableColumns } from '../../model/table/table-columns.js';
import { type Family, type Labels, labels, type Sample } from '../exposition.js';
import { chosenServices, type MetricOptions } from '../metric-options.js';
import { counterMetrics, type ExportedTable, localLabels, weightOf } from './exported-table.js';

interface Sum {
  /** Null if a part of it is not known. */
  readonly counters: readonly bigint[] | null;
  readonly realServers: number;
  readonly weight: number;
  readonly active: number;
  readonly inactive: number;
}

/** The families of sums by address; marks have none, and are summed by mark. */
export function vipFamilies(table: ExportedTable, options: MetricOptions): readonly Family[] {
  const { columns, age, lacksConnections } = table;
  const sums = new Map<Labels, Sum>();
  for (const service of chosenServices(columns, options)) {
    const id = serviceIdAt(columns.identities, rowsOf(columns, service)[0]);
    const key = id.kind === 'mark' ? localLabels(id) : labels({ local_address: id.address });
    const [known, own] = [sums.get(key), sumOf(table, service)];
    sums.set(key, known === undefined ? own : sumTogether(known, own));
  }
  const gauge = (name: string, help: string, measured: (sum: Sum) => number): Family => ({
    name: `lvs_virtual_server_${name}`,
    type: 'gauge',
    help: `${help}, of all virtual servers of an address.${age.state}`,
    samples: [...sums].map(([key, sum]) => [key, measured(sum)]),
  });
  const connections = [
    gauge('connections_active', 'Open connections', ({ active }) => active),
    gauge('connections_inactive', 'Connections that are closing or idle', ({ inactive }) => inactive),
  ];
  return [
    ...counterMetrics.map(
      ([name, help, remark], n): Family => ({
        name: `lvs_virtual_server_${name}`,
        type: 'counter',
        help: `${help}, of all virtual servers of an address. It falls when one of them is removed.${remark}${age.counters}`,
        samples: [...sums].flatMap(([key, { counters }]): readonly Sample[] =>
          counters === null ? [] : [[key, counters[n] ?? Number.NaN]],
        ),
      }),
    ),
    gauge('real_servers', 'Real servers, also those with weight 0', ({ realServers }) => realServers),
    gauge('weight', 'Sum of the weights of real servers', ({ weight }) => weight),
    ...(lacksConnections === true ? [] : connections),
  ];
}

function sumOf({ columns, uncounted }: ExportedTable, service: number): Sum {
  const [row, end] = rowsOf(columns, service);
  return {
    counters: uncounted?.has(row) === true ? null : counterListAt(columns.counters, row),
    realServers: end - row - 1,
    weight: weightOf(columns, row, end),
    active: connectionsOf(columns, { row, end, which: 0 }),
    inactive: connectionsOf(columns, { row, end, which: 1 }),
  };
}

function connectionsOf(
  { connections }: TableColumns,
  { row, end, which }: { readonly row: number; readonly end: number; readonly which: 0 | 1 },
): number {
  let sum = 0;
  for (let at = row + 1; at < end; at += 1) sum += connections[2 * at + which] ?? 0;
  return sum;
}

function sumTogether(a: Sum, b: Sum): Sum {
  const [counters, others] = [a.counters, b.counters];
  return {
    counters: counters === null || others === null ? null : counters.map((value, n) => value + (others[n] ?? 0n)),
    realServers: a.realServers + b.realServers,
    weight: a.weight + b.weight,
    active: a.active + b.active,
    inactive: a.inactive + b.inactive,
  };
}

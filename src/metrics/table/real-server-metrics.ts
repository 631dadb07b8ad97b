// Series of the real servers.

import { realServerIdAt } from '../../model/table/identity-words.js';
import { forwardingAt } from '../../model/table/table-columns.js';
import { type Family, labels } from '../exposition.js';
import { includes, type MetricOptions } from '../metric-options.js';
import { counterFamilies, type ExportedTable, type LabelledRow, type LabelledService } from './exported-table.js';

/** The families of the real servers of some virtual servers. */
export function realServerFamilies(
  table: ExportedTable,
  services: readonly LabelledService[],
  options: MetricOptions,
): readonly Family[] {
  const { columns, age } = table;
  const rows = labelledRows(table, services);
  const gauge = (name: string, help: string, measured: (row: number) => number | undefined): Family => ({
    name: `lvs_real_server_${name}`,
    type: 'gauge',
    help: `${help}.${age.state}`,
    samples: rows.map(({ row, labels: own }) => [own, measured(row) ?? Number.NaN]),
  });
  const { connections, weights } = columns;
  const connectionFamilies = [
    gauge('connections_active', 'Open connections to a real server (ActiveConn)', (row) => connections[2 * row]),
    gauge(
      'connections_inactive',
      'Connections to a real server that are closing or idle (InActConn)',
      (row) => connections[2 * row + 1],
    ),
  ];
  const state = [
    ...(table.lacksConnections === true ? [] : connectionFamilies),
    gauge('weight', 'Weight of a real server; 0 takes no new connections', (row) => weights[row]),
  ];
  if (!includes(options, 'real-server-counters')) return state;
  return [
    ...state,
    {
      name: 'lvs_real_server',
      type: 'info',
      help: `Forwarding method of a real server.${age.state}`,
      samples: rows.map(({ row, labels: own }) => [
        `${own},${labels({ forwarding: forwardingAt(columns, row).forwarding })}`,
        1,
      ]),
    },
    ...counterFamilies(table, { prefix: 'lvs_real_server', of: 'a real server', rows }),
  ];
}

function labelledRows({ columns }: ExportedTable, services: readonly LabelledService[]): readonly LabelledRow[] {
  const rows: LabelledRow[] = [];
  for (const { row: start, end, labels: local } of services) {
    for (let row = start + 1; row < end; row += 1) {
      const { address, port } = realServerIdAt(columns.identities, row);
      rows.push({ row, labels: `${local},remote_address="${address}",remote_port="${port}"` });
    }
  }
  return rows;
}

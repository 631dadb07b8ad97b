// Series of the kernel's table: values and labels as in node_exporter's ipvs collector (local_address, local_port, proto, local_mark;
// remote_address, remote_port), under names of our own, since two exporters of one name would hide each other.

import { serviceIdAt } from '../../model/table/identity-words.js';
import { rowsOf, setUpAt, type TableColumns } from '../../model/table/table-columns.js';
import { type Family, labels, type Sample } from '../exposition.js';
import { chosenServices, includes, type MetricOptions } from '../metric-options.js';
import { counterFamilies, type ExportedTable, type LabelledService, localLabels, weightOf } from './exported-table.js';
import { realServerFamilies } from './real-server-metrics.js';
import { vipFamilies } from './vip-metrics.js';

/** The families of a table. */
export function tableFamilies(table: ExportedTable, options: MetricOptions): readonly Family[] {
  if (!includes(options, 'virtual-server')) return [];
  if (options.isSumByVip) return vipFamilies(table, options);
  const services = labelledServices(table.columns, options);
  const real = includes(options, 'real-server') ? realServerFamilies(table, services, options) : [];
  return [...virtualServerFamilies(table, services), ...real];
}

function labelledServices(columns: TableColumns, options: MetricOptions): readonly LabelledService[] {
  return chosenServices(columns, options).map((service) => {
    const [row, end] = rowsOf(columns, service);
    return { service, row, end, labels: localLabels(serviceIdAt(columns.identities, row)) };
  });
}

function virtualServerFamilies(table: ExportedTable, services: readonly LabelledService[]): readonly Family[] {
  const { columns, age } = table;
  const own = (measured: (service: LabelledService) => number): readonly Sample[] =>
    services.map((service) => [service.labels, measured(service)]);
  return [
    ...counterFamilies(table, { prefix: 'lvs_virtual_server', of: 'a virtual server', rows: services }),
    {
      name: 'lvs_virtual_server_real_servers',
      type: 'gauge',
      help: `Real servers of a virtual server, those with weight 0 too.${age.state}`,
      samples: own(({ row, end }) => end - row - 1),
    },
    {
      name: 'lvs_virtual_server_weight',
      type: 'gauge',
      help: `Sum of the weights of its real servers.${age.state}`,
      samples: own(({ row, end }) => weightOf(columns, row, end)),
    },
    {
      name: 'lvs_virtual_server',
      type: 'info',
      help: `Scheduler and flags of a virtual server.${age.state}`,
      samples: services.map((service) => [`${service.labels},${labels(setUpAt(columns, service.row))}`, 1]),
    },
  ];
}

// The quantities that HAProxy counts for its proxies and their servers: the kinds that have each, its column in "show stat",
// and its data source. This table is their only definition. Columns: HAProxy management guide, 9.1 "CSV format". Versions other
// than 1.8 to 3.2 use the same names.

import { counter, gauge, type Measure } from './kinds/kind.js';

/** The subject of a line of the statistics; listeners are no kind of their own, since their frontend has their sum. */
export type HaproxyKind = 'frontend' | 'backend' | 'server';

/** HTTP proxies count answers by class, TCP proxies only sessions and bytes. */
export type HaproxyMode = 'http' | 'tcp';

/** A quantity: the column it is read from, how it is kept, and the kinds that have it. */
export interface HaproxyColumn {
  readonly csv: string;
  readonly measure: Measure;
  readonly of: readonly HaproxyKind[];
}

function column(csv: string, measure: Measure, of: readonly HaproxyKind[] = ['frontend', 'backend', 'server']) {
  return { csv, measure, of };
}

/** Every quantity, in the order of data sources. */
const columns: readonly HaproxyColumn[] = [
  column('scur', gauge('CurSessions', 'session')),
  column('qcur', gauge('Queue', 'request'), ['backend', 'server']),
  column('stot', counter('Sessions', 'session')),
  column('bin', counter('InBytes', 'B', 'in')),
  column('bout', counter('OutBytes', 'B', 'out')),
  column('hrsp_1xx', counter('Hrsp1xx', 'response')),
  column('hrsp_2xx', counter('Hrsp2xx', 'response')),
  column('hrsp_3xx', counter('Hrsp3xx', 'response')),
  column('hrsp_4xx', counter('Hrsp4xx', 'response')),
  column('hrsp_5xx', counter('Hrsp5xx', 'response')),
  column('ereq', counter('ReqErrors', 'error'), ['frontend']),
  column('econ', counter('ConnErrors', 'error'), ['backend', 'server']),
  column('eresp', counter('RespErrors', 'error'), ['backend', 'server']),
  column('dreq', counter('DeniedReqs', 'error'), ['frontend', 'backend']),
  column('dresp', counter('DeniedResps', 'error')),
];

/** The quantities of each kind, in the order of its data sources. */
export const haproxyColumns: Readonly<Record<HaproxyKind, readonly HaproxyColumn[]>> = {
  frontend: columnsOfKind('frontend'),
  backend: columnsOfKind('backend'),
  server: columnsOfKind('server'),
};

function columnsOfKind(kind: HaproxyKind): readonly HaproxyColumn[] {
  return columns.filter(({ of }) => of.includes(kind));
}

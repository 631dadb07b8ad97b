// What HAProxy counts of its proxies and their servers: which quantities each kind has, in which column of "show stat" each
// stands, and as which data source it is kept. Data: whatever else needs to know of a quantity reads it from here.
// Columns: HAProxy management guide, 9.1 "CSV format". Other versions than 1.8 to 3.2 name them the same.

import { type DataSource, standardHeartbeatS } from './archive.js';

/** What a line of the statistics is of; listeners are no kind of their own, their frontend has their sum. */
export type HaproxyKind = 'frontend' | 'backend' | 'server';

/** HTTP proxies count answers by their class, others only sessions and bytes. */
export type HaproxyMode = 'http' | 'tcp';

/** A quantity: the column it is read from, the data source it is kept as, and which kinds have it. */
export interface HaproxyColumn {
  readonly csv: string;
  readonly dataSource: DataSource;
  readonly of: readonly HaproxyKind[];
}

const all: readonly HaproxyKind[] = ['frontend', 'backend', 'server'];

function column(csv: string, name: string, kind: DataSource['kind'], of = all): HaproxyColumn {
  return { csv, dataSource: { name, kind, heartbeatS: standardHeartbeatS }, of };
}

/** Every quantity, in the order of data sources. */
const columns: readonly HaproxyColumn[] = [
  column('scur', 'CurSessions', 'GAUGE'),
  column('qcur', 'Queue', 'GAUGE', ['backend', 'server']),
  column('stot', 'Sessions', 'DERIVE'),
  column('bin', 'InBytes', 'DERIVE'),
  column('bout', 'OutBytes', 'DERIVE'),
  column('hrsp_1xx', 'Hrsp1xx', 'DERIVE'),
  column('hrsp_2xx', 'Hrsp2xx', 'DERIVE'),
  column('hrsp_3xx', 'Hrsp3xx', 'DERIVE'),
  column('hrsp_4xx', 'Hrsp4xx', 'DERIVE'),
  column('hrsp_5xx', 'Hrsp5xx', 'DERIVE'),
  column('ereq', 'ReqErrors', 'DERIVE', ['frontend']),
  column('econ', 'ConnErrors', 'DERIVE', ['backend', 'server']),
  column('eresp', 'RespErrors', 'DERIVE', ['backend', 'server']),
  column('dreq', 'DeniedReqs', 'DERIVE', ['frontend', 'backend']),
  column('dresp', 'DeniedResps', 'DERIVE'),
];

/** The quantities of each kind, in the order of its data sources. */
export const haproxyColumns: Readonly<Record<HaproxyKind, readonly HaproxyColumn[]>> = {
  frontend: columnsOf('frontend'),
  backend: columnsOf('backend'),
  server: columnsOf('server'),
};

/** The data sources of each kind, in column order. */
export const haproxyDataSources: Readonly<Record<HaproxyKind, readonly DataSource[]>> = {
  frontend: sourcesOf('frontend'),
  backend: sourcesOf('backend'),
  server: sourcesOf('server'),
};

function columnsOf(kind: HaproxyKind): readonly HaproxyColumn[] {
  return columns.filter(({ of }) => of.includes(kind));
}

function sourcesOf(kind: HaproxyKind): readonly DataSource[] {
  return columnsOf(kind).map(({ dataSource }) => dataSource);
}

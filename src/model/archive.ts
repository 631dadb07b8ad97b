// The shape of an archive: its data sources and its round-robin archives (RRAs), in rrdtool's terms.
// Data, not code: HAProxy's (haproxy.ts), processors and link probes get other data sources by another constant.
// Terms: rrdcreate(1). PDP = primary data point (one step), CDP = consolidated data point (several steps).

import type { HaproxyMode } from './haproxy.js';

/** Consolidation function of a round-robin archive. */
export type Cf = 'AVERAGE' | 'MAX';

/** One measured quantity. DERIVE is a counter kept as its rate per second; GAUGE is kept as read. */
export interface DataSource {
  readonly name: string;
  readonly kind: 'GAUGE' | 'DERIVE';
  /** Seconds of silence after which the quantity is unknown. */
  readonly heartbeatS: number;
}

/** One round-robin archive: `rows` rows, each consolidating `pdpPerRow` steps. */
export interface Rra {
  readonly pdpPerRow: number;
  readonly rows: number;
}

/** Seconds between two primary data points. */
export const stepS = 300;

/** Seconds of silence after which a data source is unknown. */
export const heartbeatS = 600;

/** The part of a consolidated row that may be unknown while the row is still known. */
export const xff = 0.5;

/** The consolidation functions; each has all of `rras`. */
export const cfs: readonly Cf[] = ['AVERAGE', 'MAX'];

/** 5 min for 100 days, 30 min for 100 days, 2 h for 200 days, 1 day for 797 days; finest first. */
export const rras: readonly Rra[] = [
  { pdpPerRow: 1, rows: 28800 },
  { pdpPerRow: 6, rows: 4800 },
  { pdpPerRow: 24, rows: 2400 },
  { pdpPerRow: 288, rows: 797 },
];

/** The data sources of every archive made from the kernel's table, in column order. */
export const ipvsDataSources: readonly DataSource[] = [
  { name: 'ActiveConn', kind: 'GAUGE', heartbeatS },
  { name: 'InActConn', kind: 'GAUGE', heartbeatS },
  { name: 'Conns', kind: 'DERIVE', heartbeatS },
  { name: 'InPkts', kind: 'DERIVE', heartbeatS },
  { name: 'OutPkts', kind: 'DERIVE', heartbeatS },
  { name: 'InBytes', kind: 'DERIVE', heartbeatS },
  { name: 'OutBytes', kind: 'DERIVE', heartbeatS },
];

/** The data sources of what the kernel counts of the director as a whole, and of each of its processors, in column order. */
export const counterDataSources: readonly DataSource[] = ipvsDataSources.filter(({ kind }) => kind === 'DERIVE');

/** The data sources of the connection table. */
export const tableDataSources: readonly DataSource[] = [
  { name: 'Size', kind: 'GAUGE', heartbeatS },
  { name: 'Entries', kind: 'GAUGE', heartbeatS },
];

/** Bytes of free disk below which no archive is made and nothing is drawn; those that exist go on. */
export const diskFloorBytes = 100 * 2 ** 20;

/**
 * What an archive is of, as last read from the table; totals, processors and the table of connections are of the director as its
 * kernel counts it. HAProxy's `status` is the word of its statistics (UP, DOWN, MAINT, OPEN, …), a `weight` null where it tells none.
 */
export type About =
  | { readonly kind: 'director' }
  | { readonly kind: 'service'; readonly scheduler: string; readonly flags: string }
  | { readonly kind: 'real-server'; readonly forwarding: string; readonly weight: number }
  | { readonly kind: 'totals' }
  | { readonly kind: 'processor' }
  | { readonly kind: 'connection-table' }
  | { readonly kind: 'haproxy-frontend' | 'haproxy-backend'; readonly mode: HaproxyMode; readonly status: string }
  | {
      readonly kind: 'haproxy-server';
      readonly mode: HaproxyMode;
      readonly status: string;
      readonly weight: number | null;
    };

/** An archive as `list` tells it. Times are epoch seconds. */
export interface ArchiveInfo {
  readonly name: string;
  readonly about: About;
  readonly dataSources: readonly DataSource[];
  /** Time of its first and of its newest reading. */
  readonly firstS: number;
  readonly lastS: number;
  /** Since when it has been missing from the table; null while it is there. */
  readonly goneS: number | null;
}

/** Time of the newest reading of any archive; 0 where there is none. One that a cycle could not read is behind it. */
export function newestReadingS(archives: Iterable<Pick<ArchiveInfo, 'lastS'>>): number {
  let newestS = 0;
  for (const { lastS } of archives) newestS = Math.max(newestS, lastS);
  return newestS;
}

// The shape of an archive: its data sources and its round-robin archives (RRAs), in rrdtool's terms.
// Which data sources an archive has, and what else depends on what it is of, is its kind's (kinds/).
// Terms: rrdcreate(1). PDP = primary data point (one step), CDP = consolidated data point (several steps).

import type { ImportedPart } from './imported-part.js';
import { ipvsMeasures } from './kinds/ipvs.js';
import type { Measure } from './kinds/kind.js';
import type { KnownKind } from './kinds/registry.js';
import { heartbeatOf, type Retention, standardRetention } from './retention.js';

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

/** The part of a consolidated row that may be unknown while the row is still known. */
export const xff = 0.5;

/** The consolidation functions; each has all round-robin archives. */
export const cfs: readonly Cf[] = ['AVERAGE', 'MAX'];

/** The heartbeat of standard archives, seconds; others have that of their retention (`withHeartbeat`). */
const standardHeartbeatS = heartbeatOf(standardRetention);

/** Measures as the data sources of standard archives. */
export function dataSourcesFrom(measures: readonly Measure[]): readonly DataSource[] {
  return measures.map(({ name, type }) => ({ name, kind: type, heartbeatS: standardHeartbeatS }));
}

/** The data sources of every archive made from the kernel's table, in column order. */
export const ipvsDataSources = dataSourcesFrom(ipvsMeasures);

/** Bytes of free disk below which no archive is made and nothing is drawn; those that exist go on. */
export const diskFloorBytes = 100 * 2 ** 20;

/** What an archive is of, as last read; which fields there are depends on its kind. */
export type About = ReturnType<KnownKind['aboutOf']>;

/** An archive as `list` tells it. Times are epoch seconds. */
export interface ArchiveInfo {
  readonly name: string;
  readonly about: About;
  readonly dataSources: readonly DataSource[];
  /** What it keeps, as do all archives of its data folder. */
  readonly retention: Retention;
  /** Time of its first and of its newest reading. */
  readonly firstS: number;
  readonly lastS: number;
  /** Since when it has been missing from the table; null while it is there. */
  readonly goneS: number | null;
  /** Missing where nothing of it was imported. */
  readonly imported?: ImportedPart;
}

/** Data sources as archives of that retention have them. */
export function withHeartbeat(sources: readonly DataSource[], retention: Retention): readonly DataSource[] {
  const heartbeatS = heartbeatOf(retention);
  return heartbeatS === standardHeartbeatS ? sources : sources.map((source) => ({ ...source, heartbeatS }));
}

/** Time of the newest reading of any archive; 0 where there is none. One that a cycle could not read is behind it. */
export function newestReadingS(archives: Iterable<Pick<ArchiveInfo, 'lastS'>>): number {
  let newestS = 0;
  for (const { lastS } of archives) newestS = Math.max(newestS, lastS);
  return newestS;
}
